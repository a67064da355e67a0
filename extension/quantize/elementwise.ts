import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { QAdd, QConcat, QMul, QuantizedValue } from './quantizedGraph.ts';
import { chooseRequant, findRequant, STORAGE_BIAS } from './requantize.ts';
import { productRange } from './sums.ts';

const FREE_BITS = 15;
/** Multipliers of an addition: 15 bits keep the error of each below 2^-16 of its operand. */
const ADD_MULTIPLIER = 2 ** 15;
const INT32_LIMIT = 2 ** 31 - 1;

/** a + b, or a - b, as q = clamp((qa * ma + qb * mb + constant) >> post): both offsets, rounding and output offset in the constant. */
export function lowerAdd(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  sign: 1 | -1 = 1,
): Pick<QAdd, 'kind' | 'ma' | 'mb' | 'constant' | 'post' | 'lo' | 'hi'> {
  for (let post = 24; post >= 1; post--) {
    const ma = Math.round((a.scale / y.scale) * 2 ** post);
    const mb = sign * Math.round((b.scale / y.scale) * 2 ** post);
    const constant = 2 ** (post - 1) + y.offset * 2 ** post - a.offset * ma - b.offset * mb;
    // compiled code works on q + 128: its partial sums and its constant are larger by that
    const sums = ma * extreme(a) + Math.abs(mb) * extreme(b);
    const largest = sums + Math.abs(constant) + STORAGE_BIAS * (ma + Math.abs(mb) + 2 ** post);
    const small = Math.max(ma, Math.abs(mb)) <= ADD_MULTIPLIER || post === 1;
    if (small && largest <= INT32_LIMIT) return { kind: 'add', ma, mb, constant, post, lo: y.lo, hi: y.hi };
  }
  throw new UserError(
    'model',
    say`The sum '${y.name}' cannot be quantized: '${a.name}' ranges over ${span(a)}, '${b.name}' over ${span(b)}, and nearly all of it cancels.`,
    say`Profile with more typical samples.`,
  );
}

/** A sum before the clamp. */
export function sumInts(node: QAdd, p: number, q: number, offset: number): number {
  const form = p * node.ma + q * node.mb + node.constant;
  const sum = form >> node.post;
  const isHalf = node.even !== undefined && (form & (2 ** node.post - 1)) < node.even;
  return isHalf ? sum - ((sum ^ offset) & 1) : sum;
}

/** Real width of a value's range. */
export function span(v: QuantizedValue): number {
  return v.scale * (v.hi - v.lo);
}

export function extreme(v: QuantizedValue): number {
  return Math.max(Math.abs(v.lo), Math.abs(v.hi)) + STORAGE_BIAS;
}

/**
 * a * b: the product of q - offset of both, requantized.
 * @throws UserError 'model' where nearly all products lie beyond y's range
 */
export function lowerMul(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): Pick<QMul, 'kind' | 'requant' | 'lo' | 'hi'> {
  const requant = findRequant((a.scale * b.scale) / y.scale, y.offset, productRange(a, b), FREE_BITS);
  if (requant) return { kind: 'mul', requant, lo: y.lo, hi: y.hi };
  throw new UserError(
    'model',
    say`The product '${y.name}' cannot be quantized: '${a.name}' ranges over ${span(a)}, '${b.name}' over ${span(b)}, and their product over ${span(y)} only.`,
    [{ do: 'keepWholeRange' }, say`Profile with more typical samples.`],
  );
}

/** Inputs whose parameters differ from the output's are requantized, the others copied. */
export function lowerConcat(
  inputs: readonly QuantizedValue[],
  y: QuantizedValue,
  axis: number,
): Pick<QConcat, 'kind' | 'axis' | 'requant'> {
  const requant = inputs.map((x) =>
    x.scale === y.scale && x.offset === y.offset
      ? undefined
      : chooseRequant(x.scale / y.scale, y.offset, { min: x.lo - x.offset, max: x.hi - x.offset }, FREE_BITS),
  );
  return { kind: 'concat', axis, requant };
}
