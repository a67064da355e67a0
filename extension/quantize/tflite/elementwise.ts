import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import { precisionOf, type QuantizedValue, type SignedMultiplier } from '../quantizedGraph.ts';
import { clampInt, type Requant } from '../requantize.ts';
import { dequantize, type QuantParams } from '../schemas.ts';
import { productRange } from '../sums.ts';
import { lowerSum } from './add.ts';
import { IDENTITY } from './elementwiseInts.ts';
import { multiplied, type Multiplier, quantizeMultiplier, roundAway } from './fixedPoint.ts';
import { hardSwish } from './hardSwish.ts';
import { emitRescale, lowerSigmoid, lowerSoftmax16, type Rescaling } from './int16.ts';
import { checkedChannel, requireScale, requireZeroPoint, type TfliteLowering, wrong } from './lowering.ts';
import { checkRow } from './rows.ts';
import { BITS, exponents } from './softmax.ts';
import { lowerSquaredDifference } from './squaredDifference.ts';

/** An operator on one tensor, number by number: q of x becomes q of y. */
type Unary = (x: QuantParams, y: QuantParams, node: TfliteNode) => (q: number) => number;

/** The same in int16: how the numbers are requantized. */
type Rescale = (x: QuantizedValue, y: QuantizedValue) => Rescaling;

/** A function as a table of its 256 results; with int16 on either side it requantizes number by number. */
function unary(name: string, of: Unary, rescale?: Rescale) {
  return (lowering: TfliteLowering, node: TfliteNode): void => {
    const x = lowering.operand(node, 0);
    const y = lowering.result(node);
    if (rescale && (x.type === 'int16' || y.type === 'int16')) {
      emitRescale(lowering, node, x, y, name, rescale(x, y));
      return;
    }
    const fn = of(x, y, node);
    const table = Int8Array.from({ length: 256 }, (_, i) => clampInt(fn(i - 128), y.lo, y.hi));
    lowering.emit(node, [x], y, { kind: 'lookup', function: name, table });
  };
}

/** Of a function of real numbers, rounded half away from zero: what TensorFlow Lite's tables of LOGISTIC and TANH hold, too. */
function real(name: string, fn: (x: number) => number) {
  return unary(name, (x, y) => (q) => roundAway(fn(dequantize(q, x)) / y.scale) + y.offset);
}

const logistic8 = real('sigmoid', (v) => 1 / (1 + Math.exp(-v)));
const tanh8 = real('tanh', Math.tanh);

export function logistic(lowering: TfliteLowering, node: TfliteNode): void {
  if (lowering.operand(node, 0).type === 'int16') lowerSigmoid(lowering, node, 'sigmoid', [0]);
  else logistic8(lowering, node);
}

export function tanh(lowering: TfliteLowering, node: TfliteNode): void {
  if (lowering.operand(node, 0).type === 'int16') lowerSigmoid(lowering, node, 'tanh', [0, 1]);
  else tanh8(lowering, node);
}

export const elu = real('elu', (v) => (v < 0 ? Math.expm1(v) : v));
export const swish = unary('hardSwish', (x, y) => (q) => hardSwish(q, x, y));

/** QUANTIZE from integers to integers: only the parameters, and the type, change. */
export function requantize(lowering: TfliteLowering, node: TfliteNode): void {
  const wide = lowering.wideResult(node);
  if (!wide) return requantized(lowering, node);
  const x = lowering.operand(node, 0);
  const rescaling = ratio(x, wide);
  // results of int32 are not saturated: they have to fit
  const [lo, hi] = [x.lo, x.hi].map((q) => multiplied(q - x.offset, rescaling.above) + wide.offset) as [
    number,
    number,
  ];
  if (lo < wide.lo || hi > wide.hi) throw wrong(node, say`has results that do not fit 32 bits`);
  emitRescale(lowering, node, x, wide, 'requantize', { ...rescaling, bounds: { lo, hi } });
}

const ratio: Rescale = (x, y) => ({ above: quantizeMultiplier(x.scale / y.scale) });

const requantized = unary(
  'requantize',
  (x, y) => {
    const m = quantizeMultiplier(x.scale / y.scale);
    return (q) => multiplied(q - x.offset, m) + y.offset;
  },
  ratio,
);

/** The multiplier of a quotient of scales in float32. */
function quotient(dividend: number, { scale }: QuantParams): Multiplier {
  return quantizeMultiplier(Math.fround(dividend / scale));
}

/** ABS (tensorflow/lite/micro/kernels/elementwise.cc). */
export const abs = unary(
  'abs',
  (x, y) => {
    const m = quotient(x.scale, y);
    return (q) => multiplied(Math.abs(q - x.offset), m) + y.offset;
  },
  (x, y) => ({ above: quotient(x.scale, y), below: { ...quotient(x.scale, y), negates: 'number' } }),
);

/** RELU requantizes. */
export const relu = unary(
  'relu',
  (x, y) => {
    const m = quotient(x.scale, y);
    return (q) => Math.max(y.offset, multiplied(q - x.offset, m) + y.offset);
  },
  (x, y) => ({ above: quotient(x.scale, y), bounds: { lo: y.offset, hi: y.hi } }),
);

/** RELU6 saturates the numbers as they are: the parameters of its output do not count. */
export const relu6 = unary(
  'relu6',
  (x) => {
    const six = sixOf(x);
    return (q) => clampInt(q, x.offset, clampInt(six, -128, 127));
  },
  (x) => ({ above: IDENTITY, bounds: { lo: 0, hi: clampInt(sixOf(x), 0, 32767) } }),
);

function sixOf({ scale, offset }: QuantParams): number {
  return offset + roundAway(Math.fround(6 / Math.fround(scale)));
}

export function leakyRelu(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'LEAKY_RELU'>,
): void {
  const slope = (x: QuantParams, y: QuantParams): Multiplier =>
    quotient(Math.fround(x.scale * options.alpha), y);
  unary(
    'leakyRelu',
    (x, y) => {
      const [above, below] = [quotient(x.scale, y), slope(x, y)];
      return (q) => multiplied(q - x.offset, q >= x.offset ? above : below) + y.offset;
    },
    (x, y) => {
      const { multiplier, shift } = slope(x, y);
      const below: SignedMultiplier =
        multiplier < 0 ? { multiplier: -multiplier, shift, negates: 'result' } : { multiplier, shift };
      return { above: quotient(x.scale, y), below };
    },
  )(lowering, node);
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
  const multiplier = quantizeMultiplier((a.scale * b.scale) / y.scale);
  const channel = checkedChannel(node, { ...productRange(a, b), ...multiplier }, precisionOf(y));
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
  if (x.type === 'int16') {
    lowerSoftmax16(lowering, node, x, y, options.beta);
    return;
  }
  requireScale(node, y, 2 ** -BITS[precisionOf(y)]);
  requireZeroPoint(lowering, node, y, y.lo);
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
    lowering.requants(
      [checkedChannel(node, { min, max, ...quantizeMultiplier(ratio) }, precisionOf(y))],
      y,
    )[0]!;
  const positive = requant(0, Math.max(0, a.hi - a.offset), a.scale / y.scale);
  const negative = requant(least * slopes[1], least * slopes[0], (a.scale * b.scale) / y.scale);
  lowering.emit(node, [a, b], y, { kind: 'prelu', positive, negative, lo: y.lo, hi: y.hi });
}

/** RSQRT, of what is not above zero the largest number. */
export const rsqrt = unary('rsqrt', (x, y) => (q) => {
  const real = dequantize(q, x);
  return real > 0 ? roundAway(1 / Math.sqrt(real) / y.scale) + y.offset : 127;
});
