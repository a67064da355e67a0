/** Greater and smaller of two values, quotients, and slopes below zero: how they are lowered, and what their integers are. */
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { sameParams } from '../model/params.ts';
import { extreme, span } from './elementwise.ts';
import { precisionOf, type QDiv, type QExtreme, type QPrelu, type QuantizedValue } from './quantizedGraph.ts';
import { chooseRequant, clampInt, findRequant, requantizer, STORAGE_BIAS } from './requantize.ts';
import { limits } from './schemas.ts';

const FREE_BITS = 15;
const MOST_BITS = 24;
const INT32_LIMIT = 2 ** 31 - 1;

/** The greater or the smaller of two values, compared in units of the output. */
export function lowerExtreme(
  kind: QExtreme['kind'],
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): Omit<QExtreme, 'name' | 'inputs' | 'output'> {
  if (sameParams(a, y) && sameParams(b, y)) {
    return { kind, ma: 1, mb: 1, constant: y.offset, post: 0, lo: y.lo, hi: y.hi };
  }
  for (let post = MOST_BITS; post >= 1; post--) {
    const [ma, mb] = [a, b].map((v) => Math.round((v.scale / y.scale) * 2 ** post)) as [number, number];
    const constant = 2 ** (post - 1) + y.offset * 2 ** post;
    // compiled code works on q + 128
    const most = (v: QuantizedValue, m: number): number =>
      m * (extreme(v) + Math.abs(v.offset) + STORAGE_BIAS);
    const largest = Math.max(most(a, ma), most(b, mb)) + Math.abs(constant) + STORAGE_BIAS * 2 ** post;
    const isShort = Math.max(ma, mb) <= 2 ** FREE_BITS || post === 1;
    if (isShort && largest <= INT32_LIMIT) return { kind, ma, mb, constant, post, lo: y.lo, hi: y.hi };
  }
  throw cannotBeQuantized(a, b, y);
}

/** a / b: a quotient with as many bits behind the point as 32 bits have room for, requantized. */
export function lowerDiv(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): Omit<QDiv, 'name' | 'inputs' | 'output'> {
  const largest = (v: QuantizedValue): number =>
    Math.max(1, Math.abs(v.lo - v.offset), Math.abs(v.hi - v.offset));
  const shift = Math.floor(Math.log2((INT32_LIMIT - largest(b)) / largest(a)));
  const ratio = a.scale / (b.scale * y.scale * 2 ** shift);
  const { qmin, qmax } = limits(precisionOf(y));
  const limit = Math.min(largest(a) * 2 ** shift, Math.ceil((qmax - qmin + 1) / ratio));
  const requant = chooseRequant(ratio, y.offset, { min: -limit, max: limit }, FREE_BITS);
  return { kind: 'div', shift, limit, requant, lo: y.lo, hi: y.hi };
}

/** a, where it is below zero times b. */
export function lowerPrelu(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): Omit<QPrelu, 'name' | 'inputs' | 'output'> {
  const least = Math.min(0, a.lo - a.offset);
  const [low, high] = [Math.min(0, b.lo - b.offset), Math.max(0, b.hi - b.offset)];
  const above = { min: 0, max: Math.max(0, a.hi - a.offset) };
  const below = { min: least * high, max: least * low };
  const positive = findRequant(a.scale / y.scale, y.offset, above, FREE_BITS);
  const negative = findRequant((a.scale * b.scale) / y.scale, y.offset, below, FREE_BITS);
  if (positive && negative) return { kind: 'prelu', positive, negative, lo: y.lo, hi: y.hi };
  throw cannotBeQuantized(a, b, y);
}

function cannotBeQuantized(a: QuantizedValue, b: QuantizedValue, y: QuantizedValue): UserError {
  return new UserError(
    'model',
    say`'${y.name}' cannot be quantized: '${a.name}' ranges over ${span(a)}, '${b.name}' over ${span(b)}, and it over ${span(y)} only.`,
    [{ do: 'keepWholeRange' }, say`Profile with more typical samples.`],
  );
}

/** What a pair of integers comes to, before the clamp. */
export function pairInts(
  node: QExtreme | QDiv | QPrelu,
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): (p: number, q: number) => number {
  switch (node.kind) {
    case 'max':
    case 'min': {
      const choose = Math[node.kind];
      return (p, q) =>
        (choose((p - a.offset) * node.ma, (q - b.offset) * node.mb) + node.constant) >> node.post;
    }
    case 'div': {
      const requantize = requantizer(node.requant, y.offset);
      return (p, q) => requantize(quotient(node, p - a.offset, q - b.offset));
    }
    case 'prelu': {
      const above = requantizer(node.positive, y.offset);
      const below = requantizer(node.negative, y.offset);
      return (p, q) => {
        const n = p - a.offset;
        return n < 0 ? below(Math.imul(n, q - b.offset)) : above(n);
      };
    }
  }
}

function quotient({ shift, limit }: QDiv, a: number, d: number): number {
  const n = a * 2 ** shift;
  if (d === 0) return Math.sign(n) * limit;
  const half = Math.abs(d) >> 1;
  return clampInt(Math.trunc((n < 0 ? n - half : n + half) / d), -limit, limit);
}
