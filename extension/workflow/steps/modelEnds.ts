import type { ModelEnds } from '../../glow/verify.ts';
import { elements, type Graph, shapeOf } from '../../model/graph.ts';

/** A graph's inputs and outputs, as Glow's results are matched with them. */
export function endsOf(graph: Graph): ModelEnds {
  return {
    inputs: graph.inputs.map((v) => ({ name: v.name, elements: elements(v.shape) })),
    outputs: graph.outputs.map((name) => ({ name, elements: elements(shapeOf(graph, name)) })),
  };
}
