import { elements, shapeOf } from './graph.ts';
import type { Graph, Node } from './graph.ts';

/**
 * Multiply-accumulates of a node: outputs times window for convolutions, outputs times inputs for dense layers, one an
 * element for multiplications by mul. Additions, maxima and table lookups count nothing.
 */
export function macsOf(graph: Graph, node: Node): number {
  const out = elements(shapeOf(graph, node.output));
  switch (node.kind) {
    case 'conv2d':
      return (out / node.bias.length) * node.weights.length;
    case 'dense':
      return node.weights.length;
    case 'mul':
      return out;
    default:
      return 0;
  }
}
