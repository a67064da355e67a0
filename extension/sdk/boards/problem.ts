import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

/** A board whose files do not say a fact that firmware for it needs. */
export function notFound(board: string, what: Sentence, file: string): UserError {
  return new UserError(
    'input',
    say`${board} cannot be built for: ${what} is not found in ${file} of the SDK.`,
    {
      do: 'getSdk',
      board,
    },
  );
}
