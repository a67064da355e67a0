import { UserError } from '../common/error.ts';
import { rendered, type Sentence, type Translate } from '../common/errors/sentence.ts';
import { adviceOf } from './remedies.ts';

/** The one way from a sentence to text in VS Code; messages.ts keeps what stands in it from becoming a link there. */
export function inWords(sentence: Sentence, translate: Translate): string {
  return rendered(sentence, translate);
}

/** An error as messages, pages and the log show it: what went wrong, and what to do; of what is no UserError its own words. */
export function told(error: unknown, translate: Translate): { message: string; hint: string } {
  if (!(error instanceof UserError)) {
    return { message: error instanceof Error ? error.message : String(error), hint: '' };
  }
  return {
    message: inWords(error.sentence, translate),
    hint: error.remedies.map((remedy) => inWords(adviceOf(remedy), translate)).join(' '),
  };
}
