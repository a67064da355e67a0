import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { elements, type Graph, type Value } from '../../model/graph.ts';

/** The only input of a model that takes one picture. @throws UserError `model` when it has several */
export function onlyInput({ inputs }: Pick<Graph, 'inputs'>): Value {
  const [input, second] = inputs;
  if (!input || second) {
    throw new UserError(
      'model',
      say`The model has ${inputs.length} inputs; images can only feed a model with one.`,
      say`Export the part of the model that takes one picture.`,
    );
  }
  return input;
}

/** Name and number of elements of the output that holds the confidences: the first one. */
export function classOutput(graph: Graph): { readonly name: string; readonly classes: number } {
  const name = graph.outputs[0];
  const value = name === undefined ? undefined : graph.values.get(name);
  if (!value) throw new UserError('model', say`The model has no output.`, say`Export it again.`);
  return { name: value.name, classes: elements(value.shape) };
}
