/**
 * The integer arithmetic of TensorFlow Lite Micro's reference kernels, with its two roundings
 * (tensorflow/lite/kernels/internal/common.h and quantization_util.cc; gemmlowp's fixedpoint.h). All numbers are int32, but for
 * the sums that `multipliedWide` takes.
 */
const INT32_MAX = 2147483647;
const INT32_MIN = -2147483648;

/** A real number as multiplier · 2^(shift - 31), the multiplier 0 or in size from 2^30 to 2^31 - 1. */
export interface Multiplier {
  readonly multiplier: number;
  readonly shift: number;
}

/** Scales so far apart that int32 arithmetic has no multiplier for their ratio. */
export class RatioTooLarge extends Error {}

/** A multiplier of which nothing is left. */
export const NOTHING: Multiplier = { multiplier: 0, shift: 0 };
/** Longer shifts to the right leave nothing, and C does not define them. */
const LEAST_SHIFT = -31;

/**
 * `QuantizeMultiplier`: the nearest multiplier and shift, 0 for what would be shifted out whole. Half is added before the fraction is cut
 * off, which takes 1 from the size of a negative one (the slope of a leaky ReLU).
 *
 * @throws RatioTooLarge for 2^31 and more
 */
export function quantizeMultiplier(real: number): Multiplier {
  if (!(Math.abs(real) < 2 ** 31)) throw new RatioTooLarge(`multiplier ${real}`);
  if (real === 0) return NOTHING;
  const { multiplier, shift } = rounded(real);
  return shift < LEAST_SHIFT ? NOTHING : { multiplier, shift };
}

function rounded(real: number): Multiplier {
  const { multiplier, shift } = ofSize(Math.abs(real));
  if (real < 0) return { multiplier: -Math.floor(multiplier - 0.5), shift };
  const nearest = Math.floor(multiplier + 0.5);
  return nearest === 2 ** 31 ? { multiplier: 2 ** 30, shift: shift + 1 } : { multiplier: nearest, shift };
}

/** A positive number's multiplier before it is rounded, and its shift. */
function ofSize(real: number): Multiplier {
  let shift = Math.floor(Math.log2(real)) + 1;
  // log2 is rounded: the fraction must lie in [1/2, 1)
  while (real / 2 ** shift >= 1) shift++;
  while (real / 2 ** shift < 0.5) shift--;
  return { multiplier: (real / 2 ** shift) * 2 ** 31, shift };
}

/** `SaturatingRoundingDoublingHighMul`: a · b / 2^31, the nearest integer, halves up. */
export function highMul(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
  // a · b = high · 2^16 + low, both exact in float64
  const high = a * Math.floor(b / 65536);
  const low = a * (((b % 65536) + 65536) % 65536) + 2 ** 30;
  return Math.floor((high + Math.floor(low / 65536)) / 32768);
}

/** `RoundingDivideByPOT`: x / 2^exponent, halves away from zero. */
export function divideByPowerOfTwo(x: number, exponent: number): number {
  if (exponent === 0) return x;
  if (exponent > 31) return 0;
  const unit = 2 ** exponent;
  const size = Math.floor((Math.abs(x) + unit / 2) / unit);
  return x < 0 ? 0 - size : size;
}

/** `SaturatingRoundingMultiplyByPOT` for a positive exponent. */
export function saturatingShift(x: number, exponent: number): number {
  return Math.min(INT32_MAX, Math.max(INT32_MIN, x * 2 ** exponent));
}

/** `MultiplyByQuantizedMultiplier` with double rounding. */
export function multiplied(x: number, { multiplier, shift }: Multiplier): number {
  const left = shift > 0 ? (x * 2 ** shift) | 0 : x;
  return divideByPowerOfTwo(highMul(left, multiplier), shift < 0 ? -shift : 0);
}

/**
 * `MultiplyByQuantizedMultiplier` of an int64 accumulator, for a multiplier that is reduced to 15 bits: (x · multiplier + half) >> shift,
 * rounded once, halves up.
 *
 * @param x an integer whose result fits 32 bits
 */
export function multipliedWide(x: number, { multiplier, shift }: Multiplier): number {
  if (shift <= 16) return Math.floor((x * multiplier + 2 ** (shift - 1)) / 2 ** shift);
  // in halves of the accumulator: the product may have more bits than float64
  const high = Math.floor(x / 65536);
  const low = x - high * 65536;
  const product = high * multiplier + Math.floor((low * multiplier) / 65536);
  return Math.floor((product + 2 ** (shift - 17)) / 2 ** (shift - 16));
}

/** `TfLiteRound`: the nearest integer, halves away from zero. */
export function roundAway(x: number): number {
  return x < 0 ? 0 - Math.floor(0.5 - x) : Math.floor(x + 0.5);
}
