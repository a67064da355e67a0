import type { DrawnKind } from '../../../webview/shared/pictures/graph.ts';
import type { ActivationFunction, FunctionStep } from '../../model/functions.ts';
import {
  shapeOf,
  type Clamp,
  type GatherNode,
  type Graph,
  type Node,
  type RecurrentNode,
} from '../../model/graph.ts';
import type { QNode, QuantizedGraph } from '../../quantize/quantizedGraph.ts';

/** What an operator is called in reports and drawings, such as `Conv2D 3×3 stride 2 + ReLU`. */
export function operatorText(node: Node, graph: Graph): string {
  switch (node.kind) {
    case 'conv2d': {
      const inChannels = shapeOf(graph, node.inputs[0]!).at(-1)!;
      const kind =
        node.groups === 1 ? 'Conv2D' : node.groups === inChannels ? 'DepthwiseConv2D' : 'GroupedConv2D';
      return `${kind} ${windowText(node)}${clampText(node.clamp)}`;
    }
    case 'convTranspose2d':
      return `ConvTranspose2D ${windowText(node)}${clampText(node.clamp)}`;
    case 'dense':
      return `Dense ${node.bias.length}${clampText(node.clamp)}`;
    case 'maxpool':
      return `MaxPool ${windowText(node)}`;
    case 'avgpool': {
      const [, height, width] = shapeOf(graph, node.inputs[0]!);
      const whole = node.kernel[0] === height && node.kernel[1] === width;
      return whole ? 'GlobalAveragePool' : `AveragePool ${windowText(node)}`;
    }
    case 'activation':
      return activationText(node.fn);
    case 'softmax':
      return 'Softmax';
    case 'logSoftmax':
      return 'LogSoftmax';
    case 'normalize':
      return 'Normalize';
    case 'position':
      return node.of === 'max' ? 'ArgMax' : 'ArgMin';
    case 'add':
    case 'mul':
    case 'sub':
    case 'div':
    case 'max':
    case 'min':
    case 'prelu':
      return `${capitalized(node.kind)}${clampText(node.clamp)}`;
    case 'concat':
      return 'Concat';
    case 'pad':
      return 'Pad';
    case 'reshape':
      return 'Reshape';
    case 'transpose':
      return 'Transpose';
    case 'gather':
      return gatherText(node);
    case 'resize':
      return `Resize ${node.rows.low.length}\u00d7${node.columns.low.length}`;
    case 'recurrent':
      return recurrentText(node);
  }
}

/** Slices are told from what picks elements in any other order. */
function gatherText({ indices }: GatherNode): string {
  const isSlice = indices.every((list) =>
    list.every((v, i) => v - list[0]! === i * ((list[1] ?? 0) - list[0]!)),
  );
  return isSlice ? 'Slice' : 'Gather';
}

/** The same for a quantized node that has no float node of the same output. */
function quantizedOperatorText(node: QNode): string {
  switch (node.kind) {
    case 'conv2d':
      return `Conv2D ${windowText(node)}`;
    case 'dense':
      return `Dense ${node.outChannels}`;
    case 'maxpool':
      return `MaxPool ${windowText(node)}`;
    case 'avgpool':
      return `AveragePool ${windowText(node)}`;
    case 'lookup':
    case 'interpolate':
    case 'rescale':
    case 'tfliteSigmoid':
      return capitalized(node.function);
    case 'tfliteLstm':
      return `LSTM ${node.units}`;
    case 'tfliteSvdf':
      return `SVDF ${node.bias.length}`;
    default:
      return capitalized(node.kind);
  }
}

function recurrentText({ cell, units, backward }: RecurrentNode): string {
  const name = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' }[cell];
  return `${name} ${units}${backward ? ' backward' : ''}`;
}

function windowText(node: {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
}): string {
  const pair = ([a, b]: readonly [number, number]): string => (a === b ? String(a) : `${a}\u00d7${b}`);
  const [height, width] = node.kernel;
  const stride = node.strides.some((s, i) => s !== 1 && s !== node.kernel[i])
    ? ` stride ${pair(node.strides)}`
    : '';
  const dilation = node.dilations.some((d) => d !== 1) ? ` dilation ${pair(node.dilations)}` : '';
  return `${height}\u00d7${width}${stride}${dilation}`;
}

function clampText({ min, max }: Clamp): string {
  if (min === -Infinity && max === Infinity) return '';
  return ` + ${clipName(min, max)}`;
}

function clipName(min: number, max: number): string {
  if (min === 0 && max === Infinity) return 'ReLU';
  if (min === 0 && max === 6) return 'ReLU6';
  return `Clip ${min} to ${max}`;
}

function activationText(fn: ActivationFunction): string {
  if (fn.type === 'clip') return clipName(fn.min, fn.max);
  if (fn.type === 'leakyRelu') return `LeakyReLU ${fn.alpha}`;
  if (fn.type === 'composed') return fn.steps.map(stepText).join(' + ');
  return capitalized(fn.type);
}

function stepText(step: FunctionStep): string {
  return 'fn' in step ? activationText(step.fn) : capitalized(step.pair);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Colour family of an operator. */
export function drawnKind(kind: Node['kind'] | QNode['kind']): DrawnKind {
  switch (kind) {
    case 'conv2d':
    case 'convTranspose2d':
      return 'convolution';
    case 'dense':
    case 'recurrent':
    case 'tfliteLstm':
    case 'tfliteSvdf':
      return 'dense';
    case 'maxpool':
    case 'avgpool':
      return 'pool';
    case 'activation':
    case 'softmax':
    case 'logSoftmax':
    case 'normalize':
    case 'lookup':
    case 'interpolate':
    case 'rescale':
    case 'tfliteSoftmax':
    case 'tfliteSoftmax16':
    case 'tfliteSigmoid':
      return 'activation';
    case 'add':
    case 'mul':
    case 'sub':
    case 'div':
    case 'max':
    case 'min':
    case 'prelu':
      return 'arithmetic';
    default:
      return 'shape';
  }
}

/** Weights and biases of a node, and the constants it reads. */
export function nodeParameters(node: Node, graph: Graph): number {
  return node.inputs.reduce(
    (n, name) => n + (graph.constants.get(name)?.data.length ?? 0),
    ownParameters(node),
  );
}

function ownParameters(node: Node): number {
  if (!('weights' in node)) return 0;
  const own = node.weights.length + node.bias.length;
  return node.kind === 'recurrent' ? own + node.recurrentWeights.length + node.recurrentBias.length : own;
}

/** The float node that computes the same value as a quantized one. */
export function floatNodes(graph: Graph): ReadonlyMap<string, Node> {
  return new Map(graph.nodes.map((node) => [node.output, node]));
}

/** Operator text of every node of the quantized graph, by the value it computes. */
export function quantizedOperators(graph: Graph, quantized: QuantizedGraph): ReadonlyMap<string, string> {
  const floats = floatNodes(graph);
  return new Map(
    quantized.nodes.map((node) => {
      const float = floats.get(node.output);
      return [node.output, float ? operatorText(float, graph) : quantizedOperatorText(node)];
    }),
  );
}
