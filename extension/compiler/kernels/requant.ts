import type { QuantizedValue } from '../../quantize/quantizedGraph.ts';
import {
  type AccRange,
  type ExactFunction,
  type ExactRequant,
  isFloatScale,
  preHalf,
  type Requant,
  requantConstant,
} from '../../quantize/requantize.ts';
import type { Costs } from '../target/costs.ts';
import type { Layout } from '../values/layout.ts';
import type { LayerContext } from './kernel.ts';
import { block, type Code, intLiteral, plus, times } from '../c/code.ts';

/**
 * Requantization of one channel as C computes it: (acc * multiplier + constant) >> post, or with `pre`
 * ((acc >> pre) * multiplier + constant) >> post. Bias, zero-point correction, rounding and output offset are all in
 * `constant`, or in `init`, the accumulator's first value, where they do not fit behind the multiplication.
 */
export interface FoldedRequant extends Requant {
  readonly init: number;
  readonly constant: number;
  /** Output offset, as stored. */
  readonly zero: number;
}

const INT32 = 2 ** 31;

/** Stored numbers of 8 bits are computed as 0..255 and moved to -128..127 only when stored in an int8 placeholder. */
export function storeBias(l: Layout): number {
  return l.bytesPerElement === 1 ? 128 : 0;
}

/**
 * Folds an additive accumulator term (bias - zero point * sum of weights) into the requantization.
 *
 * @param raw range of the accumulator without `term`
 */
export function foldRequant(
  r: Requant,
  term: number,
  y: QuantizedValue,
  out: Layout,
  raw: AccRange,
): FoldedRequant {
  const zero = y.offset + storeBias(out);
  const constant = requantConstant(r, zero);
  // the exact function is told the accumulator as it is
  if (r.exact || r.wide) return { ...r, init: term, constant, zero };
  const folded = constant + term * r.multiplier;
  const inRange =
    Math.abs(folded) < INT32 && Math.max(Math.abs(raw.min), Math.abs(raw.max)) * r.multiplier < INT32;
  if (r.pre === 0 && inRange) return { ...r, init: 0, constant: folded, zero };
  return { ...r, init: term + preHalf(r), constant, zero };
}

/**
 * The call that requantizes an accumulator by another function than the form; undefined for the form.
 *
 * @param requant says which function; all channels of a layer have the same
 * @param multiplier expression of the function's multiplier, and of its shift
 */
export function requantCall(
  context: LayerContext,
  { exact, wide }: Pick<Requant, 'exact' | 'wide'>,
  acc: string,
  multiplier: string,
  shift: string,
): string | undefined {
  if (exact && isFloatScale(exact)) return `${context.helper('scale')}(${acc}, ${multiplier})`;
  const helper = exact ? 'requantize' : wide && (wide.isShort ? 'requantizeWide' : 'requantizeLong');
  return helper && `${context.helper(helper)}(${acc}, ${multiplier}, ${shift})`;
}

/** The exact requantization of each channel; undefined for a layer that is not computed so. */
export function exactOf(folded: readonly FoldedRequant[]): readonly ExactRequant[] | undefined {
  const exact = folded.map((r) => r.exact).filter((e) => e !== undefined);
  return exact.length === 0 ? undefined : exact;
}

/** Drops factors of two that multiplier and constant share: a shorter multiplier and shift with the same result. */
export function reduceRequant(r: FoldedRequant): FoldedRequant {
  if (r.exact || r.wide) return r;
  let { multiplier, constant, post } = r;
  while (post > 1 && multiplier % 2 === 0 && constant % 2 === 0) {
    multiplier /= 2;
    constant /= 2;
    post--;
  }
  return { ...r, multiplier, constant, post };
}

/** Whether a layer's sums may need more than 32 bits. */
export function isLong(requants: readonly Requant[]): boolean {
  return requants.some((r) => r.wide?.isShort === false);
}

/** The accumulator with its first value, for those that do not begin with it. @param acc a name */
export function withInit(acc: string, { init }: FoldedRequant): string {
  return init === 0 ? acc : `(${plus(acc, init)})`;
}

/** The C expression of a requantized accumulator, before the clamp, with everything known at compile time. */
export function requantExpression(context: LayerContext, acc: string, r: FoldedRequant): string {
  const called = r.exact ?? r.wide;
  if (called) {
    const { multiplier, shift } = called;
    return plus(requantCall(context, r, acc, intLiteral(multiplier), String(shift))!, r.zero);
  }
  const shifted = r.pre > 0 ? `(${acc} >> ${r.pre})` : acc;
  if (r.multiplier === 0) return intLiteral(r.constant >> r.post);
  return `(${plus(times(shifted, r.multiplier), r.constant)}) >> ${r.post}`;
}

/**
 * Statements that requantize an accumulator and store it: by the form alone, or with a second look at what it leaves open, which
 * spares cores without a long multiplication the exact one.
 *
 * @param store makes a statement of an expression of the result, before the clamp
 */
export function requantStatements(
  context: LayerContext,
  acc: string,
  r: FoldedRequant,
  store: (value: string) => string,
): Code {
  const { exact, pre, multiplier, post, constant } = r;
  if (!exact || exact.band === 0 || multiplier === 0) return [store(requantExpression(context, acc, r))];
  const shifted = pre > 0 ? `(${acc} >> ${pre})` : acc;
  const form = plus(times(shifted, multiplier), constant);
  const again = `v = ${requantExpression(context, acc, r)};`;
  return [block('', [...lookAgain(form, { post, band: exact.band }, again), store('v')])];
}

/**
 * Statements that make `v` of a form by its last shift, and mend it where what is shifted out lies in the band.
 *
 * @param again the statement that does so
 */
export function lookAgain(form: string, { post, band }: { post: number; band: number }, again: string): Code {
  return [
    `const int32_t form = ${form};`,
    `int32_t v = form >> ${post};`,
    block(`if ((form & ${2 ** post - 1}) < ${band})`, [again]),
  ];
}

/** True when outputs saturate to all of 0..255, which one comparison decides. */
export function isFullByte(lo: number, hi: number, out: Layout): boolean {
  const bias = storeBias(out);
  return out.bytesPerElement === 1 && lo + bias <= 0 && hi + bias >= 255;
}

/** Predicted cycles that saturating takes more than to all of 0..255. */
export function clampCost(costs: Costs, lo: number, hi: number, out: Layout): number {
  return isFullByte(lo, hi, out) ? 0 : costs.twoBounds;
}

/** Predicted cycles that C takes more for a result that it requantizes exactly. */
export function exactCost({ exact }: Costs, fn: ExactFunction): number {
  return isFloatScale(fn) ? exact.float : exact.fixed;
}

/** The share of a channel's results that are looked at again, and then requantized exactly: those within the band, without a form all. */
export function againShare({
  exact,
  multiplier,
  post,
}: Pick<Requant, 'exact' | 'multiplier' | 'post'>): number {
  if (!exact) return 0;
  return multiplier === 0 ? 1 : exact.band / 2 ** post;
}

/** The C expression that saturates `value` (in stored units, 8 bits as 0..255) and casts it to the output's type. */
export function saturate(context: LayerContext, value: string, lo: number, hi: number, out: Layout): string {
  const bias = storeBias(out);
  const [low, high] = [lo + bias, hi + bias];
  if (out.bytesPerElement === 1) {
    const clamped = isFullByte(lo, hi, out)
      ? `${context.helper('clampU8')}(${value})`
      : `${context.helper('clamp')}(${value}, ${low}, ${high})`;
    return out.type === 'uint8_t' ? `(uint8_t)${clamped}` : `(int8_t)(${clamped} - 128)`;
  }
  return `(int16_t)${context.helper('clamp')}(${value}, ${low}, ${high})`;
}
