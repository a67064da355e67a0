import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { QRescale, QuantizedValue, SignedMultiplier } from '../quantizedGraph.ts';
import { clampInt } from '../requantize.ts';
import { type Multiplier, multiplied, quantizeMultiplier } from './fixedPoint.ts';
import { checkedChannel, type TfliteLowering } from './lowering.ts';

/** The numbers as they are. */
export const IDENTITY: Multiplier = quantizeMultiplier(1);

/** A function of each number that requantizes it, one way above zero and one below. */
export interface Rescaling {
  readonly above: Multiplier;
  /** As `above` where left out. */
  readonly below?: SignedMultiplier;
  /** Other bounds than the result's. */
  readonly bounds?: { readonly lo: number; readonly hi: number };
}

/** Adds a node that requantizes number by number, between int8 and int16 in either direction. @param name of what it computes */
export function emitRescale(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  result: QuantizedValue,
  name: string,
  { above, below = above, bounds = result }: Rescaling,
): QuantizedValue {
  const { lo, hi } = bounds;
  const y = { ...result, lo, hi };
  const [min, max] = [x.lo - x.offset, x.hi - x.offset];
  for (const multiplier of [above, below]) checkedChannel(node, { min, max, ...multiplier }, 'int16');
  return lowering.emit(node, [x], y, { kind: 'rescale', function: name, above, below, lo, hi });
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
