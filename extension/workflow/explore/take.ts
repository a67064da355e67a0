import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { Exploration } from './explored.ts';

/**
 * The choices of a port that is made with a variant.
 * @param number as the exploration numbers it
 * @throws UserError `usage` when there is no such variant, or it cannot be quantized
 */
export function takenChoices({ choices, variants }: Exploration, number: number): PortChoices {
  requireVariant(number, variants.length);
  const taken = variants.find((v) => v.number === number)!;
  if ('refusal' in taken.outcome) {
    throw new UserError(
      'usage',
      say`Variant ${number} cannot be: ${taken.outcome.refusal.sentence}`,
      say`Choose another one.`,
    );
  }
  const { quantization, weights } = taken.variant;
  return { ...choices, quantization, weights };
}

/** @throws UserError `usage` when there is no variant of a number */
export function requireVariant(number: number, variants: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= variants) return;
  throw new UserError('usage', say`There is no variant ${number}.`, say`Choose one from 1 to ${variants}.`);
}

/** An exploration after this variant has become what is chosen. */
export function withChosen(exploration: Exploration, number: number): Exploration {
  const variants = exploration.variants.map((v) => ({ ...v, isChosen: v.number === number }));
  return { ...exploration, choices: takenChoices(exploration, number), variants };
}
