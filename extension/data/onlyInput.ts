import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';

/**
 * The only input of a model that is fed with pictures, or with sound.
 * @param help what to do instead @param fed what it is fed with
 * @throws UserError `model` when it has several, or none
 */
export function onlyInput<T>(
  inputs: readonly T[],
  help: Sentence = say`Export the part of the model that takes one picture.`,
  fed: Sentence = say`a picture`,
): T {
  const [input, second] = inputs;
  if (input !== undefined && second === undefined) return input;
  throw new UserError(
    'model',
    say`The model has ${inputs.length} inputs; ${fed} can only feed a model with one.`,
    help,
  );
}
