import { largest, smallest } from '../../common/lists.ts';
import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { QuantizedValue } from '../quantizedGraph.ts';
import { clampInt, type Requant } from '../requantize.ts';
import { dequantize, type QuantParams } from '../schemas.ts';
import { lowerSum } from './add.ts';
import { multiplied, quantizeMultiplier, roundAway } from './fixedPoint.ts';
import { hardSwish } from './hardSwish.ts';
import { checkedChannel, type TfliteLowering, wrong } from './lowering.ts';
import { checkRow } from './rows.ts';
import { exponents } from './softmax.ts';
import { lowerSquaredDifference } from './squaredDifference.ts';

/** An operator on one tensor, number by number: q of x becomes q of y. */
type Unary = (x: QuantParams, y: QuantParams, node: TfliteNode) => (q: number) => number;

/** A function as a table of its 256 results. */
function unary(name: string, of: Unary) {
  return (lowering: TfliteLowering, node: TfliteNode): void => {
    const x = lowering.operand(node, 0);
    const y = lowering.result(node);
    const fn = of(x, y, node);
    const table = Int8Array.from({ length: 256 }, (_, i) => clampInt(fn(i - 128), y.lo, y.hi));
    lowering.emit(node, [x], y, { kind: 'lookup', function: name, table });
  };
}

/** Of a function of real numbers, rounded half away from zero: what TensorFlow Lite's tables of LOGISTIC and TANH hold, too. */
function real(name: string, fn: (x: number) => number) {
  return unary(name, (x, y) => (q) => roundAway(fn(dequantize(q, x)) / y.scale) + y.offset);
}

export const logistic = real('sigmoid', (v) => 1 / (1 + Math.exp(-v)));
export const tanh = real('tanh', Math.tanh);
export const elu = real('elu', (v) => (v < 0 ? Math.expm1(v) : v));
export const swish = unary('hardSwish', (x, y) => (q) => hardSwish(q, x, y));

/** QUANTIZE from int8 or uint8 to either: only the parameters change. */
export const requantize = unary('requantize', (x, y) => {
  const m = quantizeMultiplier(x.scale / y.scale);
  return (q) => multiplied(q - x.offset, m) + y.offset;
});

/** ABS (tensorflow/lite/micro/kernels/elementwise.cc). */
export const abs = unary('abs', (x, y) => {
  const m = quantizeMultiplier(x.scale / y.scale);
  return (q) => multiplied(Math.abs(q - x.offset), m) + y.offset;
});

/** RELU requantizes; its scales are divided in float32. */
export const relu = unary('relu', (x, y) => {
  const m = quantizeMultiplier(Math.fround(x.scale / y.scale));
  return (q) => Math.max(y.offset, multiplied(q - x.offset, m) + y.offset);
});

/** RELU6 saturates the numbers as they are: the parameters of its output do not count. */
export const relu6 = unary('relu6', (x) => {
  const six = x.offset + roundAway(Math.fround(6 / Math.fround(x.scale)));
  return (q) => clampInt(q, x.offset, clampInt(six, -128, 127));
});

export function leakyRelu(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'LEAKY_RELU'>,
): void {
  unary('leakyRelu', (x, y) => {
    const above = quantizeMultiplier(x.scale / y.scale);
    const below = quantizeMultiplier((x.scale * options.alpha) / y.scale);
    return (q) => multiplied(q - x.offset, q >= x.offset ? above : below) + y.offset;
  })(lowering, node);
}

/** ADD and SUB with broadcasting. */
export function sum(subtracts: boolean) {
  return (lowering: TfliteLowering, node: TfliteNode, { options }: TfliteOperator<'ADD' | 'SUB'>): void => {
    const [a, b] = [lowering.operand(node, 0), lowering.operand(node, 1)];
    const y = lowering.result(node, options.activation);
    lowering.emit(node, [a, b], y, lowerSum(a, b, y, subtracts, lowering.rounding));
  };
}

/** MUL with broadcasting: the product of both without their zero points, requantized. */
export function mul(lowering: TfliteLowering, node: TfliteNode, { options }: TfliteOperator<'MUL'>): void {
  const [a, b] = [lowering.operand(node, 0), lowering.operand(node, 1)];
  const y = lowering.result(node, options.activation);
  const ends = (v: QuantizedValue): number[] => [v.lo - v.offset, v.hi - v.offset];
  const products = ends(a).flatMap((p) => ends(b).map((q) => p * q));
  const channel = checkedChannel(node, {
    min: smallest(products),
    max: largest(products),
    ...quantizeMultiplier((a.scale * b.scale) / y.scale),
  });
  const [requant] = lowering.requants([channel], y);
  lowering.emit(node, [a, b], y, { kind: 'mul', requant: requant!, lo: y.lo, hi: y.hi });
}

/** SOFTMAX over the last axis. */
export function softmax(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'SOFTMAX'>,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  checkRow(node, x);
  if (!(options.beta > 0)) throw wrong(node, say`has beta ${options.beta}`);
  if (y.scale !== 1 / 256 || y.offset !== -128)
    throw wrong(node, say`has an output of scale ${y.scale}; 1/256 is needed`);
  lowering.emit(node, [x], y, { kind: 'tfliteSoftmax', table: exponents(x.scale, options.beta, 256) });
}

/** SQUARED_DIFFERENCE with broadcasting. */
export function squaredDifference(lowering: TfliteLowering, node: TfliteNode): void {
  const [a, b] = [lowering.operand(node, 0), lowering.operand(node, 1)];
  const y = lowering.result(node);
  lowering.emit(node, [a, b], y, lowerSquaredDifference(a, b, y));
}

/** MAXIMUM and MINIMUM of the numbers as they are: TensorFlow Lite Micro does not look at their parameters, which may differ. */
export function extreme(kind: 'max' | 'min') {
  return (lowering: TfliteLowering, node: TfliteNode): void => {
    const y = lowering.result(node);
    const [a, b] = [0, 1].map((k) => lowering.taken(node, lowering.operand(node, k), y)) as [
      QuantizedValue,
      QuantizedValue,
    ];
    lowering.emit(node, [a, b], y, { kind, ma: 1, mb: 1, constant: y.offset, post: 0, lo: y.lo, hi: y.hi });
  };
}

/** PRELU: above its zero point a number is requantized, below it its product with the slope. */
export function prelu(lowering: TfliteLowering, node: TfliteNode): void {
  const [a, b] = [lowering.operand(node, 0), lowering.operand(node, 1)];
  const y = lowering.result(node);
  const least = Math.min(0, a.lo - a.offset);
  const slopes = [Math.min(0, b.lo - b.offset), Math.max(0, b.hi - b.offset)] as const;
  const requant = (min: number, max: number, ratio: number): Requant =>
    lowering.requants([checkedChannel(node, { min, max, ...quantizeMultiplier(ratio) })], y)[0]!;
  const positive = requant(0, Math.max(0, a.hi - a.offset), a.scale / y.scale);
  const negative = requant(least * slopes[1], least * slopes[0], (a.scale * b.scale) / y.scale);
  lowering.emit(node, [a, b], y, { kind: 'prelu', positive, negative, lo: y.lo, hi: y.hi });
}

/** RSQRT, of what is not above zero the largest number. */
export const rsqrt = unary('rsqrt', (x, y) => (q) => {
  const real = dequantize(q, x);
  return real > 0 ? roundAway(1 / Math.sqrt(real) / y.scale) + y.offset : 127;
});
