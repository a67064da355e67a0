import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

/** Of a file that contradicts itself. @param what the sentence without its full stop */
export function damaged(what: Sentence): UserError {
  return new UserError('model', say`${what}.`, say`Export the model again: the file is damaged.`);
}

/** Of a model beyond LIMITS. */
export function tooLarge(what: Sentence): UserError {
  return new UserError('model', what, say`Choose a model made for a microcontroller.`);
}

/** What helps where one sample is computed, and the model has several. */
export const BATCH_OF_ONE = say`Export the model with batch 1, or with a symbolic batch.`;
