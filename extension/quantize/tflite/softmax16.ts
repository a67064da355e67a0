import { clampInt } from '../requantize.ts';
import { interpolate } from '../tables.ts';
import { type Multiplier, multiplied, roundAway } from './fixedPoint.ts';

/** From the least number of int16 to the largest. */
const RANGE = 65535;
/** Of the exponents' table: its least number is e^-10, below which nothing counts. */
export const EXPONENT_SCALE = 10 / RANGE;
const INTERVALS = 512;

/**
 * A function over int16 numbers as 513 points, between which straight lines are drawn; each is moved by half of what the line misses in
 * its middle. All in float32 (`LUTPopulateInt16`, tensorflow/lite/kernels/internal/common.h).
 *
 * @param scale of the numbers @param offset of them @returns 32768ths
 */
function lineTable(scale: number, offset: number, fn: (x: number) => number): Int16Array {
  const f = Math.fround;
  const [least, most] = [f(f(scale) * (-32768 - offset)), f(f(scale) * (32767 - offset))];
  const step = f(f(most - least) / INTERVALS);
  const half = f(step / 2);
  const unit = f(2 / RANGE);
  const inverse = f(65536 / f(f(unit * 32767) - f(unit * -32768)));
  const at = (x: number): number => f(f(fn(x)) * inverse);
  const round = (x: number): number => f(roundAway(x));
  const table = Array.from({ length: INTERVALS }, (_, i) => {
    const x = f(least + f(i * step));
    const sample = round(at(x));
    const between = round(f(f(at(f(least + f((i + 1) * step))) + sample) / 2));
    const error = f(between - round(at(f(x + half))));
    return f(sample - round(f(error / 2)));
  });
  return Int16Array.from([...table, round(at(most))], (v) => clampInt(v, -32768, 32767));
}

/** Of softmax over int16: e^x for x from -10 to 0, and 1 / (1 + x) for x from 0 to 1. */
export const SOFTMAX_TABLES = {
  exponents: lineTable(EXPONENT_SCALE, 32767, Math.exp),
  reciprocals: lineTable(1 / RANGE, -32768, (x) => Math.fround(1 / Math.fround(1 + x))),
} as const;

/**
 * Softmax of one row (`SoftmaxInt16`, tensorflow/lite/kernels/internal/reference/softmax.h).
 *
 * @param x q, int16
 * @param multiplier makes the exponents' table's numbers of differences from the largest
 * @returns int16 in 32768ths
 */
export function softmaxRow16(x: ArrayLike<number>, multiplier: Multiplier): Int32Array {
  const { exponents, reciprocals } = SOFTMAX_TABLES;
  const q = Array.from(x);
  const largest = q.reduce((a, b) => Math.max(a, b));
  const e = q.map((v) =>
    interpolate(exponents, clampInt(multiplied(v - largest, multiplier) + 32767, -32768, 32767)),
  );
  const sum = e.reduce((a, b) => a + b);
  const headroom = Math.clz32(sum);
  // 1 to 2 as 65536 to 131072, of which the table takes what is above 1
  const scaled = Math.floor((sum * 2 ** (headroom - 1) + 2 ** 13) / 2 ** 14);
  const reciprocal = interpolate(reciprocals, clampInt(scaled - 65536 - 32768, -32768, 32767));
  const shift = 31 - headroom;
  return Int32Array.from(e, (v) => Math.min(32767, (v * reciprocal + 2 ** (shift - 1)) >> shift));
}
