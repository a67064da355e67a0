import type { FileEnds } from '../format.ts';
import { readTflite } from './model.ts';
import { networkOf, quantizedOperator } from './network.ts';

/**
 * What goes in and out of a TensorFlow Lite model; an open batch is 1.
 * @throws UserError as `readTflite` and `networkOf` do
 */
export function tfliteEnds(bytes: Uint8Array): FileEnds {
  const network = networkOf(readTflite(bytes));
  const ends = (list: readonly number[]) =>
    list.map((k) => ({ name: network.tensors[k]!.name, shape: network.tensors[k]!.shape }));
  return {
    inputs: ends(network.inputs),
    outputs: ends(network.outputs),
    isQuantized: quantizedOperator(network) !== undefined,
  };
}
