import { largest } from '../common/lists.ts';
import { clampInt } from './requantize.ts';
import { dequantize, limits, type Precision, type QuantParams, quantizeReal } from './schemas.ts';

/**
 * Output of a function for each of the 256 int8 inputs; index q + 128. Infinities saturate; where the function is not defined (the
 * root of a negative number), it has the value of the nearest point at which it is.
 */
export function lookupTable(fn: (x: number) => number, x: QuantParams, y: QuantParams): Int8Array {
  const range = limits('int8');
  const reals = defined(Float64Array.from({ length: 256 }, (_, i) => fn(dequantize(i - 128, x))));
  return Int8Array.from(reals, (v) => quantizeReal(v, y, range));
}

/** int16: outputs at the 513 points -32768, -32640, .. 32768, as those of `lookupTable`; between them the kernel interpolates. */
export function interpolationTable(fn: (x: number) => number, x: QuantParams, y: QuantParams): Int16Array {
  const range = limits('int16');
  const reals = defined(Float64Array.from({ length: 513 }, (_, i) => fn(dequantize(i * 128 - 32768, x))));
  return Int16Array.from(reals, (v) => quantizeReal(v, y, range));
}

/** Numbers with the nearest one in place of each NaN, 0 where there are none. */
function defined(reals: Float64Array): Float64Array {
  const points = [...reals.keys()].filter((i) => !Number.isNaN(reals[i]!));
  if (points.length === reals.length) return reals;
  let next = 0;
  return reals.map((v, i) => {
    if (!Number.isNaN(v)) return v;
    const distance = (k: number): number => Math.abs((points[k] ?? Infinity) - i);
    while (distance(next + 1) < distance(next)) next++;
    return reals[points[next] ?? -1] ?? 0;
  });
}

/** One step of the interpolation that `interpolationTable` is made for. */
export function interpolate(table: Int16Array, q: number): number {
  const i = (q + 32768) >> 7;
  const f = (q + 32768) & 127;
  return (table[i]! * (128 - f) + table[i + 1]! * f + 64) >> 7;
}

/** Entries an exponent table may have: 256 differences of int8 fit one to one. */
const EXPONENT_ENTRIES = 257;

/** exp(-d * scale) * 65535 for differences d to the largest input, at distances of 1 << step. */
export function exponentTable(scale: number, precision: Precision): { table: Uint16Array; step: number } {
  const largest = precision === 'int8' ? 255 : 65535;
  // beyond this difference the exponent rounds to 0
  const useful = Math.min(largest, Math.ceil(12 / scale));
  let step = 0;
  if (precision === 'int16') while (useful >> step >= EXPONENT_ENTRIES) step++;
  const length = (useful >> step) + 2;
  const table = Uint16Array.from({ length }, (_, i) => Math.round(Math.exp(-i * 2 ** step * scale) * 65535));
  if (useful < largest) table[length - 1] = 0;
  return { table, step };
}

/** Exponent of a difference d >= 0, 0 beyond the table. */
export function exponent(table: Uint16Array, step: number, d: number): number {
  const i = d >> step;
  if (i >= table.length - 1) return table[table.length - 1]!;
  const f = d & ((1 << step) - 1);
  return table[i]! - (((table[i]! - table[i + 1]!) * f) >> step);
}

/** Softmax of one group of quantized inputs; see QSoftmax for the arithmetic, all of it in unsigned 32 bits. */
export function softmaxInts(
  q: ArrayLike<number>,
  table: Uint16Array,
  step: number,
  outScale: number,
  offset: number,
  hi: number,
): number[] {
  const all = Array.from(q);
  const max = largest(all);
  const e = all.map((v) => exponent(table, step, max - v));
  const sum = e.reduce((a, b) => a + b, 0);
  const half = Math.floor(sum / 2);
  return e.map((v) => clampInt(Math.floor((v * outScale + half) / sum) + offset, -32768, hi));
}
