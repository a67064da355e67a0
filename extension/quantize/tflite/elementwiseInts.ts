/** What int16 operators compute number by number. */
import type { QRescale, QTfliteSigmoid, QuantizedValue, SignedMultiplier } from '../quantizedGraph.ts';
import { clampInt } from '../requantize.ts';
import { type Multiplier, multiplied, quantizeMultiplier } from './fixedPoint.ts';
import { hyperbolicTangent, sigmoid, sigmoidInput } from './sigmoid.ts';

/** The numbers as they are. */
export const IDENTITY: Multiplier = quantizeMultiplier(1);

/** The function of q that a node computes. */
export function sigmoidOf(node: QTfliteSigmoid): (q: number) => number {
  const fn = node.function === 'sigmoid' ? sigmoid : hyperbolicTangent;
  return (q) => fn(sigmoidInput(q, node));
}

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
