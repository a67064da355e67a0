import { interpret, type Tensor } from '../../quantize/interpret.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';

/** One inference of a network. */
export interface NetworkRun {
  readonly quantized: QuantizedGraph;
  /** q, or float32 of float placeholders, by placeholder's name. */
  readonly inputs: ReadonlyMap<string, ArrayLike<number>>;
  /** What it finds of its states, by name. */
  readonly states: ReadonlyMap<string, ArrayLike<number>>;
  /** Names of the values that are wanted. */
  readonly values: readonly string[];
}

/** Values of an inference by name, those of them that the network has. */
export function interpretedValues({ quantized, inputs, states, values }: NetworkRun): Map<string, Tensor> {
  const found = new Map([...states].map(([name, state]) => [name, Int32Array.from(state)]));
  const all = interpret(quantized, inputs, found);
  const wanted = new Set(values);
  return new Map([...all].filter(([name]) => wanted.has(name)));
}
