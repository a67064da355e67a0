import { checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import type { FileEnds } from '../format.ts';
import { readTflite } from './model.ts';
import { quantizedOperator } from './network.ts';

/**
 * What goes in and out of a TensorFlow Lite model; an open batch is 1.
 * @throws UserError as `readTflite` does; 'model' when a name is none
 */
export function tfliteEnds(bytes: Uint8Array): FileEnds {
  const network = readTflite(bytes).subgraphs[0]!;
  const ends = (list: readonly number[]) =>
    list.map((k) => ({ name: network.tensors[k]!.name, shape: network.tensors[k]!.shape }));
  const [inputs, outputs] = [ends(network.inputs), ends(network.outputs)];
  checkNames([...inputs, ...outputs].map((v) => v.name));
  checkInputNames(inputs.map((v) => v.name));
  checkOutputNames(outputs.map((v) => v.name));
  return { inputs, outputs, isQuantized: quantizedOperator(network) !== undefined };
}
