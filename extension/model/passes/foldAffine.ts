import { pushAll } from '../../common/lists.ts';
import { isPadded } from '../window.ts';
import { elements, NO_CLAMP } from '../graph.ts';
import type {
  BinaryNode,
  Clamp,
  Constant,
  Conv2dNode,
  ConvTranspose2dNode,
  DenseNode,
  Graph,
  Node,
  Shape,
} from '../graph.ts';
import { broadcastOffsets, sameShape } from '../indexing.ts';
import { constantOperand, GraphEditor } from './editor.ts';

/**
 * Folds additions and multiplications by constants into the conv2d or dense before or behind them, where that is
 * exact: bias and BatchNormalization behind a layer, scaling in front of one, an offset in front of a layer that has
 * no padding. Repeats until nothing folds.
 */
export function foldAffine(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  const todo = [...graph.nodes].reverse();
  for (let node = todo.pop(); node; node = todo.pop()) {
    if (!editor.holds(node) || !isAffine(node)) continue;
    const made = foldBehind(editor, node) ?? foldBefore(editor, node);
    if (!made) continue;
    // The layer may now take what stands behind or before the folded operation too.
    const before = editor.producer(made.inputs[0]!);
    pushAll(todo, editor.consumers(made.output));
    if (before) todo.push(before);
  }
  return editor.finish();
}

/** A sum or a product, of which one operand may be constant. */
interface AffineNode extends BinaryNode {
  readonly kind: 'add' | 'mul';
}

export function isAffine(node: Node): node is AffineNode {
  return node.kind === 'add' || node.kind === 'mul';
}

/** layer → node: into the weights and bias of the layer before. */
function foldBehind(editor: GraphEditor, node: AffineNode): Node | undefined {
  const operand = constantOperand(editor, node);
  if (!operand || !editor.isPrivate(operand.value)) return undefined;
  const layer = editor.producer(operand.value);
  if (layer?.kind !== 'conv2d' && layer?.kind !== 'convTranspose2d' && layer?.kind !== 'dense')
    return undefined;
  if (!isUnclamped(layer.clamp)) return undefined;
  const shape = editor.shapeOf(layer.output);
  const outputs = layer.bias.length;
  const c = perChannel(operand.constant, shape, outputs);
  if (!c || !sameShape(editor.shapeOf(node.output), shape)) return undefined;
  let { weights, bias } = layer;
  let given = 'given' in layer ? layer.given : undefined;
  if (given) given = { scales: given.scales };
  if (node.kind === 'add') {
    bias = bias.map((b, m) => b + c[m]!);
  } else {
    const size = weights.length / outputs;
    weights = weights.map((w, i) => w * c[Math.floor(i / size)]!);
    bias = bias.map((b, m) => b * c[m]!);
    const { scales } = given ?? {};
    if (scales) given = { scales: Array.from(c, (v, m) => unitOf(v) * (scales[m] ?? scales[0]!)) };
  }
  const folded = { ...layer, weights, bias, clamp: node.clamp, output: node.output, ...(given && { given }) };
  editor.replace(layer);
  editor.replace(node, folded);
  return folded;
}

/** What a factor does to the scale of weights: a sign is theirs, and where all of them become 0 any scale is right. */
function unitOf(factor: number): number {
  return factor === 0 ? 1 : Math.abs(factor);
}

/** node → layer: into the weights (mul) or the bias (add) of the layer behind. */
function foldBefore(editor: GraphEditor, node: AffineNode): Node | undefined {
  const operand = constantOperand(editor, node);
  if (!operand || !editor.isPrivate(node.output) || !isUnclamped(node.clamp)) return undefined;
  const shape = editor.shapeOf(node.output);
  if (!sameShape(editor.shapeOf(operand.value), shape)) return undefined;
  const layer = editor.consumers(node.output)[0]!;
  // a layer's integers stay as its file has them
  if ('given' in layer && layer.given) return undefined;
  let folded: Convolution | DenseNode | undefined;
  if (layer.kind === 'dense') {
    folded = foldBeforeDense(layer, node.kind, spread(operand.constant, shape));
  } else if (layer.kind === 'conv2d' || layer.kind === 'convTranspose2d') {
    const c = perChannel(operand.constant, shape, shape.at(-1)!);
    if (c) folded = foldBeforeConv(layer, node.kind, c);
  }
  if (!folded) return undefined;
  editor.replace(layer, { ...folded, inputs: [operand.value] });
  editor.replace(node);
  return editor.producer(folded.output);
}

function foldBeforeDense(layer: DenseNode, kind: 'add' | 'mul', c: Float32Array): DenseNode {
  const { weights, bias } = layer;
  const n = c.length;
  if (kind === 'mul') return { ...layer, weights: weights.map((w, i) => w * c[i % n]!) };
  return { ...layer, bias: bias.map((b, m) => c.reduce((sum, v, i) => sum + v * weights[m * n + i]!, b)) };
}

type Convolution = Conv2dNode | ConvTranspose2dNode;

function foldBeforeConv(layer: Convolution, kind: 'add' | 'mul', c: Float32Array): Convolution | undefined {
  const { weights, bias, groups, kernel } = layer;
  const perGroup = c.length / groups;
  const outPerGroup = bias.length / groups;
  const size = kernel[0] * kernel[1] * perGroup;
  const channelOf = (i: number) => Math.floor(i / size / outPerGroup) * perGroup + (i % perGroup);
  if (kind === 'mul') return { ...layer, weights: weights.map((w, i) => w * c[channelOf(i)]!) };
  // Padding is zero, not zero + c; and the taps that count for an output of a transposed convolution differ.
  if (layer.kind === 'convTranspose2d' || isPadded(layer)) return undefined;
  const offset = new Float64Array(bias.length);
  for (let i = 0; i < weights.length; i++) offset[Math.floor(i / size)]! += weights[i]! * c[channelOf(i)]!;
  return { ...layer, bias: bias.map((b, m) => b + offset[m]!) };
}

export function isUnclamped(clamp: Clamp): boolean {
  return clamp.min === NO_CLAMP.min && clamp.max === NO_CLAMP.max;
}

/**
 * The constant as one number per channel of `shape` (its last dimension, of size `channels`); undefined when it
 * differs along another dimension or broadcasts `shape` to more elements.
 */
export function perChannel(constant: Constant, shape: Shape, channels: number): Float32Array | undefined {
  if (shape.at(-1) !== channels) return undefined;
  const n = constant.data.length;
  if (n === 1) return new Float32Array(channels).fill(constant.data[0]!);
  if (n !== channels || constant.shape.at(-1) !== channels || constant.shape.length > shape.length)
    return undefined;
  return constant.data;
}

/** The constant broadcast to all elements of `shape`. */
function spread(constant: Constant, shape: Shape): Float32Array {
  if (constant.data.length === elements(shape)) return constant.data;
  return Float32Array.from(broadcastOffsets(constant.shape, shape), (i) => constant.data[i]!);
}
