/** Sums and differences whose operands and result have parameters of the file. */
import { largest, smallest } from '../../common/lists.ts';
import { say } from '../../common/errors/sentence.ts';
import type { QAdd, QuantizedValue } from '../quantizedGraph.ts';
import { STORAGE_BIAS } from '../requantize.ts';
import { wrong } from './refusals.ts';

const INT32_LIMIT = 2 ** 31 - 1;
/** By how much a sum may be wrong before it is rounded, in output steps: so near to a half it may be rounded to the other side. */
const MOST_ERROR = 1 / 64;
/** What float32 does not tell from a half, in parts of the operands: each of four roundings takes up to 2^-24 of its result. */
const NEAR_HALF = 2 ** -22;
/** The same in output steps: of operands so large that it were more, the exact sum is the better one. */
const MOST_NEAR_HALF = 2 ** -12;

/** One number for each operand. */
type Pair = readonly [number, number];

/**
 * a + b, or a - b, rounded to the nearest, halves to the even one. What float32 does not tell from a half counts as one: ONNX's
 * own sums are computed in it.
 *
 * @throws UserError 'model' where operands are so much larger than their sum that 32 bits have too few for it
 */
export function givenSum(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  sign: 1 | -1,
): Omit<QAdd, 'name' | 'inputs' | 'output'> {
  const [ratioA, ratioB] = ratiosOf(a, b, y, sign);
  for (let post = 24; post >= 1; post--) {
    const unit = 2 ** post;
    const exact: Pair = [ratioA * unit, sign * ratioB * unit];
    const [ma, mb] = [Math.round(ratioA * unit), sign * Math.round(ratioB * unit)];
    const zero = y.offset * unit - a.offset * ma - b.offset * mb;
    // compiled code works on q + 128; half a unit rounds, and the errors are less
    const size = ma + Math.abs(mb);
    if (size * 2 * STORAGE_BIAS + Math.abs(zero) + unit + STORAGE_BIAS * (size + unit) > INT32_LIMIT)
      continue;
    const found = roundingOf([a, b], y, exact, [ma, mb], unit);
    // fewer bits are no better
    if (!found) break;
    const { low, even } = found;
    return {
      ...{ kind: 'add', ma, mb, constant: zero + unit / 2 + low, post, lo: y.lo, hi: y.hi },
      ...(even > 0 && { even }),
    };
  }
  throw wrong(say`The sum '${y.name}' has scales too far apart for 32 bits.`);
}

/**
 * The ratios of both scales to that of the sum. Where any step of an operand saturates it, whatever the other one is, a smaller ratio does
 * too: the bits that it does not need are the other's.
 */
function ratiosOf(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue, sign: 1 | -1): Pair {
  const [ofA, ofB] = [a.scale / y.scale, b.scale / y.scale];
  return [Math.min(ofA, saturating(b, sign * ofB, y)), Math.min(ofB, saturating(a, ofA, y))];
}

/** The output steps that saturate a sum, up and down, whatever the other operand is. */
function saturating(other: QuantizedValue, ratio: number, { offset, lo, hi }: QuantizedValue): number {
  const ends = [(other.lo - other.offset) * ratio, (other.hi - other.offset) * ratio];
  return Math.ceil(Math.max(hi - offset - smallest(ends), largest(ends) - (lo - offset))) + 1;
}

/**
 * What the form needs beside its multipliers, found over all pairs of operands whose sum does not saturate.
 *
 * @param exact what the multipliers are rounded from
 * @param unit 2^post: an output step in multipliers
 * @returns `low`, which lifts what would be rounded down by mistake, and `even`, below which are halves, 0 where there are none; undefined
 *   where multipliers are so wrong that it would be seen
 */
function roundingOf(
  [a, b]: readonly [QuantizedValue, QuantizedValue],
  { offset, lo, hi }: QuantizedValue,
  exact: Pair,
  multipliers: Pair,
  unit: number,
): { low: number; even: number } | undefined {
  let low = 0;
  let half = -Infinity;
  for (let p = a.lo - a.offset; p <= a.hi - a.offset; p++) {
    for (let q = b.lo - b.offset; q <= b.hi - b.offset; q++) {
      const [x, z] = [p * exact[0], q * exact[1]];
      const form = p * multipliers[0] + q * multipliers[1];
      const steps = (x + z) / unit;
      const isSaturated = steps + offset <= lo - 1 || steps + offset >= hi + 1;
      if (Math.abs(form - x - z) > unit * (isSaturated ? 1 / 4 : MOST_ERROR)) return undefined;
      if (isSaturated) continue;
      const nearest = Math.round(steps + 0.5);
      const near = Math.min(MOST_NEAR_HALF, (NEAR_HALF * (Math.abs(x) + Math.abs(z))) / unit);
      const isHalf = Math.abs(steps + 0.5 - nearest) <= near;
      const rest = form + unit / 2 - unit * (isHalf ? nearest : Math.floor(steps + 0.5));
      low = Math.max(low, -rest);
      if (isHalf) half = Math.max(half, rest);
    }
  }
  return { low, even: Math.max(0, low + half + 1) };
}
