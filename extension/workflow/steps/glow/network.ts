import type { ModelEnds } from '../../../glow/verify.ts';
import type { FileEnds } from '../../../model/formats/format.ts';
import { elements, type Graph, shapeOf } from '../../../model/graph.ts';
import { isQuantizedAlready } from '../../../quantize/already.ts';

/** A model as Glow is told of it: by what goes in and out. */
export interface GlowNetwork extends FileEnds {
  /** Name of the network, as C takes it. */
  readonly name: string;
}

/** A model that the importer has read. */
export function networkOf(graph: Graph): GlowNetwork {
  const { name, inputs, outputs } = graph;
  const shaped = outputs.map((output) => ({ name: output, shape: shapeOf(graph, output) }));
  return { name, inputs, outputs: shaped, isQuantized: isQuantizedAlready(graph) };
}

/** A model's inputs and outputs, as those of a bundle are matched with them. */
export function endsOf({ inputs, outputs }: FileEnds): ModelEnds {
  const sized = (list: FileEnds['outputs']): ModelEnds['outputs'] =>
    list.map(({ name, shape }) => ({ name, elements: shape && elements(shape) }));
  return { inputs: sized(inputs), outputs: sized(outputs) };
}

/** The shape of an input or output; undefined where the model does not fix it. */
export function shapeOfEnd({ inputs, outputs }: FileEnds, name: string): readonly number[] | undefined {
  return [...inputs, ...outputs].find((v) => v.name === name)?.shape;
}
