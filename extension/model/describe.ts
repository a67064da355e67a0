import { elements, shapeOf } from './graph.ts';
import type { Clamp, Graph, Node, Shape } from './graph.ts';

/** One node as `inspect` and the layer report show it. */
export interface NodeDescription {
  readonly name: string;
  readonly kind: Node['kind'];
  readonly inputs: readonly string[];
  readonly output: string;
  /** Shape of the first operand. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** What sets this node apart, for people: "3x3, stride 2, 4 groups, clamp 0..6". */
  readonly details: string;
  /** Multiply-accumulates of one inference, those on padding included; 0 for nodes that do not multiply. */
  readonly macs: number;
  /** Weights and biases. */
  readonly parameters: number;
}

/** One tensor of the graph. */
export interface TensorDescription {
  readonly name: string;
  readonly shape: Shape;
  readonly elements: number;
  readonly role: 'input' | 'output' | 'activation' | 'constant';
  /** Name of the node that computes it; undefined for inputs and constants. */
  readonly producer: string | undefined;
  /** Names of the nodes that read it. */
  readonly consumers: readonly string[];
}

export interface GraphDescription {
  readonly name: string;
  readonly nodes: readonly NodeDescription[];
  readonly tensors: readonly TensorDescription[];
  /** Sums over the nodes; parameters include constant operands. */
  readonly macs: number;
  readonly parameters: number;
}

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

/** Weights and biases that live in a node. */
export function parametersOf(node: Node): number {
  return node.kind === 'conv2d' || node.kind === 'dense' ? node.weights.length + node.bias.length : 0;
}

/** The graph as numbers and words: nodes with MACs and parameters, all tensors, sums. */
export function describeGraph(graph: Graph): GraphDescription {
  const nodes = graph.nodes.map((node) => ({
    name: node.name,
    kind: node.kind,
    inputs: node.inputs,
    output: node.output,
    inputShape: shapeOf(graph, node.inputs[0]!),
    outputShape: shapeOf(graph, node.output),
    details: detailsOf(node),
    macs: macsOf(graph, node),
    parameters: parametersOf(node),
  }));
  const constants = [...graph.constants.values()];
  return {
    name: graph.name,
    nodes,
    tensors: describeTensors(graph),
    macs: nodes.reduce((n, d) => n + d.macs, 0),
    parameters:
      nodes.reduce((n, d) => n + d.parameters, 0) + constants.reduce((n, c) => n + c.data.length, 0),
  };
}

function describeTensors(graph: Graph): TensorDescription[] {
  const producers = new Map(graph.nodes.map((n) => [n.output, n.name]));
  const consumers = new Map<string, string[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(node.inputs)) consumers.set(name, [...(consumers.get(name) ?? []), node.name]);
  }
  const inputs = new Set(graph.inputs.map((i) => i.name));
  const outputs = new Set(graph.outputs);
  const roleOf = (name: string) => (inputs.has(name) ? 'input' : outputs.has(name) ? 'output' : 'activation');
  const describe = (name: string, shape: Shape, role: TensorDescription['role']): TensorDescription => ({
    name,
    shape,
    elements: elements(shape),
    role,
    producer: producers.get(name),
    consumers: consumers.get(name) ?? [],
  });
  return [
    ...[...graph.values.values()].map((v) => describe(v.name, v.shape, roleOf(v.name))),
    ...[...graph.constants.values()].map((c) => describe(c.name, c.shape, 'constant')),
  ];
}

function detailsOf(node: Node): string {
  switch (node.kind) {
    case 'conv2d':
      return join(windowOf(node), node.groups > 1 ? `${node.groups} groups` : '', clampOf(node.clamp));
    case 'maxpool':
      return windowOf(node);
    case 'avgpool':
      return join(windowOf(node), node.countIncludePad ? 'padding counts' : '');
    case 'dense':
    case 'add':
    case 'mul':
      return clampOf(node.clamp);
    case 'activation': {
      const { fn } = node;
      if (fn.type === 'clip') return clampOf(fn);
      return fn.type === 'leakyRelu' ? `leakyRelu ${fn.alpha}` : fn.type;
    }
    case 'concat':
      return `axis ${node.axis}`;
    case 'pad':
      return join(node.pads.map(([a, b]) => `${a}+${b}`).join(' '), `with ${node.value}`);
    case 'transpose':
      return node.perm.join(' ');
    case 'softmax':
    case 'reshape':
      return '';
  }
}

function windowOf(node: Extract<Node, { kernel: unknown }>): string {
  const [sy, sx] = node.strides;
  const [dy, dx] = node.dilations;
  const { top, left, bottom, right } = node.pads;
  return join(
    node.kernel.join('x'),
    sy === sx ? (sy === 1 ? '' : `stride ${sy}`) : `stride ${sy}x${sx}`,
    dy === 1 && dx === 1 ? '' : `dilation ${dy}x${dx}`,
    top + left + bottom + right === 0 ? '' : `pads ${top} ${left} ${bottom} ${right}`,
  );
}

function clampOf({ min, max }: Clamp): string {
  if (min === -Infinity && max === Infinity) return '';
  if (min === 0 && max === Infinity) return 'ReLU';
  return `clamp ${min}..${max}`;
}

function join(...parts: readonly string[]): string {
  return parts.filter((p) => p !== '').join(', ');
}
