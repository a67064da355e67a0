import { say } from '../../common/errors/sentence.ts';
import { LIMITS } from './limits.ts';
import { tooLarge } from './refusal.ts';

/** Counts the constants an import makes: a few shared weights could become any number of copies. */
export class ConstantBudget {
  #elements = 0;

  /** @throws UserError 'model' when all constants together exceed LIMITS.totalElements */
  spend(count: number): void {
    this.#elements += count;
    if (this.#elements <= LIMITS.totalElements) return;
    throw tooLarge(
      say`The model's constants and weights have more than ${LIMITS.totalElements} elements together.`,
    );
  }
}
