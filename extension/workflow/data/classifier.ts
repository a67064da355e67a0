import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { elements, type Graph } from '../../model/graph.ts';

/** Name and number of elements of the output that holds the confidences: the first one. */
export function classOutput(graph: Graph): { readonly name: string; readonly classes: number } {
  const name = graph.outputs[0];
  const value = name === undefined ? undefined : graph.values.get(name);
  if (!value) throw new UserError('model', say`The model has no output.`, say`Export it again.`);
  return { name: value.name, classes: elements(value.shape) };
}
