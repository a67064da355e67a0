import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import { say } from '../../common/errors/sentence.ts';
import type { QTfliteSigmoid } from '../quantizedGraph.ts';
import { roundAway } from './fixedPoint.ts';
import { requireScale, type TfliteLowering, wrong } from './lowering.ts';

/** Entries of the table are so far apart: table[i] is the sigmoid of i / 24. */
const STEPS = 24;
const ENTRIES = 256;

/**
 * The sigmoid of i / 24 in 65536ths, each raised by half of what a straight line to the next lacks in the middle, which halves the
 * error of interpolation; the last is the largest number (`sigmoid_table_uint16`, tensorflow/lite/kernels/internal/common.h).
 */
export const SIGMOID_TABLE: Uint16Array = Uint16Array.from({ length: ENTRIES }, (_, i) => {
  if (i === ENTRIES - 1) return 65535;
  const at = (k: number): number => 65536 / (1 + Math.exp(-k / STEPS));
  return Math.round(at(i) - ((at(i) + at(i + 1)) / 2 - at(i + 0.5)) / 2);
});

/** A table index below this is interpolated; from it on a function has its limit. */
const LIMIT = ENTRIES - 1;

/** How an int16 number becomes the table's input, in 12288ths: (q · multiplier + half) >> shift. */
type SigmoidInput = Pick<QTfliteSigmoid, 'multiplier' | 'shift'>;

/** @param q int16 @returns the argument of `sigmoid` and `hyperbolicTangent` */
function sigmoidInput(q: number, { multiplier, shift }: SigmoidInput): number {
  return (q * multiplier + (shift > 0 ? 2 ** (shift - 1) : 0)) >> shift;
}

/** `Logistic` of int16 (reference/integer_ops/logistic.h). @param v in 12288ths @returns 32768ths */
function sigmoid(v: number): number {
  const result = interpolated(Math.abs(v), 9, 32767 * 1024);
  return (v >= 0 ? result + 512 : 2 ** 25 - result + 511) >> 10;
}

/** `Tanh` of int16: 2 · sigmoid(2 · x) - 1 (reference/integer_ops/tanh.h). @param v in 12288ths @returns 32768ths */
function hyperbolicTangent(v: number): number {
  const result = interpolated(Math.abs(v), 8, 65535 * 256);
  return (v >= 0 ? result - 2 ** 23 + 128 : 2 ** 23 - result + 127) >> 8;
}

/** The function of q that a node computes. */
export function sigmoidOf(node: QTfliteSigmoid): (q: number) => number {
  const fn = node.function === 'sigmoid' ? sigmoid : hyperbolicTangent;
  return (q) => fn(sigmoidInput(q, node));
}

/** The table at size / 2^bits, times 2^bits. */
function interpolated(size: number, bits: number, limit: number): number {
  const i = Math.floor(size / 2 ** bits);
  if (i >= LIMIT) return limit;
  const [a, b] = [SIGMOID_TABLE[i]!, SIGMOID_TABLE[i + 1]!];
  return a * 2 ** bits + (size % 2 ** bits) * (b - a);
}

/** Fractional bits of an input that needs no multiplier but 3. */
const INPUT_BITS = 12;
/** A logarithm that is so near a whole number counts as one. */
const NEAR = 1e-3;

/**
 * LOGISTIC and TANH of int16 (tensorflow/lite/micro/kernels/logistic_common.cc, tanh.cc).
 *
 * @param shifts by which an input in a power of two may be moved, before it is treated as any other
 * @throws UserError 'model' for scales that the table does not take
 */
export function lowerSigmoid(
  lowering: TfliteLowering,
  node: TfliteNode,
  fn: QTfliteSigmoid['function'],
  shifts: readonly number[],
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireScale(node, y, 2 ** -15);
  const log = Math.log2(x.scale);
  const left = INPUT_BITS + roundAway(log);
  const isPower = Math.abs(log - roundAway(log)) < NEAR && shifts.includes(left);
  const input = isPower ? { multiplier: 3 * 2 ** left, shift: 0 } : inputOf(x.scale);
  if (input.multiplier > 32767)
    throw wrong(node, say`has an input of scale ${x.scale}, too coarse for its table`);
  lowering.emit(node, [x], y, { kind: 'tfliteSigmoid', function: fn, ...input });
}

function inputOf(scale: number): SigmoidInput {
  let multiplier = scale * 3 * 2 ** INPUT_BITS;
  let shift = 0;
  while (multiplier <= 32767 / 2 && shift <= 30) {
    multiplier *= 2;
    shift++;
  }
  return { multiplier: Math.trunc(multiplier), shift };
}
