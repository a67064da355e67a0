import { UserError } from '../../../../common/error.ts';
import { say } from '../../../../common/errors/sentence.ts';
import { LIMITS } from '../../../import/limits.ts';
import { HDF5_LIMITS } from './limits.ts';

/** What reading a file may cost in all: structures that lead to each other in circles end here. */
export class Budget {
  #steps = 0;
  #textBytes = 0;
  #elements = 0;

  /** One structure more. */
  step(): void {
    if (++this.#steps > HDF5_LIMITS.steps) throw tooLarge();
  }

  /** Bytes of names and texts. */
  text(bytes: number): void {
    this.#textBytes += bytes;
    if (this.#textBytes > HDF5_LIMITS.textBytes) throw tooLarge();
  }

  /** Elements of a dataset, or of its chunks. */
  spend(elements: number): void {
    this.#elements += elements;
    if (this.#elements > 2 * LIMITS.totalElements) throw tooLarge();
  }
}

function tooLarge(): UserError {
  return new UserError(
    'input',
    say`The HDF5 file holds more than a model for a microcontroller needs.`,
    say`Choose a model made for a microcontroller.`,
  );
}
