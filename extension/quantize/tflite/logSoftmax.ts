import type { QTfliteLogSoftmax } from '../quantizedGraph.ts';
import type { QuantParams } from '../schemas.ts';
import { divideByPowerOfTwo, highMul, multiplied, NOTHING, saturatingShift } from './fixedPoint.ts';
import {
  exponents,
  FRACTION_BITS,
  oneOverOnePlus,
  scaledDifference,
  SUM_BITS,
  sumOfExponents,
} from './softmax.ts';

/** Bits below the output's unit of 1/16 in what is rounded to it. */
export const OUTPUT_BITS = FRACTION_BITS - 4;
/** The output's zero point: what is larger than all is 0. */
export const ZERO = 127;
/** The differences from which on the result is -128, whatever the sum is: 16, the output's whole range. */
const RANGE = -(2 ** (FRACTION_BITS + 4));

/**
 * Logarithm of the softmax of int8 (tensorflow/lite/kernels/internal/reference/log_softmax.h). There, what lies so far below the largest
 * number that the subtraction could overflow is -128 by a bound of its own: it is within what is -128 here.
 */
export function lowerLogSoftmax({
  scale,
}: QuantParams): Omit<QTfliteLogSoftmax, 'name' | 'inputs' | 'output'> {
  const table = exponents(scale, 1, 256);
  const multiplier = scaledDifference(scale, 1);
  const first = table.findIndex((_, d) => multiplied(-d, multiplier) < RANGE);
  const reach = first < 0 ? table.length : first;
  // of nothing but the difference 0 no multiple is needed; its shift would be 31, which C does not define
  return { kind: 'tfliteLogSoftmax', table, multiplier: reach > 1 ? multiplier : NOTHING, reach };
}

/** @returns int8 of scale 1/16 and zero point 127 */
export function logSoftmaxRow(
  x: ArrayLike<number>,
  { table, multiplier, reach }: Pick<QTfliteLogSoftmax, 'table' | 'multiplier' | 'reach'>,
): Int32Array {
  const q = Array.from(x);
  const largest = q.reduce((a, b) => Math.max(a, b));
  const log = logarithm(sumOfExponents(q, largest, table));
  return Int32Array.from(q, (v) => {
    const d = largest - v;
    if (d >= reach) return -128;
    const below = divideByPowerOfTwo(multiplied(-d, multiplier) - log, OUTPUT_BITS);
    return Math.max(-128, Math.min(127, below + ZERO));
  });
}

/** log 2, the roots of 1/2 (second and fourth), and the coefficients of a quotient of polynomials around the fourth, as Q0.31. */
export const LOG = {
  log2: 1488522236,
  root: 1518500250,
  middle: 1805811301,
  above: 117049297,
  square: 127690142,
  constant: 1057819769,
  slope: 638450708,
} as const;
/** Integer bits of the logarithm while it is computed: one more than it has. */
export const LOG_BITS = 6;
/** 1/4 in them, and 1. */
export const LOG_QUARTER = 2 ** (29 - LOG_BITS);
export const LOG_ONE = 2 ** (31 - LOG_BITS);

/** log x of x >= 1 as Q12.19, in Q5.26 (`log_x_for_x_greater_than_or_equal_to_1`; tensorflow/lite/kernels/internal/common.h). */
function logarithm(x: number): number {
  const headroom = Math.clz32(x);
  const lower = saturatingShift(highMul(x * 2 ** (headroom - 1), LOG.root), 1);
  const lowerPower = (SUM_BITS - headroom) * LOG_ONE + LOG_QUARTER;
  const upperHeadroom = Math.clz32(highMul(x, LOG.root)) - 1;
  const upper = saturatingShift(x, upperHeadroom);
  const upperPower = (SUM_BITS - upperHeadroom) * LOG_ONE - LOG_QUARTER;
  const r = Math.min(lower, upper);
  const power = Math.max(lowerPower, upperPower);

  const p = Math.floor((r + LOG.middle + 1) / 2);
  const q = 2 * (r - LOG.middle);
  const square = highMul(q, q);
  const numerator = highMul(q, r) + highMul(highMul(q, square), LOG.above);
  const denominator = highMul(p, LOG.constant + q + highMul(LOG.square, square)) + highMul(LOG.slope, q);
  const quotient = highMul(divideByPowerOfTwo(numerator, LOG_BITS), oneOverOnePlus(denominator));
  return saturatingShift(highMul(power, LOG.log2) + quotient, 1);
}
