import type { QRescale, QuantizedValue, SignedMultiplier } from '../quantizedGraph.ts';
import { clampInt } from '../requantize.ts';
import { type Multiplier, multiplied, quantizeMultiplier } from './fixedPoint.ts';

/** The numbers as they are. */
export const IDENTITY: Multiplier = quantizeMultiplier(1);

/** The function of q that a node computes. */
export function rescaler(
  { above, below, lo, hi }: QRescale,
  x: Pick<QuantizedValue, 'offset'>,
  y: Pick<QuantizedValue, 'offset'>,
): (q: number) => number {
  return (q) => {
    const n = q - x.offset;
    return clampInt(y.offset + (n < 0 ? signed(n, below) : multiplied(n, above)), lo, hi);
  };
}

function signed(n: number, multiplier: SignedMultiplier): number {
  const v = multiplied(multiplier.negates === 'number' ? -n : n, multiplier);
  return multiplier.negates === 'result' ? 0 - v : v;
}
