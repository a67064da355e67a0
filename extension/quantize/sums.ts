/** What sums and products of quantized numbers can become. */
import { largest, smallest } from '../common/lists.ts';
import type { QuantizedValue } from './quantizedGraph.ts';
import type { AccRange } from './requantize.ts';

type Bounds = Pick<QuantizedValue, 'lo' | 'hi' | 'offset'>;

/**
 * What each output's sum of products can become, whatever the numbers.
 *
 * @param weights without their zero points, by output @param bias one an output @param x whose numbers lie in lo .. hi, or are padding
 */
export function sumRanges(weights: Int16Array, bias: Int32Array, { lo, hi, offset }: Bounds): AccRange[] {
  const taps = weights.length / bias.length;
  // padding contributes 0, which may lie outside lo .. hi of the unpadded input
  const [low, high] = [Math.min(0, lo - offset), Math.max(0, hi - offset)];
  return Array.from(bias, (b, k) => {
    let [min, max] = [b, b];
    for (let i = k * taps; i < (k + 1) * taps; i++) {
      const w = weights[i]!;
      min += w > 0 ? w * low : w * high;
      max += w > 0 ? w * high : w * low;
    }
    return { min, max };
  });
}

/** What any of several can become. */
export function rangeOfAll(ranges: readonly AccRange[]): AccRange {
  return { min: smallest(ranges.map(({ min }) => min)), max: largest(ranges.map(({ max }) => max)) };
}

/** What the product of two values, both without their zero points, can become. */
export function productRange(a: Bounds, b: Bounds): AccRange {
  const ends = (v: Bounds): number[] => [v.lo - v.offset, v.hi - v.offset];
  const products = ends(a).flatMap((p) => ends(b).map((q) => p * q));
  return { min: smallest(products), max: largest(products) };
}
