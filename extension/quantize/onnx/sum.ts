/** Sums and differences whose operands and result have parameters of the file. */
import { say } from '../../common/errors/sentence.ts';
import type { QAdd, QuantizedValue } from '../quantizedGraph.ts';
import { STORAGE_BIAS } from '../requantize.ts';
import { wrong } from './refusals.ts';

const INT32_LIMIT = 2 ** 31 - 1;
/** Numbers that int8 tells apart. */
const LEVELS = 256;
/** How far from a half a number may be that counts as one, in output steps. */
const MOST_ERROR = 1 / 32;

/** One number for each operand. */
type Pair = readonly [number, number];

/**
 * a + b, or a - b, rounded to the nearest, halves to the even one. What lies nearer to a half than the multipliers' own error counts as
 * on it: some 2^-12 of an output step, up to 2^-5 where an operand's steps are far larger.
 *
 * @throws UserError 'model' where operands are so much larger than their sum that 32 bits have too few for it
 */
export function givenSum(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  sign: 1 | -1,
): Omit<QAdd, 'name' | 'inputs' | 'output'> {
  const [ratioA, ratioB] = ratiosOf(a, b, y);
  for (let post = 24; post >= 1; post--) {
    const unit = 2 ** post;
    const exact: Pair = [ratioA * unit, sign * ratioB * unit];
    const [ma, mb] = [Math.round(ratioA * unit), sign * Math.round(ratioB * unit)];
    const zero = y.offset * unit - a.offset * ma - b.offset * mb;
    // compiled code works on q + 128; half a unit rounds, and the errors are less
    const size = ma + Math.abs(mb);
    if (size * 2 * STORAGE_BIAS + Math.abs(zero) + unit + STORAGE_BIAS * (size + unit) > INT32_LIMIT)
      continue;
    const { low, high } = errorsOf([a, b], y, exact, [ma, mb], unit);
    const even = low + high + 1;
    // fewer bits are no better
    if (even > MOST_ERROR * unit) break;
    return { kind: 'add', ma, mb, constant: zero + unit / 2 + low, post, even, lo: y.lo, hi: y.hi };
  }
  throw wrong(say`The sum '${y.name}' has scales too far apart for 32 bits.`);
}

/**
 * The ratios of both scales to that of the sum. Where any step of an operand saturates it, whatever the other one is, a smaller ratio does
 * too: the bits that it needs not are the other's.
 */
function ratiosOf(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue): Pair {
  const [ofA, ofB] = [a.scale / y.scale, b.scale / y.scale];
  const saturating = (other: QuantizedValue, ratio: number): number =>
    Math.ceil(LEVELS + 1 + Math.max(other.hi - other.offset, other.offset - other.lo) * ratio);
  return [Math.min(ofA, saturating(b, ofB)), Math.min(ofB, saturating(a, ofA))];
}

/**
 * By how much a sum is too low and too high at most for its multipliers, over all pairs of operands whose sum does not saturate.
 *
 * @param exact what the multipliers are rounded from
 * @param unit 2^post: an output step in multipliers
 * @returns whole numbers; Infinity where a sum that saturates would no longer
 */
function errorsOf(
  [a, b]: readonly [QuantizedValue, QuantizedValue],
  { offset, lo, hi }: QuantizedValue,
  exact: Pair,
  multipliers: Pair,
  unit: number,
): { low: number; high: number } {
  const [errorA, errorB] = [multipliers[0] - exact[0], multipliers[1] - exact[1]];
  let [low, high] = [0, 0];
  for (let p = a.lo - a.offset; p <= a.hi - a.offset; p++) {
    for (let q = b.lo - b.offset; q <= b.hi - b.offset; q++) {
      const error = p * errorA + q * errorB;
      const real = (p * exact[0] + q * exact[1]) / unit + offset;
      if (real > lo - 1 && real < hi + 1) {
        low = Math.max(low, -error);
        high = Math.max(high, error);
      } else if (Math.abs(error) > unit / 4) return { low: Infinity, high: Infinity };
    }
  }
  // float64 has a rounding of its own
  const whole = (error: number): number => Math.ceil(error - 2 ** -20);
  return { low: whole(low), high: whole(high) };
}
