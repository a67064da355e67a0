import type { QTfliteSquaredDifference } from '../quantizedGraph.ts';
import type { QuantParams } from '../schemas.ts';
import { multiplied, quantizeMultiplier, RatioTooLarge } from './fixedPoint.ts';

/** Bits by which operands are moved up: the square of a difference of int8 then still fits 32. */
const LEFT = 7;

/** p and q without their zero points; the square without that of the output. */
export function squaredDifference(
  { left, a, b, out }: Pick<QTfliteSquaredDifference, 'left' | 'a' | 'b' | 'out'>,
  p: number,
  q: number,
): number {
  const difference = multiplied(p * 2 ** left, a) - multiplied(q * 2 ** left, b);
  return multiplied(difference * difference, out);
}

/**
 * SQUARED_DIFFERENCE of int8 (tensorflow/lite/micro/kernels/squared_difference.cc).
 *
 * @throws RatioTooLarge where the square would not fit 32 bits
 */
export function lowerSquaredDifference(
  a: QuantParams,
  b: QuantParams,
  y: QuantParams & { readonly lo: number; readonly hi: number },
): Omit<QTfliteSquaredDifference, 'name' | 'inputs' | 'output'> {
  const twice = 2 * Math.max(a.scale, b.scale);
  const out = quantizeMultiplier((twice * twice) / (2 ** (2 * LEFT) * y.scale));
  if (out.shift > 0) throw new RatioTooLarge(`shift ${out.shift}`);
  return {
    kind: 'tfliteSquaredDifference',
    left: LEFT,
    a: quantizeMultiplier(a.scale / twice),
    b: quantizeMultiplier(b.scale / twice),
    out,
    lo: y.lo,
    hi: y.hi,
  };
}
