/** Operators on the rows of the last axis: how they are lowered, and what their integers are. */
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { largest } from '../common/lists.ts';
import type { NormalizeNode } from '../model/graph.ts';
import { precisionOf, type QLogSoftmax, type QNormalize, type QuantizedValue } from './quantizedGraph.ts';
import { clampInt } from './requantize.ts';
import { limits, type Precision } from './schemas.ts';
import { exponent, exponentTable } from './tables.ts';

/** A sum of this many numbers of 16 bits fits 32 bits. */
const MAX_ROW = 32768;

/** @throws UserError 'model' for a softmax over more values than 32 bits can sum */
export function checkSoftmax(name: string, { shape }: QuantizedValue): void {
  if (shape.at(-1)! <= MAX_ROW) return;
  throw new UserError(
    'model',
    say`'${name}' is a softmax over ${shape.at(-1)!} values; at most ${MAX_ROW} fit 32 bits.`,
    say`Leave the softmax out of the model: it does not change which class is first.`,
  );
}

// ------------------------------------------------------------------------------------------------ logarithm of softmax

const INT32_LIMIT = 2 ** 31 - 1;
/** Most bits behind the point of what is summed in output steps. */
const MOST_BITS = 20;
/** Most steps that a unit of the logarithm may have: then a difference of its table's entries has 16 bits. */
const MOST_UNIT = 2 ** 21;
const SEGMENTS = 64;

export function lowerLogSoftmax(
  name: string,
  x: QuantizedValue,
  y: QuantizedValue,
  precision: Precision,
): Omit<QLogSoftmax, 'name' | 'inputs' | 'output'> {
  checkSoftmax(name, x);
  const { qmin, qmax } = limits(precision);
  for (let post = MOST_BITS; post >= 1; post--) {
    const unit = 2 ** post / y.scale;
    const widest = (qmax - qmin) * x.scale * unit;
    const pre = Math.max(0, Math.floor(Math.log2(INT32_LIMIT / (widest + qmax - qmin))));
    const multiplier = Math.round(x.scale * unit * 2 ** pre);
    const logarithms = Int32Array.from({ length: SEGMENTS + 1 }, (_, i) =>
      Math.round(unit * (Math.log(1 + i / SEGMENTS) + 30 * Math.LN2 - Math.log(65535))),
    );
    const constant = 2 ** (post - 1) + y.offset * 2 ** post;
    // compiled code works on q + 128
    const most = widest + (qmax - qmin) + 2 * logarithms[SEGMENTS]! + Math.abs(constant) + 128 * 2 ** post;
    if (unit > MOST_UNIT || most > INT32_LIMIT) continue;
    const ln2 = Math.round(unit * Math.LN2);
    return {
      kind: 'logSoftmax',
      ...exponentTable(x.scale, precision),
      pre,
      multiplier,
      constant,
      post,
      ln2,
      logarithms,
    };
  }
  throw new UserError(
    'model',
    say`LogSoftmax '${name}' cannot be quantized: its input ranges over ${x.scale * (qmax - qmin)}, its output over ${y.scale * (qmax - qmin)}.`,
    [say`Profile with more typical samples.`, { do: 'keepWholeRange' }],
  );
}

/** One row, before the clamp. */
export function logSoftmaxInts(q: ArrayLike<number>, node: QLogSoftmax): number[] {
  const all = Array.from(q);
  const max = largest(all);
  let m = all.reduce((sum, v) => sum + exponent(node.table, node.step, max - v), 0);
  let log = 0;
  for (; m < 2 ** 30; m *= 2) log -= node.ln2;
  const t = node.logarithms;
  const i = (m >> 24) - SEGMENTS;
  log += t[i]! + (((t[i + 1]! - t[i]!) * ((m >> 8) & 65535)) >> 16);
  return all.map((v) => ((((v - max) * node.multiplier) >> node.pre) + node.constant - log) >> node.post);
}

// ------------------------------------------------------------------------------------------------------- normalization

/** Bits behind the point of int8 differences to the mean: with 15 bits of m, their product fits 32 bits. */
const INT8_BITS = 7;
/** Bits of the factor: 15 more than a root has. */
const FACTOR_BITS = 30;
/** Output steps that the largest number of a row could be away from 0; more are of outputs that are all nearly 0. */
const MOST_STEPS = 2 ** 22;
const MOST_EPSILON = 2 ** 52;

export function lowerNormalize(
  { name, centred, averaged, epsilon }: NormalizeNode,
  x: QuantizedValue,
  y: QuantizedValue,
  precision: Precision,
): Omit<QNormalize, 'name' | 'inputs' | 'output'> {
  const n = x.shape.at(-1)!;
  if (n > MAX_ROW) {
    throw new UserError(
      'model',
      say`'${name}' normalizes ${n} values together; at most ${MAX_ROW} fit 32 bits.`,
      say`Normalize parts of them.`,
    );
  }
  const bits = precision === 'int8' ? INT8_BITS : 0;
  const count = averaged ? n : 1;
  const steps = Math.min(Math.sqrt(count) / y.scale, MOST_STEPS);
  const shift = FACTOR_BITS - 1 - Math.floor(Math.log2(steps));
  return {
    kind: 'normalize',
    centred,
    bits,
    epsilon: Math.min(MOST_EPSILON, Math.round((count * epsilon * 4 ** bits) / x.scale ** 2)),
    factor: Math.floor(steps * 2 ** shift),
    shift,
  };
}

/** One row, before the clamp. */
export function normalizeInts(
  q: ArrayLike<number>,
  node: QNormalize,
  x: QuantizedValue,
  y: QuantizedValue,
): number[] {
  const unit = 2 ** node.bits;
  const all = Array.from(q);
  const n = all.length;
  const { qmin } = limits(precisionOf(x));
  const sum = all.reduce((s, v) => s + v - qmin, 0);
  const mean = node.centred ? Math.floor((sum * unit + (n >> 1)) / n) + qmin * unit : x.offset * unit;
  const differences = all.map((v) => v * unit - mean);
  const { m, s } = reciprocalRoot(
    differences.reduce((w, d) => w + d * d, node.epsilon),
    node,
  );
  return differences.map((d) => ((d * m + 2 ** (s - 1)) >> s) + y.offset);
}

/** factor / sqrt(w) as m * 2^-s */
function reciprocalRoot(w: number, { factor, shift }: QNormalize): { m: number; s: number } {
  if (w === 0) return { m: 0, s: 1 };
  let s = shift;
  for (; w >= 2 ** 32; s++) w = Math.floor(w / 4);
  for (; w < 2 ** 30; s--) w *= 4;
  let m = Math.floor(factor / Math.floor(Math.sqrt(w)));
  for (; s < 1; s++) m *= 2;
  for (; s > 30; s--) m >>= 1;
  return { m, s };
}

/** Computes each row of n numbers, and clamps what comes of it. */
export function byRows(
  x: Int32Array | Float32Array,
  n: number,
  { lo, hi }: QuantizedValue,
  compute: (row: Int32Array | Float32Array) => ArrayLike<number>,
): Int32Array {
  const out = new Int32Array(x.length);
  for (let i = 0; i < x.length; i += n) {
    const row = compute(x.subarray(i, i + n));
    for (let k = 0; k < n; k++) out[i + k] = clampInt(row[k]!, lo, hi);
  }
  return out;
}
