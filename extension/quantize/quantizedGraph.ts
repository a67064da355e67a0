import type { Window } from '../model/window.ts';
import type { Requant } from './requantize.ts';
import type { Precision, QuantParams } from './schemas.ts';
import type { Multiplier } from './tflite/fixedPoint.ts';
import type { SigmoidInput } from './tflite/sigmoid.ts';

/**
 * The graph in integers: what the interpreter runs and the compiler compiles. Nothing real-valued is left but scales,
 * which only reports and float placeholders use. Values hold q (int8 or int16); weights have their offset already
 * subtracted, so that acc = bias + sum(w * (x - offset of x)).
 */
export interface QuantizedValue extends QuantParams {
  readonly name: string;
  readonly shape: readonly number[];
  /** index32: positions, in the scale 1. int32 is a type of results only, which no node reads but what makes real numbers of them. */
  readonly type: 'int8' | 'int16' | 'int32' | 'index32' | 'float32';
  /** Smallest and largest q this value can take (a ReLU's output starts at its offset). */
  readonly lo: number;
  readonly hi: number;
}

interface QNodeBase {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Requantization by output channel (one entry for all channels when weights are per tensor), then clamp to [lo, hi]. */
interface ChannelRequant {
  readonly requant: readonly Requant[];
  readonly lo: number;
  readonly hi: number;
}

export interface WeightedNode extends QNodeBase, ChannelRequant {
  /** w - offset, by output channel; [out][kh][kw][in/groups] or [out][in]. */
  readonly weights: Int16Array;
  /** Scale and offset of the stored weights, one per output channel. */
  readonly weightParams: readonly QuantParams[];
  /** In accumulator units (scale of input * scale of weights). */
  readonly bias: Int32Array;
  readonly outChannels: number;
}

export interface QConv2d extends WeightedNode, Window {
  readonly kind: 'conv2d';
  readonly groups: number;
}

export interface QDense extends WeightedNode {
  readonly kind: 'dense';
}

export interface QMaxPool extends QNodeBase, Window {
  readonly kind: 'maxpool';
}

export interface QAvgPool extends QNodeBase, Window {
  readonly kind: 'avgpool';
  readonly countIncludePad: boolean;
  /** The zero points are not taken off before the sum, nor added behind it: those of input and output are the same. */
  readonly isRaw?: boolean;
  /** Requantization of the window's sum by its number of counted elements, for those that occur. */
  readonly requantByCount: ReadonlyMap<number, Requant>;
  readonly lo: number;
  readonly hi: number;
}

/** int8: out = table[q + 128]. */
export interface QLookup extends QNodeBase {
  readonly kind: 'lookup';
  /** What the table computes, for reports and comments: `sigmoid`, `leakyRelu`, ... */
  readonly function: string;
  readonly table: Int8Array;
}

/** int16: 512 segments of 128 with linear interpolation: (t[i]*(128-f) + t[i+1]*f + 64) >> 7, i = (q+32768) >> 7. */
export interface QInterpolate extends QNodeBase {
  readonly kind: 'interpolate';
  readonly function: string;
  /** 513 entries. */
  readonly table: Int16Array;
}

/**
 * Softmax over the last axis in integers: e = exponent(max - q) in 0..65535, out = min((e * outScale + sum/2) / sum + offset, hi)
 * with outScale = 1 / output scale.
 */
export interface QSoftmax extends QNodeBase {
  readonly kind: 'softmax';
  /** exp(-d * scale) * 65535 at d = i << step; beyond its end the exponent is 0. */
  readonly table: Uint16Array;
  /** log2 of the distance between table entries, 0 for int8; between them t[i] - (((t[i] - t[i+1]) * f) >> step). */
  readonly step: number;
  readonly outScale: number;
}

/**
 * Logarithm of the softmax over the last axis: out = clamp((((q - max) * multiplier >> pre) + constant - log(sum)) >> post) of the
 * sum of exponents as QSoftmax has them; log(sum), with m = sum * 2^k in 2^30 .. 2^31, is t[i] + (((t[i + 1] - t[i]) * f) >> 16) - k * ln2
 * of i = (m >> 24) - 64 and f = (m >> 8) & 65535.
 */
export interface QLogSoftmax extends QNodeBase {
  readonly kind: 'logSoftmax';
  readonly table: Uint16Array;
  readonly step: number;
  readonly pre: number;
  readonly multiplier: number;
  readonly constant: number;
  readonly post: number;
  readonly ln2: number;
  /** 65 entries. */
  readonly logarithms: Int32Array;
}

/**
 * Over the last axis of n elements, with u = q - qmin: d = u * 2^bits - mean, the mean to the nearest, or where it is not `centred`
 * d = (q - offset) * 2^bits; w = epsilon + the sum of all d², and r = the root of w * 4^-e, which e brings to 2^30 .. 2^32,
 * rounded down; out = clamp(((d * m + half) >> s) + offset) of m = factor / r rounded down and s = shift + e, both moved until s is
 * in 1 .. 30. All is 0 where w is.
 */
export interface QNormalize extends QNodeBase {
  readonly kind: 'normalize';
  readonly centred: boolean;
  readonly bits: number;
  readonly epsilon: number;
  readonly factor: number;
  readonly shift: number;
}

/** Positions along the last axis, as in graph.ts; the output is index32. */
interface QPosition extends QNodeBase {
  readonly kind: 'position';
  readonly of: 'max' | 'min';
  readonly among: 'first' | 'last';
}

/**
 * Softmax over the last axis as TensorFlow Lite Micro computes it (tflite/softmax.ts).
 */
export interface QTfliteSoftmax extends QNodeBase {
  readonly kind: 'tfliteSoftmax';
  /** e^-d as Q0.31 by the difference from the largest number; beyond its end nothing is added, and the result is the least number. */
  readonly table: Int32Array;
}

/** Logarithm of the softmax over the last axis as TensorFlow Lite Micro computes it (tflite/logSoftmax.ts). */
export interface QTfliteLogSoftmax extends QNodeBase {
  readonly kind: 'tfliteLogSoftmax';
  /** e^-d as Q0.31 by the difference from the largest number; beyond its end nothing is added. */
  readonly table: Int32Array;
  /** Of a difference, to Q5.26. */
  readonly multiplier: Multiplier;
  /** From this difference on the result is -128. */
  readonly reach: number;
}

/**
 * Softmax over the last axis of int16 numbers as TensorFlow Lite Micro computes it, of their differences from the largest, requantized
 * (tflite/softmax16.ts).
 */
export interface QTfliteSoftmax16 extends QNodeBase, Multiplier {
  readonly kind: 'tfliteSoftmax16';
}

/**
 * The sigmoid or hyperbolic tangent of int16 numbers as TensorFlow Lite Micro computes it, of (q * multiplier + half) >> shift
 * (tflite/sigmoid.ts). The output is int16 in 32768ths.
 */
export interface QTfliteSigmoid extends QNodeBase, SigmoidInput {
  readonly kind: 'tfliteSigmoid';
  readonly function: 'sigmoid' | 'tanh';
}

/**
 * Number by number, as TensorFlow Lite Micro computes it: out = clamp(offset of y + n requantized by `above`), or by `below` where
 * n = q - offset of x is below 0 (tflite/elementwiseInts.ts).
 */
export interface QRescale extends QNodeBase {
  readonly kind: 'rescale';
  /** What it is, for reports and comments: `requantize`, `leakyRelu`, ... */
  readonly function: string;
  readonly above: Multiplier;
  readonly below: SignedMultiplier;
  readonly lo: number;
  readonly hi: number;
}

/** A multiplier, and whether the number's sign, or the result's, is changed. */
export interface SignedMultiplier extends Multiplier {
  readonly negates?: 'number' | 'result';
}

/**
 * A sum or difference as TensorFlow Lite computes it (tflite/add.ts):
 * offset of y + sum · out, of (q - offset) · 2^left of both operands, requantized with a and b.
 */
export interface QTfliteAdd extends QNodeBase {
  readonly kind: 'tfliteAdd';
  readonly left: number;
  readonly a: Multiplier;
  readonly b: Multiplier;
  readonly out: Multiplier;
  /** b is taken off. */
  readonly subtracts: boolean;
  /**
   * (qa * ma + qb * mb + constant) >> post is the same, or, where the bits below `post` are less than `band`, perhaps 1 more. All
   * within 32 bits. Undefined where there is no such form.
   */
  readonly form: SumForm | undefined;
  readonly lo: number;
  readonly hi: number;
}

/**
 * (a - b)² as TensorFlow Lite computes it (tflite/squaredDifference.ts): offset of y + square · out, of the difference of
 * (q - offset) · 2^left of both operands, requantized with a and b.
 */
export interface QTfliteSquaredDifference extends QNodeBase {
  readonly kind: 'tfliteSquaredDifference';
  readonly left: number;
  readonly a: Multiplier;
  readonly b: Multiplier;
  readonly out: Multiplier;
  readonly lo: number;
  readonly hi: number;
}

export interface SumForm {
  readonly ma: number;
  readonly mb: number;
  readonly constant: number;
  readonly post: number;
  readonly band: number;
}

/**
 * out = clamp((qa * ma + qb * mb + constant) >> post); mb is below 0 where b is subtracted. Where the bits below `post` are less than
 * `even`, the result is less by 1 if it is odd without the output's offset: halves go to the even one.
 */
export interface QAdd extends QNodeBase {
  readonly kind: 'add';
  readonly ma: number;
  readonly mb: number;
  readonly constant: number;
  readonly post: number;
  readonly even?: number;
  readonly lo: number;
  readonly hi: number;
}

/** out = requantize((qa - offset a) * (qb - offset b)). */
export interface QMul extends QNodeBase {
  readonly kind: 'mul';
  readonly requant: Requant;
  readonly lo: number;
  readonly hi: number;
}

/** out = clamp((max((qa - offset a) * ma, (qb - offset b) * mb) + constant) >> post), or the smaller of the two. */
export interface QExtreme extends QNodeBase {
  readonly kind: 'max' | 'min';
  readonly ma: number;
  readonly mb: number;
  readonly constant: number;
  readonly post: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * out = requantize(t) of t = (qa - offset a) * 2^shift / (qb - offset b) to the nearest, between -limit and limit, beyond which the
 * output saturates; what is divided by 0 becomes one of the limits, and 0 / 0 is 0.
 */
export interface QDiv extends QNodeBase {
  readonly kind: 'div';
  readonly shift: number;
  readonly limit: number;
  readonly requant: Requant;
  readonly lo: number;
  readonly hi: number;
}

/** out = requantize(qa - offset a), or where that is below 0 requantize((qa - offset a) * (qb - offset b)). */
export interface QPrelu extends QNodeBase {
  readonly kind: 'prelu';
  readonly positive: Requant;
  readonly negative: Requant;
  readonly lo: number;
  readonly hi: number;
}

/** Joins its inputs along an axis; an input with other parameters than the output is requantized on the way. */
export interface QConcat extends QNodeBase {
  readonly kind: 'concat';
  readonly axis: number;
  /** One per input; undefined: same parameters, copied. */
  readonly requant: readonly (Requant | undefined)[];
}

export interface QPad extends QNodeBase {
  readonly kind: 'pad';
  readonly pads: readonly (readonly [number, number])[];
  /** The padding as a quantized number. */
  readonly value: number;
}

interface QReshape extends QNodeBase {
  readonly kind: 'reshape';
}

export interface QTranspose extends QNodeBase {
  readonly kind: 'transpose';
  readonly perm: readonly number[];
}

/** A function of int16 numbers: interpolate(table, clamp(v, -(32768 >> shift), 32767 >> shift) << shift), in units of 2^-bits. */
export interface QFunction {
  readonly shift: number;
  readonly table: Int16Array;
  readonly bits: number;
}

/**
 * A recurrent layer (RecurrentNode); its states are in the output's parameters and in units of 2^-stateBits. `fromInput` and `fromHidden` are the rows of all gates over a time step of the input and over the
 * hidden state, int16 in one power of two; quantize/recurrentInts.ts tells what is done with them.
 */
export interface QRecurrent extends QNodeBase {
  readonly kind: 'recurrent';
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly units: number;
  readonly fromInput: QDense;
  readonly fromHidden: QDense;
  /** GRU whose candidate reads the hidden state after it was reset: its rows, which `fromHidden` then lacks. */
  readonly fromReset: QDense | undefined;
  readonly gate: QFunction;
  readonly candidate: QFunction;
  /** LSTM only. */
  readonly outputFunction: QFunction | undefined;
  /** Of the int16 state (an LSTM's cell state, a GRU's hidden state): units of 2^-stateBits. */
  readonly stateBits: number;
  /** An LSTM's cell state stays within -stateLimit .. stateLimit; undefined: in all of int16. */
  readonly stateLimit: number | undefined;
  /** To the output's parameters: of the hidden state, and of a reset one. */
  readonly requant: Requant;
  readonly resetRequant: Requant | undefined;
  readonly backward: boolean;
  readonly sequence: 'inTime' | 'asComputed' | 'last';
  readonly lo: number;
  readonly hi: number;
}

/**
 * An LSTM as TensorFlow Lite Micro computes it (tflite/lstmInts.ts), over [1, time, features] or the same with the time first; its inputs
 * are x, the hidden state (both int8 or both int16) and the cell state (int16). The rows of all gates are int16 in units of 2^-12.
 */
export interface QTfliteLstm extends QNodeBase {
  readonly kind: 'tfliteLstm';
  readonly units: number;
  readonly fromInput: QDense;
  readonly fromHidden: QDense;
  /** Input gate · candidate is in units of 2^-addBits of the cell state's. */
  readonly addBits: number;
  /** The cell state stays within -stateLimit .. stateLimit; undefined: in all of int16. */
  readonly stateLimit: number | undefined;
  /** How the cell state becomes the hyperbolic tangent's argument. */
  readonly tanh: SigmoidInput;
  /** Of output gate · tangent, to the hidden state. */
  readonly requant: Requant;
}

/**
 * SVDF as TensorFlow Lite Micro computes it (tflite/svdfInts.ts): x and the memory of all filters, [filters, memory], whose numbers
 * move by one for the new ones, `features` of x. A unit is bias + the sum of its filters' (memory - offset) · weights.
 */
export interface QTfliteSvdf extends QNodeBase {
  readonly kind: 'tfliteSvdf';
  readonly features: QDense;
  readonly memory: number;
  /** [filters][memory]. */
  readonly weights: Int16Array;
  /** One a unit. */
  readonly bias: Int32Array;
  readonly requant: Requant;
  readonly lo: number;
  readonly hi: number;
}

/** Elements picked along each dimension, as in graph.ts. */
interface QGather extends QNodeBase {
  readonly kind: 'gather';
  readonly indices: readonly Int32Array[];
}

/** Shares of the next element in fixed point: share / 2^bits. */
export interface QShares {
  readonly low: Int32Array;
  readonly share: Int32Array;
  readonly bits: number;
}

/** Bilinear interpolation as `resizeInts` defines it; the output has the input's parameters. */
export interface QResize extends QNodeBase {
  readonly kind: 'resize';
  /** Where halves are rounded to: away from zero as TensorFlow Lite Micro does, else up. */
  readonly halves: 'up' | 'away';
  readonly rows: QShares;
  readonly columns: QShares;
}

/** float32 placeholder -> q = clamp(floor(fround(x * fround(1/scale)) + 0.5) + offset), the sum exact. */
interface QQuantize extends QNodeBase {
  readonly kind: 'quantize';
}

/** q -> float32 placeholder. */
interface QDequantize extends QNodeBase {
  readonly kind: 'dequantize';
}

export type QNode =
  | QConv2d
  | QDense
  | QMaxPool
  | QAvgPool
  | QLookup
  | QInterpolate
  | QSoftmax
  | QLogSoftmax
  | QNormalize
  | QPosition
  | QTfliteSoftmax
  | QTfliteLogSoftmax
  | QTfliteSoftmax16
  | QTfliteSigmoid
  | QRescale
  | QAdd
  | QTfliteAdd
  | QTfliteSquaredDifference
  | QMul
  | QExtreme
  | QDiv
  | QPrelu
  | QConcat
  | QPad
  | QReshape
  | QTranspose
  | QGather
  | QResize
  | QRecurrent
  | QTfliteLstm
  | QTfliteSvdf
  | QQuantize
  | QDequantize;

/** What a network keeps from one inference to the next, as in graph.ts: numbers are kept as they are, whatever their scales. */
export interface QState {
  readonly name: string;
  readonly written: string | undefined;
  readonly initial: Int32Array;
}

export interface QuantizedGraph {
  readonly name: string;
  /** Names of the placeholders. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly states: readonly QState[];
  readonly values: ReadonlyMap<string, QuantizedValue>;
  /** Constant operands of add, mul and concat, quantized; their parameters stand in `values`. */
  readonly constants: ReadonlyMap<string, Int16Array>;
  readonly nodes: readonly QNode[];
}

/** A value that holds positions. @param count of the elements that each is one of */
export function positionValue(name: string, shape: readonly number[], count: number): QuantizedValue {
  return { name, shape, type: 'index32', scale: 1, offset: 0, lo: 0, hi: count - 1 };
}

/** The type of a value's integers: not asked of real numbers. */
export function precisionOf({ type }: Pick<QuantizedValue, 'type'>): Precision {
  return type === 'int16' ? 'int16' : 'int8';
}

/** The value of that name; its absence is a bug. */
export function qvalue(graph: QuantizedGraph, name: string): QuantizedValue {
  const v = graph.values.get(name);
  if (!v) throw new Error(`quantized graph ${graph.name} has no value '${name}'`);
  return v;
}
