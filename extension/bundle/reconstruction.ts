import type { Answer, Placeholder } from './bundle.ts';
import { farthest } from './decimal.ts';

/** Units that a difference may have: their squares are below 2^31. */
const DIFFERENCE_BITS = 14;
/** Bits behind the point of the factors. */
const FACTOR_BITS = 15;
/** Of floats the units of a difference that is the square root of the threshold: from 2^9 to 2^10. */
const THRESHOLD_BITS = 9;
/** Of floats without a threshold the unit is about a thousandth. */
const PLAIN_BITS = 10;
/** A power of two within is a float32, and so is its reciprocal. */
const MOST_EXPONENT = 100;
/** Where a difference of floats saturates. */
const MOST_UNITS = 2 ** 15 - 1;
/** What an int of the board holds. */
const LARGEST_INT = 2 ** 31 - 1;

/**
 * How firmware computes the mean squared error of an output beside its network's input, in integers:
 *
 *     difference = (outputFactor * (output - outputOffset) - inputFactor * (input - inputOffset) + 2^14) >> 15
 *     error = (sum of difference^2 + count / 2) / count
 *
 * A factor is scale * 2^15 / unit. The unit is a 2^14th of the farthest that input or output may be from 0, so that a difference is
 * at most 2^15 and a little, its square below 2^31, products below 2^30, and a sum of 2^33 squares takes 64 bits.
 * Where one of both is float32, difference = (output - input) / unit, in float32 and with a power of two for the unit, cut off at the
 * point and at 2^15 - 1.
 * An error stands for error * unit^2.
 */
export interface Reconstruction {
  /** Real value of a difference of 1. */
  readonly unit: number;
  /** Elements of both. */
  readonly count: number;
  /** Undefined where one of both is float32. */
  readonly factors: { readonly input: number; readonly output: number } | undefined;
  /** In units squared, whole; undefined where none is known. */
  readonly threshold: number | undefined;
}

type Numbers = Pick<Placeholder, 'type' | 'scale' | 'offset' | 'shape'>;

/** The computation for a network's only input and its output, of as many elements. */
export function reconstructionOf(input: Numbers, output: Numbers, answer: Answer): Reconstruction {
  const count = input.shape.reduce((n, d) => n * d, 1);
  const limit = answer.threshold?.value;
  if (input.type === 'float32' || output.type === 'float32') {
    const unit = 2 ** floatExponent(limit);
    return { unit, count, factors: undefined, threshold: inUnits(limit, unit) };
  }
  const reach = Math.max(input.scale * farthest(input), output.scale * farthest(output));
  const unit = reach / 2 ** DIFFERENCE_BITS;
  const factor = ({ scale }: Numbers): number => Math.round((scale / unit) * 2 ** FACTOR_BITS);
  return {
    ...{ unit, count, threshold: inUnits(limit, unit) },
    factors: { input: factor(input), output: factor(output) },
  };
}

function floatExponent(limit: number | undefined): number {
  if (limit === undefined || limit === 0) return -PLAIN_BITS;
  const exponent = Math.floor(Math.log2(Math.sqrt(limit))) - THRESHOLD_BITS;
  return Math.max(-MOST_EXPONENT, Math.min(MOST_EXPONENT, exponent));
}

/** The largest whole number of units squared that is not beyond: an error, which is whole there, is above both or none. */
function inUnits(limit: number | undefined, unit: number): number | undefined {
  if (limit === undefined) return undefined;
  const units = limit / unit ** 2;
  // what was measured is a whole number, but for the rounding of the division
  return Math.min(LARGEST_INT, Math.floor(units + units * 2 ** -40));
}

/** The error that firmware prints, for what it has as input and as output; see {@link Reconstruction}. */
export function reconstructionError(
  of: Reconstruction,
  input: Numbers & { readonly values: ArrayLike<number> },
  output: Numbers & { readonly values: ArrayLike<number> },
): number {
  let sum = 0;
  for (let i = 0; i < of.count; i++) {
    const [from, to] = [input.values[i]!, output.values[i]!];
    const difference = of.factors
      ? (of.factors.output * (to - output.offset) -
          of.factors.input * (from - input.offset) +
          2 ** (FACTOR_BITS - 1)) >>
        FACTOR_BITS
      : floatDifference(real(to, output), real(from, input), of.unit);
    sum += difference * difference;
  }
  sum += Math.floor(of.count / 2);
  return (sum - (sum % of.count)) / of.count;
}

/** Whether an error is more than the threshold; undefined without one. */
export function isAnomalous(error: number, { threshold }: Reconstruction): boolean | undefined {
  return threshold === undefined ? undefined : error > threshold;
}

/** Mean squared error of real numbers: that of the float network. */
export function meanSquaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / Math.max(1, a.length);
}

/** As float32 computes it; what is no number is as far away as can be. */
function floatDifference(to: number, from: number, unit: number): number {
  const units = Math.fround(Math.fround(to - from) / unit);
  if (!(units > -MOST_UNITS)) return -MOST_UNITS;
  return units < MOST_UNITS ? Math.trunc(units) : MOST_UNITS;
}

/** A float32, or the one that an integer stands for. */
function real(value: number, { type, scale, offset }: Numbers): number {
  return type === 'float32' ? value : Math.fround(Math.fround(scale) * (value - offset));
}
