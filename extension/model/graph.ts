import type { ActivationFunction, PairFunction } from './functions.ts';
import type { GivenParams } from './params.ts';
import type { Window } from './window.ts';

/**
 * The intermediate representation that importers produce and everything after them reads.
 *
 * Conventions: static shapes, activations float32. Maps that windows walk over are NHWC of one sample ([1, height, width, channels]), and
 * recurrent layers read one sample, [1, time, features]; the first dimension of other values is one like the others. Every node has one output. Nodes stand in topological order.
 */
export type Shape = readonly number[];

/** Number of elements of a shape. */
export function elements(shape: Shape): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** A value that flows between nodes: a graph input or a node's output. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  /** Scale and zero point that the model file itself gives to it; undefined where it has real numbers there. */
  readonly params?: GivenParams;
}

/** A constant operand of add, mul or concat (weights of conv2d and dense live in their nodes). */
export interface Constant extends Value {
  readonly data: Float32Array;
}

/** Clamp fused behind an operator, in real units; {-Infinity, Infinity} when there is none, {0, Infinity} for ReLU. */
export interface Clamp {
  readonly min: number;
  readonly max: number;
}

export const NO_CLAMP: Clamp = { min: -Infinity, max: Infinity };

interface NodeBase {
  /** Unique, from the model file where it has one; used in reports and C comments. */
  readonly name: string;
  /** Names of values or constants, in the operator's order. */
  readonly inputs: readonly string[];
  /** Name of the value this node defines. */
  readonly output: string;
}

/** Integers that a model file has for the weights of a layer. */
export interface GivenIntegers {
  /** Scale of each output's weights, which are whole multiples of it; one for all outputs where they share it. */
  readonly scales: readonly number[];
  /** Of the bias, with a scale of each, or one for all; undefined for a bias of real numbers, or none. */
  readonly bias?: { readonly integers: readonly number[]; readonly scales: readonly number[] } | undefined;
}

export interface Conv2dNode extends NodeBase, Window {
  readonly kind: 'conv2d';
  /** [outChannels][kernelHeight][kernelWidth][inChannels / groups], flattened. */
  readonly weights: Float32Array;
  /** [outChannels]; zeros when the model has none. */
  readonly bias: Float32Array;
  /** 1 for a plain convolution, inChannels for a depthwise one. */
  readonly groups: number;
  readonly clamp: Clamp;
  readonly given?: GivenIntegers | undefined;
}

/**
 * Transposed convolution: output pixel y · strides - pads.top + tap · dilations gets what a pixel y counts for the tap. Padding is cut
 * off the result; negative padding at the bottom and right adds what no tap reaches.
 */
export interface ConvTranspose2dNode extends NodeBase, Window {
  readonly kind: 'convTranspose2d';
  /** [outChannels][kernelHeight][kernelWidth][inChannels / groups], flattened. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly groups: number;
  readonly clamp: Clamp;
  readonly given?: GivenIntegers | undefined;
}

export interface DenseNode extends NodeBase {
  readonly kind: 'dense';
  /** [outputs][inputs], flattened; the input is read as a flat vector in NHWC order. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly clamp: Clamp;
  readonly given?: GivenIntegers | undefined;
}

export interface PoolNode extends NodeBase, Window {
  readonly kind: 'maxpool' | 'avgpool';
  /** avgpool only: whether padding counts in the divisor. Global average pooling is an avgpool over the whole map. */
  readonly countIncludePad: boolean;
}

export interface ActivationNode extends NodeBase {
  readonly kind: 'activation';
  readonly fn: ActivationFunction;
}

/** Softmax over the last axis. */
export interface SoftmaxNode extends NodeBase {
  readonly kind: 'softmax';
}

/** Logarithm of the softmax over the last axis. */
export interface LogSoftmaxNode extends NodeBase {
  readonly kind: 'logSoftmax';
}

/**
 * Over the last axis: x, less its mean where `centred`, divided by the root of epsilon and the sum of its squares, or their mean
 * where `averaged`. Factors and offsets behind it are nodes of their own.
 */
export interface NormalizeNode extends NodeBase {
  readonly kind: 'normalize';
  readonly centred: boolean;
  readonly averaged: boolean;
  readonly epsilon: number;
}

/** An operator on the rows of the last axis, each by itself. */
export type RowNode = SoftmaxNode | LogSoftmaxNode | NormalizeNode;

/**
 * Positions along the last axis, which the output lacks: of the largest or the smallest element, and of several such the first or the
 * last. What flows behind it are whole numbers that only reshapes read.
 */
export interface PositionNode extends NodeBase {
  readonly kind: 'position';
  readonly of: 'max' | 'min';
  readonly among: 'first' | 'last';
}

/** Elementwise a + b, a * b and the like with numpy broadcasting; either operand may be a constant. */
export interface BinaryNode extends NodeBase {
  readonly kind: PairFunction;
  readonly clamp: Clamp;
}

export interface ConcatNode extends NodeBase {
  readonly kind: 'concat';
  /** Axis in the IR's own (NHWC) order, 0 <= axis < rank. */
  readonly axis: number;
}

export interface PadNode extends NodeBase {
  readonly kind: 'pad';
  /** One [before, after] pair per dimension of the input. */
  readonly pads: readonly (readonly [number, number])[];
  readonly value: number;
}

/** Same elements in the same order under another shape (Reshape, Flatten, Squeeze, Unsqueeze): costs nothing. */
export interface ReshapeNode extends NodeBase {
  readonly kind: 'reshape';
}

/** A transpose that no pass could remove: out[i0,i1,..] = in[.. permuted], out.shape[k] = in.shape[perm[k]]. */
export interface TransposeNode extends NodeBase {
  readonly kind: 'transpose';
  readonly perm: readonly number[];
}

/** Function of the gates of a recurrent layer: its image is [0, 1]. hardSigmoid is alpha x + beta, clamped. */
export type GateFunction =
  | { readonly type: 'sigmoid' }
  | { readonly type: 'hardSigmoid'; readonly alpha: number; readonly beta: number };

/** Function of what a recurrent layer remembers: tanh nearly always. */
export type CandidateFunction = { readonly type: 'tanh' | 'relu' | 'linear' } | GateFunction;

/** Rows of weights per unit, in this order: LSTM input, forget, candidate, output; GRU update, reset, candidate. */
export const CELL_GATES = { lstm: 4, gru: 3, rnn: 1 } as const;

/**
 * A recurrent layer in one direction over [1, time, features] (two of them and a concat are a bidirectional one). It begins with a state
 * of zeros; an LSTM with three inputs with the hidden state and the cell state that the last inference left.
 *
 * lstm: c' = f c + i g, h' = o output(c'); gru: h' = (1 - z) n + z h; rnn: h' = candidate(..). The gates are gate(W x + bias + R h +
 * recurrentBias); a GRU's candidate n reads R (r h) + recurrentBias, or r (R h + recurrentBias) where `resetAfter`.
 */
export interface RecurrentNode extends NodeBase {
  readonly kind: 'recurrent';
  readonly cell: keyof typeof CELL_GATES;
  readonly units: number;
  /** [gates * units][features], flattened. */
  readonly weights: Float32Array;
  /** [gates * units][units], flattened. */
  readonly recurrentWeights: Float32Array;
  /** [gates * units] each. */
  readonly bias: Float32Array;
  readonly recurrentBias: Float32Array;
  readonly gate: GateFunction;
  readonly candidate: CandidateFunction;
  /** Of an LSTM's cell state. */
  readonly outputFunction: CandidateFunction;
  /** An LSTM's cell state stays within -cellClip .. cellClip; undefined: it is not limited. */
  readonly cellClip?: number;
  readonly resetAfter: boolean;
  /** Reads the last time step first. */
  readonly backward: boolean;
  /** Every hidden state, [1, time, units], or only that computed last, [1, units]. */
  readonly sequence: 'inTime' | 'asComputed' | 'last';
}

/**
 * Elements picked along each dimension: out[i0, i1, ..] = in[indices[0][i0], indices[1][i1], ..]. Slices, reversals, repetitions,
 * mirrored borders and nearest neighbours are all of this kind.
 */
export interface GatherNode extends NodeBase {
  readonly kind: 'gather';
  /** Positions in the input, one list per dimension, as long as the output is there. */
  readonly indices: readonly Int32Array[];
}

/** Where the elements of a resized axis lie on the old one. */
export interface Between {
  /** Position of the element before each, or on it. */
  readonly low: Int32Array;
  /** How far each lies on the way to the next: 0 or more, below 1; 0 on the last. */
  readonly share: Float32Array;
}

/** Bilinear interpolation of a map [1, H, W, C]. What only picks elements is a gather. */
export interface ResizeNode extends NodeBase {
  readonly kind: 'resize';
  readonly rows: Between;
  readonly columns: Between;
}

export type Node =
  | Conv2dNode
  | ConvTranspose2dNode
  | DenseNode
  | PoolNode
  | ActivationNode
  | SoftmaxNode
  | LogSoftmaxNode
  | NormalizeNode
  | PositionNode
  | BinaryNode
  | ConcatNode
  | PadNode
  | ReshapeNode
  | TransposeNode
  | GatherNode
  | ResizeNode
  | RecurrentNode;

/**
 * What a network keeps from one inference to the next: at its end, `name` becomes what `written` is. Where nothing is written, the one
 * node that reads the state has kept it up to date itself (a recurrent layer).
 */
export interface State {
  /** The value as an inference finds it; no node defines it. */
  readonly name: string;
  /** Name of a value or a constant. */
  readonly written: string | undefined;
  /** What the first inference finds, and every one after a reset. */
  readonly initial: Float32Array;
}

export interface Graph {
  /** Name of the model (file name without its ending). */
  readonly name: string;
  /** Graph inputs (placeholders), shapes in the order the MODEL declares them (an NCHW model keeps [1,C,H,W] here). */
  readonly inputs: readonly Value[];
  /** Names of the output values (placeholders). */
  readonly outputs: readonly string[];
  /** What lives between inferences; empty for most networks. */
  readonly states: readonly State[];
  /** Every value by name: inputs, states and node outputs. */
  readonly values: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, Constant>;
  readonly nodes: readonly Node[];
}

/** Shape of a value or constant; throws when the graph does not define the name (a bug in a pass). */
export function shapeOf(graph: Graph, name: string): Shape {
  const v = graph.values.get(name) ?? graph.constants.get(name);
  if (!v) throw new Error(`graph ${graph.name} has no value '${name}'`);
  return v.shape;
}
