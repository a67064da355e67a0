import { UserError } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error.ts';

const LONGEST = 400;

/**
 * A UserError whose text may quote a file: control characters (they could drive a terminal) become '?', endless lists
 * and names are cut.
 */
export function refusal(code: ErrorCode, message: string, hint: string): UserError {
  return new UserError(code, printable(message), printable(hint));
}

/** Whether a text has characters that no name needs: controls, line and direction marks, halves of surrogate pairs. */
export function hasControls(text: string): boolean {
  return /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u.test(text);
}

function printable(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu, '?');
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST)} ….`;
}
