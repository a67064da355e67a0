import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';

/** Most samples taken from one list of files and folders. */
export const MAX_SAMPLES = 100_000;

/** @returns the error for more samples than are taken */
export function tooMany(limit: number): UserError {
  return new UserError('usage', say`There are more than ${limit} samples.`, say`Give fewer.`);
}
