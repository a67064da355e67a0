import { type FloatScale, scaledToEven, scaleOf } from './onnx/scaled.ts';
import { multiplied, multipliedWide, type Multiplier } from './tflite/fixedPoint.ts';

/**
 * The one definition of rounding and requantization. The interpreter calls it, the compiler emits it as C; boards and
 * PC agree bit for bit because there is no second one.
 *
 * An int32 accumulator `acc` (units: scaleIn * scaleWeight) becomes an output in units of scaleOut:
 *
 *     t = (acc + half) >> pre                     half = pre > 0 ? 1 << (pre - 1) : 0
 *     q = clamp((t * multiplier + constant) >> post, lo, hi)      constant = (offset << post) + (1 << (post - 1))
 *
 * with scaleIn * scaleWeight / scaleOut = multiplier * 2^-(pre + post). All intermediate results fit 32 bits for every
 * accumulator in [accMin, accMax], which is checked here. Shifts are arithmetic, so the result is floor(x + 1/2): one
 * rounding, ties toward +infinity. 32-bit requantization costs five instructions on Cortex-M0+, where the 64-bit product
 * of gemmlowp's scheme is a library call.
 */
export interface Requant {
  readonly pre: number;
  readonly multiplier: number;
  readonly post: number;
  /** What rounds behind the multiplier; half a step where undefined. */
  readonly rounding?: number;
  /** Of the accumulator without its sign, which the result gets back: halves go away from zero. */
  readonly isSymmetric?: boolean;
  /** With `isSymmetric`: what the accumulator is divided by, instead of the form above. */
  readonly divisor?: number;
  /** The requantization of a network that is quantized already, where the form above does not give the same for every accumulator. */
  readonly exact?: ExactRequant;
  /** TensorFlow Lite's requantization of sums in 64 bits, in place of the form above. */
  readonly wide?: WideRequant;
}

/**
 * offset + acc · multiplier · 2^(shift - 31), rounded as TensorFlow Lite does (tflite/fixedPoint.ts); or ONNX's product with a
 * float32 scale, rounded to the even one of two nearest (onnx/scaled.ts).
 */
export type ExactFunction = Multiplier | FloatScale;

export type ExactRequant = ExactFunction & {
  /** t * multiplier + constant modulo 2^post is below this wherever the exact result differs from the form's. */
  readonly band: number;
};

/** The result of an exact requantization, without the output's offset. */
export function exactly(fn: ExactFunction): (acc: number) => number {
  if (!isFloatScale(fn)) return (acc) => multiplied(acc, fn);
  const scale = scaleOf(fn);
  return (acc) => scaledToEven(acc, scale);
}

export function isFloatScale(fn: ExactFunction): fn is FloatScale {
  return 'isFloat' in fn;
}

/** The real number that an exact requantization multiplies with. */
export function ratioOf(fn: ExactFunction): number {
  return isFloatScale(fn) ? scaleOf(fn) : fn.multiplier * 2 ** (fn.shift - 31);
}

/**
 * offset + ((acc · multiplier + half) >> shift) of the whole product; multiplier in 15 bits (tflite/wide.ts). Where neither the
 * accumulator needs more than 32 bits nor the shift is less than 17, it `isShort`: two products of 32 bits give the same.
 */
export interface WideRequant extends Multiplier {
  readonly isShort: boolean;
}

/** The additive constant behind the multiplier: rounding and output offset in one. */
export function requantConstant(r: Requant, offset: number): number {
  return offset * 2 ** r.post + (r.rounding ?? 2 ** (r.post - 1));
}

/** Half of the pre-shift's unit, added to the accumulator before it; folded into the bias by the compiler. */
export function preHalf(r: Requant): number {
  return r.pre > 0 ? 2 ** (r.pre - 1) : 0;
}

/** The function from an accumulator to q before the clamp, both int32; a wide one takes what float64 holds exactly. */
export function requantizer(r: Requant, offset: number): (acc: number) => number {
  const { exact, wide } = r;
  if (exact) {
    const rounded = exactly(exact);
    return (acc) => rounded(acc) + offset;
  }
  if (wide) return (acc) => multipliedWide(acc, wide) + offset;
  if (r.isSymmetric) {
    const { divisor } = r;
    const rounding = requantConstant(r, 0);
    const size = (sum: number): number =>
      divisor ? Math.floor((sum + Math.floor(divisor / 2)) / divisor) : requantize(sum, r, rounding);
    return (acc) => (acc < 0 ? 0 - size(-acc) : size(acc)) + offset;
  }
  const constant = requantConstant(r, offset);
  return (acc) => requantize(acc, r, constant);
}

/** q before the clamp by the form at the file's head. `acc`, and the result, are int32. */
export function requantize(acc: number, r: Requant, constant: number): number {
  return (Math.imul((acc + preHalf(r)) >> r.pre, r.multiplier) + constant) >> r.post;
}

/** Smallest and largest value an accumulator can take. */
export interface AccRange {
  readonly min: number;
  readonly max: number;
}

const INT32_MAX = 2147483647;
const INT32_MIN = -2147483648;

/** Compiled code stores int8 as q + 128 and folds that into the constant, so the constant must have room for it. */
export const STORAGE_BIAS = 128;

/** True when no intermediate of requantize(), nor of the compiled form of it, leaves 32 bits for any accumulator of the range. */
export function requantFits(r: Requant, offset: number, range: AccRange): boolean {
  const half = preHalf(r);
  const low = Math.floor((range.min + half) / 2 ** r.pre) * r.multiplier;
  const high = Math.floor((range.max + half) / 2 ** r.pre) * r.multiplier;
  const least = requantConstant(r, offset);
  const most = requantConstant(r, offset + STORAGE_BIAS);
  return (
    r.post >= 1 &&
    r.post <= 31 &&
    r.pre <= 31 &&
    range.min >= INT32_MIN &&
    range.max + half <= INT32_MAX &&
    Math.min(low, low + least, least) >= INT32_MIN &&
    Math.max(high, high + most, most) <= INT32_MAX
  );
}

/**
 * Multiplier and shifts for `ratio` = scaleIn * scaleWeight / scaleOut, such that every accumulator of `range` is
 * requantized within 32 bits. The multiplier takes `bits` bits, fewer only when the ratio is so large that it must.
 */
export function chooseRequant(ratio: number, offset: number, range: AccRange, bits: number): Requant {
  const found = findRequant(ratio, offset, range, bits);
  if (found) return found;
  throw new Error(`no 32-bit requantization for ratio ${ratio}, accumulators ${range.min}..${range.max}`);
}

/** As `chooseRequant`; undefined for a ratio that takes large accumulators far beyond 32 bits. */
export function findRequant(
  ratio: number,
  offset: number,
  range: AccRange,
  bits: number,
): Requant | undefined {
  if (!(ratio > 0) || !Number.isFinite(ratio)) throw new Error(`requantization ratio ${ratio}`);
  // ratio = multiplier * 2^-shift with 2^(bits-1) <= multiplier <= 2^bits
  let shift = bits - 1 - Math.floor(Math.log2(ratio));
  let multiplier = Math.round(ratio * 2 ** shift);
  while (multiplier % 2 === 0 && shift > 1 && multiplier > 1) {
    multiplier /= 2;
    shift -= 1;
  }
  if (shift < 1) {
    multiplier *= 2 ** (1 - shift);
    shift = 1;
  }
  for (let pre = 0; pre < shift; pre++) {
    const r = { pre, multiplier, post: shift - pre };
    if (requantFits(r, offset, range)) return r;
  }
  // The accumulator's whole range is below half an output step, or absurdly above: keep what matters in a smaller ratio.
  for (let pre = 0; pre <= 31; pre++) {
    const post = Math.max(1, Math.min(16, shift - pre));
    const m = Math.max(0, Math.round(ratio * 2 ** (pre + post)));
    const r = { pre, multiplier: m, post };
    if (requantFits(r, offset, range)) return r;
  }
  return undefined;
}

/** Saturates to [lo, hi]. */
export function clampInt(q: number, lo: number, hi: number): number {
  return q < lo ? lo : q > hi ? hi : q;
}
