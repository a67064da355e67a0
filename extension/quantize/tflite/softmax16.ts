import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { QTfliteSoftmax16, QuantizedValue } from '../quantizedGraph.ts';
import { clampInt } from '../requantize.ts';
import { interpolate } from '../tables.ts';
import { multiplied, quantizeMultiplier, roundAway } from './fixedPoint.ts';
import { requireScale, requireSymmetric, type TfliteLowering, wrong } from './lowering.ts';

/** A number's range, which the tables cover. */
const RANGE = 65535;
/** Where the exponents' table begins: below e^-10 nothing counts. */
const LEAST_EXPONENT = 10;
const INTERVALS = 512;

/**
 * A function over int16 numbers as 513 points, between which straight lines are drawn; each is moved by half of what the line misses in
 * its middle. All in float32 (`LUTPopulateInt16`, tensorflow/lite/kernels/internal/common.h).
 *
 * @param inputScale of the numbers @param offset of them @param outputScale of the results
 */
function lineTable(
  inputScale: number,
  offset: number,
  outputScale: number,
  fn: (x: number) => number,
): Int16Array {
  const f = Math.fround;
  const [least, most] = [f(inputScale * (-32768 - offset)), f(inputScale * (32767 - offset))];
  const step = f(f(most - least) / INTERVALS);
  const half = f(step / 2);
  const inverse = f(65536 / f(f(outputScale * 32767) - f(outputScale * -32768)));
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

/** SOFTMAX of int16 over the last axis (tensorflow/lite/micro/kernels/softmax_common.cc). */
export function lowerSoftmax16(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  y: QuantizedValue,
  beta: number,
): void {
  for (const v of [x, y]) requireSymmetric(node, v.name, v.offset);
  requireScale(node, y, 2 ** -15);
  const f = Math.fround;
  const output = f(2 / RANGE);
  const { multiplier, shift } = quantizeMultiplier((x.scale * beta) / (LEAST_EXPONENT / RANGE));
  // a difference from the largest number has 17 bits, and has to stay within 32 when it is moved up
  if (shift > 14) throw wrong(node, say`has scales too far apart for 32 bits`);
  lowering.emit(node, [x], y, {
    kind: 'tfliteSoftmax16',
    exponents: lineTable(f(LEAST_EXPONENT / RANGE), 32767, output, Math.exp),
    reciprocals: lineTable(f(1 / RANGE), -32768, output, (v) => f(1 / f(1 + v))),
    multiplier,
    shift,
  });
}

/**
 * Softmax of one row (`SoftmaxInt16`, tensorflow/lite/kernels/internal/reference/softmax.h).
 *
 * @param x q, int16
 * @returns int16 in 32768ths
 */
export function softmaxRow16(x: ArrayLike<number>, node: QTfliteSoftmax16): Int32Array {
  const q = Array.from(x);
  const largest = q.reduce((a, b) => Math.max(a, b));
  const e = q.map((v) =>
    interpolate(node.exponents, clampInt(multiplied(v - largest, node) + 32767, -32768, 32767)),
  );
  const sum = e.reduce((a, b) => a + b);
  const headroom = Math.clz32(sum);
  // 1 to 2 as 65536 to 131072, of which the table takes what is above 1
  const scaled = Math.floor((sum * 2 ** (headroom - 1) + 2 ** 13) / 2 ** 14);
  const reciprocal = interpolate(node.reciprocals, clampInt(scaled - 65536 - 32768, -32768, 32767));
  const shift = 31 - headroom;
  return Int32Array.from(e, (v) => Math.min(32767, (v * reciprocal + 2 ** (shift - 1)) >> shift));
}
