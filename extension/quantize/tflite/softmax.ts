import {
  divideByPowerOfTwo,
  highMul,
  multiplied,
  type Multiplier,
  quantizeMultiplier,
  saturatingShift,
} from './fixedPoint.ts';
import { limits, type Precision } from '../schemas.ts';

/** Integer bits of the scaled differences (`kScaledDiffIntegerBits`), which so reach down to -32. */
const DIFFERENCE_BITS = 5;
export const FRACTION_BITS = 31 - DIFFERENCE_BITS;
const ONE = 2147483647;

/** exp(-1/8), exp(-2^k) for k from -2 to 4, and 1/3 as Q0.31 (gemmlowp's exp_on_negative_values). */
const EXP_OF_EIGHTH = 1895147668;
const EXP_OF_POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242] as const;
const THIRD = 715827883;

/**
 * e^(-d · scale · beta) as Q0.31 for the differences d = 0, 1, … of a softmax's input from its largest, up to the last that counts
 * (`exp_on_negative_values` of the rescaled difference; tensorflow/lite/kernels/internal/reference/softmax.h).
 *
 * @param scale of the input
 * @param most differences that the input's type has
 */
export function exponents(scale: number, beta: number, most: number): Int32Array {
  const multiplier = scaledDifference(scale, beta);
  const radius = Math.floor(((2 ** DIFFERENCE_BITS - 1) * 2 ** FRACTION_BITS) / 2 ** multiplier.shift);
  return Int32Array.from({ length: Math.min(most, radius + 1) }, (_, d) => exponent(-d, multiplier));
}

/** What makes a difference a Q5.26 (`PreprocessSoftmaxScaling`). */
export function scaledDifference(scale: number, beta: number): Multiplier {
  return quantizeMultiplier(Math.min(beta * scale * 2 ** FRACTION_BITS, 2 ** 31 - 1));
}

function exponent(difference: number, multiplier: Multiplier): number {
  const scaled = multiplied(difference, multiplier);
  if (scaled === 0) return ONE;
  const quarter = 2 ** (FRACTION_BITS - 2);
  const inQuarter = (scaled & (quarter - 1)) - quarter;
  let result = expInQuarter(saturatingShift(inQuarter, DIFFERENCE_BITS));
  const rest = inQuarter - scaled;
  EXP_OF_POWERS.forEach((power, k) => {
    if ((rest & (1 << (FRACTION_BITS - 2 + k))) !== 0) result = highMul(result, power);
  });
  return result;
}

/** e^a for a in [-1/4, 0), by the Taylor series around -1/8. */
function expInQuarter(a: number): number {
  const x = a + 2 ** 28;
  const x2 = highMul(x, x);
  const x3 = highMul(x2, x);
  const x4 = highMul(x2, x2);
  const rest = divideByPowerOfTwo(highMul(divideByPowerOfTwo(x4, 2) + x3, THIRD) + x2, 1);
  return EXP_OF_EIGHTH + highMul(EXP_OF_EIGHTH, x + rest);
}

/** Integer bits of the sum of the exponents. */
export const SUM_BITS = 12;

/** Most numbers of a row: the sum of their exponents is an int32. */
export const MOST_OF_ROW = 2 ** SUM_BITS - 1;

/** 48/17 and -32/17 as Q2.29, with which Newton's division begins. */
export const DIVISION_BEGIN = 1515870810;
export const DIVISION_SLOPE = -1010580540;
/** Bits of a result. */
export const BITS: Readonly<Record<Precision, number>> = { int8: 8, int16: 16 };

/**
 * Softmax of one row as TensorFlow Lite Micro computes it.
 *
 * @param x q, int8
 * @param table as `exponents` makes it
 * @param precision of the result: int8 of scale 1/256, or int16 of scale 1/65536, whose zero point is the least number
 */
export function softmaxRow(x: ArrayLike<number>, table: Int32Array, precision: Precision): Int32Array {
  const { qmin, qmax } = limits(precision);
  const q = Array.from(x);
  const largest = q.reduce((a, b) => Math.max(a, b));
  const sum = sumOfExponents(q, largest, table);
  const headroom = Math.clz32(sum);
  const reciprocal = oneOverOnePlus((sum * 2 ** headroom - 2 ** 31) | 0);
  const shift = SUM_BITS - headroom + 31 - BITS[precision];
  return Int32Array.from(q, (v) => {
    const e = table[largest - v];
    if (e === undefined) return qmin;
    return Math.min(qmax, divideByPowerOfTwo(highMul(reciprocal, e), shift) + qmin);
  });
}

/** The sum of e^(x - largest) as Q12.19. */
export function sumOfExponents(q: readonly number[], largest: number, table: Int32Array): number {
  return q.reduce((s, v) => s + divideByPowerOfTwo(table[largest - v] ?? 0, SUM_BITS), 0);
}

/** 1 / (1 + a) as Q0.31 for a in [0, 1) (gemmlowp's one_over_one_plus_x_for_x_in_0_1). */
export function oneOverOnePlus(a: number): number {
  const half = Math.floor((a + ONE + 1) / 2);
  let x = DIVISION_BEGIN + highMul(half, DIVISION_SLOPE);
  for (let i = 0; i < 3; i++) {
    const missing = 2 ** 29 - highMul(half, x);
    x += saturatingShift(highMul(x, missing), 2);
  }
  return saturatingShift(x, 1);
}
