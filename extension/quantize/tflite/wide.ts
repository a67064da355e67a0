import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { Requant } from '../requantize.ts';
import { multipliedWide } from './fixedPoint.ts';
import { wrong } from './lowering.ts';
import type { ExactChannel } from './requant.ts';

/** Shifts below this need a long product, and so do sums of more than 32 bits: see requantizeWide in compiler/emit/helpers.ts. */
const LEAST_SHORT_SHIFT = 17;
const MOST_SHIFT = 7;
const INT32_LIMIT = 2 ** 31;

/**
 * TensorFlow Lite's requantization of sums in 64 bits, whose multiplier has 15 bits (tensorflow/lite/kernels/internal/common.cc). What the
 * sums can become is known, and is nearly always within 32 bits: then so is all that is computed.
 *
 * @throws UserError 'model' where a result would not fit 32 bits
 */
export function wideRequants(node: TfliteNode, channels: readonly ExactChannel[]): Requant[] {
  const reduced = channels.map((channel) => {
    const { shift } = channel;
    const multiplier = Math.min(32767, Math.floor((channel.multiplier + 2 ** 15) / 2 ** 16));
    // without a multiplier the shift does not matter
    return { multiplier, shift: multiplier === 0 ? LEAST_SHORT_SHIFT : 15 - shift };
  });
  const fits = channels.every(({ min, max, shift }, k) =>
    [min, max].every(
      (acc) => shift <= MOST_SHIFT && Math.abs(multipliedWide(acc, reduced[k]!)) < INT32_LIMIT,
    ),
  );
  if (!fits) throw wrong(node, say`has scales too far apart for 32 bits`);
  const isShort =
    channels.every(({ min, max }) => min >= -INT32_LIMIT && max < INT32_LIMIT) &&
    reduced.every(({ shift }) => shift >= LEAST_SHORT_SHIFT);
  return reduced.map((m) => ({ pre: 0, multiplier: 0, post: 1, wide: { ...m, isShort } }));
}
