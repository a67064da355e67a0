import { elements, shapeOf } from './graph.ts';
import type { Graph, Node, PoolNode } from './graph.ts';
import { allTaps, type Axis } from './window.ts';

/**
 * Multiply-accumulates of a node: outputs times window for convolutions (inputs times window for transposed ones), outputs times inputs
 * for dense layers, both matrices of every time step for recurrent ones, one an element for multiplications by mul, one a neighbour for
 * interpolations. Additions, maxima and table lookups count nothing.
 */
export function macsOf(graph: Graph, node: Node): number {
  const out = elements(shapeOf(graph, node.output));
  switch (node.kind) {
    case 'conv2d':
      return (out / node.bias.length) * node.weights.length;
    case 'convTranspose2d': {
      const [, height, width] = shapeOf(graph, node.inputs[0]!);
      return height! * width! * node.weights.length;
    }
    case 'dense':
      return node.weights.length;
    case 'mul':
      return out;
    case 'recurrent': {
      const steps = shapeOf(graph, node.inputs[0]!)[1]!;
      return steps * (node.weights.length + node.recurrentWeights.length);
    }
    case 'resize':
      return 4 * out;
    default:
      return 0;
  }
}

/**
 * What evaluating a node takes: its multiply-accumulates, the elements under every window of a pooling, and one operation for
 * each element that it reads or writes.
 */
export function operationsOf(graph: Graph, node: Node): number {
  const moved = [...node.inputs, node.output].reduce((n, name) => n + elements(shapeOf(graph, name)), 0);
  const pooled = node.kind === 'maxpool' || node.kind === 'avgpool' ? pooledElements(graph, node) : 0;
  return moved + pooled + macsOf(graph, node);
}

function pooledElements(graph: Graph, node: PoolNode): number {
  const from = shapeOf(graph, node.inputs[0]!);
  const to = shapeOf(graph, node.output);
  const along = (axis: Axis): number =>
    allTaps(node, axis, to[axis + 1]!, from[axis + 1]!).reduce((n, taps) => n + taps.to - taps.from, 0);
  return along(0) * along(1) * to[3]!;
}
