import { elements, shapeOf } from './graph.ts';
import type { Clamp, Graph, Node, Shape } from './graph.ts';
import { conv2d } from './evaluate/conv2d.ts';
import { convTranspose2d } from './evaluate/convTranspose2d.ts';
import { dense } from './evaluate/dense.ts';
import { pool } from './evaluate/pool.ts';
import { activation, binary, softmax } from './evaluate/elementwise.ts';
import { concat, gather, pad, transpose } from './evaluate/move.ts';
import { recurrent, type ObserveInner } from './evaluate/recurrent.ts';
import { positions } from './evaluate/position.ts';
import { resize } from './evaluate/resize.ts';
import { logSoftmax, normalize } from './evaluate/rows.ts';
import type { Floats } from './evaluate/states.ts';
import type { Tensor } from './evaluate/tensor.ts';

/**
 * Computes one node. Sums run in double precision and are rounded to float32 once, so results lie at least as close
 * to the exact ones as a float32 runtime's do.
 *
 * @param inputs the node's operands in its own order; those of a recurrent layer's state are brought up to date
 * @param outShape the shape of the node's output
 * @param observe is told what stays inside of the node
 */
export function evaluateNode(
  node: Node,
  inputs: readonly Tensor[],
  outShape: Shape,
  observe?: ObserveInner,
): Float32Array {
  const x = inputs[0]!;
  switch (node.kind) {
    case 'conv2d':
      return clamped(conv2d(node, x, outShape), node.clamp);
    case 'convTranspose2d':
      return clamped(convTranspose2d(node, x, outShape), node.clamp);
    case 'dense':
      return clamped(dense(node, x), node.clamp);
    case 'maxpool':
    case 'avgpool':
      return pool(node, x, outShape);
    case 'activation':
      return activation(node.fn, x.data);
    case 'softmax':
      return softmax(x);
    case 'logSoftmax':
      return logSoftmax(x);
    case 'normalize':
      return normalize(node, x);
    case 'position':
      return positions(node, x.data, x.shape.at(-1)!);
    case 'add':
    case 'mul':
    case 'sub':
    case 'div':
    case 'max':
    case 'min':
    case 'prelu':
      return clamped(binary(node.kind, x, inputs[1]!, outShape), node.clamp);
    case 'concat':
      return concat(inputs, node.axis, outShape);
    case 'pad':
      return pad(x, node.pads, node.value, outShape);
    case 'reshape':
      return x.data;
    case 'transpose':
      return transpose(x, node.perm);
    case 'gather':
      return gather(x, node.indices);
    case 'resize':
      return resize(node, x, outShape);
    case 'recurrent':
      return recurrent(node, inputs, observe);
  }
}

/**
 * Runs the graph in float32.
 *
 * @param inputs one array per graph input, in the input's declared shape and row-major order
 * @param states what the inference before left (statesAfter); left out, it is the first one
 * @returns every value of the graph (inputs, states and node outputs) by name; reshapes share their operand's array
 * @throws Error when an input is missing or has the wrong number of elements (the caller's bug)
 */
export function evaluate(graph: Graph, inputs: Floats, states?: Floats): Map<string, Float32Array> {
  const steps = evaluateStepwise(graph, inputs, undefined, states);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `evaluate`, a node a step, for callers that must let others run in between. `observe` is told what stays inside of nodes. */
export function* evaluateStepwise(
  graph: Graph,
  inputs: Floats,
  observe?: ObserveInner,
  states?: Floats,
): Generator<void, Map<string, Float32Array>> {
  const results = new Map<string, Float32Array>();
  for (const { name, initial } of graph.states) results.set(name, (states?.get(name) ?? initial).slice());
  for (const { name, shape } of graph.inputs) {
    const data = inputs.get(name);
    if (!data) throw new Error(`evaluate: no data for input '${name}'`);
    if (data.length !== elements(shape)) {
      throw new Error(
        `evaluate: input '${name}' has ${data.length} elements, [${shape}] needs ${elements(shape)}`,
      );
    }
    results.set(name, data);
  }
  for (const node of graph.nodes) {
    const operands = node.inputs.map((name) => ({
      shape: shapeOf(graph, name),
      data: (results.get(name) ?? graph.constants.get(name)?.data)!,
    }));
    results.set(node.output, evaluateNode(node, operands, shapeOf(graph, node.output), observe));
    yield;
  }
  return results;
}

/** Applies a fused clamp in place. */
function clamped(data: Float32Array, { min, max }: Clamp): Float32Array {
  if (min === -Infinity && max === Infinity) return data;
  for (let i = 0; i < data.length; i++) {
    const v = data[i]!;
    data[i] = v < min ? min : v > max ? max : v;
  }
  return data;
}
