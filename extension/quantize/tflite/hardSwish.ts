import { divideByPowerOfTwo, quantizeMultiplier } from './fixedPoint.ts';
import type { QuantParams } from '../schemas.ts';

const INT16_MAX = 32767;
const INT16_MIN = -32768;

/**
 * HARD_SWISH of one int8 number before the clamp, in its 16-bit arithmetic
 * (tensorflow/lite/kernels/internal/reference/hard_swish.h). Scales are float32 as there.
 */
export function hardSwish(q: number, x: QuantParams, y: QuantParams): number {
  const hires = Math.fround(Math.fround(1 / 128) * x.scale);
  const output = quantizeMultiplier(Math.fround(hires / y.scale));
  const reluish = quantizeMultiplier(Math.fround(hires / Math.fround(3 / 32768)));
  const value = saturate16((q - x.offset) * 128);
  const onOutput = highMul16(value, downscaled(output.multiplier));
  let gate = value;
  if (reluish.shift > 0) gate = saturate16(gate * 2 ** (reluish.shift - 1));
  gate = highMul16(gate, downscaled(reluish.multiplier));
  if (reluish.shift > 0) gate = saturate16(gate * 2);
  if (reluish.shift < 0) gate = divideByPowerOfTwo(gate, -reluish.shift);
  gate = (gate + 32768) >> 1;
  const product =
    gate === INT16_MIN && onOutput === INT16_MIN ? INT16_MAX : Math.trunc((gate * onOutput) / 32768);
  return divideByPowerOfTwo(product, -output.shift) + y.offset;
}

/** `DownScaleInt32ToInt16Multiplier` */
function downscaled(multiplier: number): number {
  return multiplier >= 2 ** 31 - 1 - 32768 ? INT16_MAX : (multiplier + 32768) >> 16;
}

/** gemmlowp's SaturatingRoundingDoublingHighMul of 16 bits. */
function highMul16(a: number, b: number): number {
  if (a === INT16_MIN && b === INT16_MIN) return INT16_MAX;
  const product = a * b;
  return Math.trunc((product + (product >= 0 ? 16384 : 1 - 16384)) / 32768);
}

function saturate16(v: number): number {
  return Math.min(INT16_MAX, Math.max(INT16_MIN, v));
}
