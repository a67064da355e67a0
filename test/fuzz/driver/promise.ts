import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { hasControls } from '../../../extension/common/errors/printable.ts';
import { english } from '../../../extension/common/errors/sentence.ts';

/** Longest sentence, in UTF-16 units: a few values, each cut by `printable`. */
const LONGEST_SENTENCE = 4000;
/** Longest detail: what a tool printed. */
const LONGEST_DETAIL = 1 << 20;

/**
 * Does what reads bytes that nobody vouches for. It ends with a value or with a UserError for users to read; any other
 * exception is a finding.
 * @returns undefined when it was refused
 */
export async function valueOrRefusal<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    checkRefusal(e);
    return undefined;
  }
}

/** One sentence in plain characters, of a length that a notification shows; the same for what helps. */
function checkRefusal(e: UserError): void {
  checkSentence(e.message);
  for (const remedy of e.remedies) if (remedy.do === 'advice') checkSentence(english(remedy.sentence));
  assert.ok((e.detail?.length ?? 0) <= LONGEST_DETAIL, `a detail of ${e.detail?.length} characters`);
  assert.notEqual(e.code, 'cancelled', 'nobody cancelled it');
}

function checkSentence(text: string): void {
  assert.ok(
    text.length <= LONGEST_SENTENCE,
    `a sentence of ${text.length} characters: ${text.slice(0, 200)}`,
  );
  assert.ok(!hasControls(text), `controls in a sentence: ${JSON.stringify(text)}`);
  assert.match(text, /[.:]["”)]?$/, 'a sentence ends');
  assert.doesNotMatch(
    text,
    /\bat .*\.ts:\d+|\bundefined\b.*\bundefined\b|\[object Object\]/,
    'no stack, no leftovers',
  );
}
