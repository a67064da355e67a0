/** Numbers of int16: which operators take them, and those that are tables of 256 results in int8. */
import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import { INT16_OPERATORS, type IntegerOperator } from '../../model/formats/tflite/integers.ts';
import type { QTfliteSigmoid, QuantizedValue, SignedMultiplier } from '../quantizedGraph.ts';
import { type Multiplier, quantizeMultiplier, roundAway } from './fixedPoint.ts';
import { checkedChannel, requireScale, requireSymmetric, type TfliteLowering, wrong } from './lowering.ts';
import type { SigmoidInput } from './sigmoid.ts';
import { EXPONENT_SCALE } from './softmax16.ts';

/** Operators between numbers of different types. */
const CONVERSIONS: ReadonlySet<string> = new Set<IntegerOperator>(['DEQUANTIZE', 'QUANTIZE', 'SOFTMAX']);

/** Those whose numbers are int8, but what they keep, or are told, may be int16: they look at each type themselves. */
const MIXED: ReadonlySet<string> = new Set<IntegerOperator>(['SVDF']);

/** @throws UserError 'model' for numbers of int16 that an operator does not take: at all, with a zero point, or beside others */
export function checkInt16(lowering: TfliteLowering, node: TfliteNode): void {
  if (MIXED.has(node.type)) return;
  const { inputs, outputs } = node.operator;
  const tensors = [...inputs, ...outputs].flatMap((k) => (k < 0 ? [] : [lowering.tensor(k)]));
  const wide = tensors.filter((t) => t.type === 'INT16' && !t.isVariable);
  if (wide.length === 0) return;
  const numbers = INT16_OPERATORS[node.type as IntegerOperator];
  if (!numbers) throw wrong(node, say`has numbers of INT16; it is computed exactly in int8 only`);
  for (const { index, quantization } of numbers === 'symmetric' ? wide : []) {
    for (const zero of quantization?.zeroPoints ?? []) requireSymmetric(node, lowering.nameOf(index), zero);
  }
  const flows = tensors.find((t) => !t.data && (t.type === 'INT8' || t.type === 'UINT8'));
  if (flows && !CONVERSIONS.has(node.type)) {
    throw wrong(node, say`has numbers of INT16 and of ${flows.type}, '${lowering.nameOf(flows.index)}'; both have to be of one type`); // prettier-ignore
  }
}

/** A function of each number that requantizes it, one way above zero and one below. */
export interface Rescaling {
  readonly above: Multiplier;
  /** As `above` where left out. */
  readonly below?: SignedMultiplier;
  /** Other bounds than the result's. */
  readonly bounds?: { readonly lo: number; readonly hi: number };
}

/** Adds a node that requantizes number by number, between int8 and int16 in either direction, or to int32. @param name of what it computes */
export function emitRescale(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  result: QuantizedValue,
  name: string,
  { above, below = above, bounds = result }: Rescaling,
): QuantizedValue {
  const [min, max] = [x.lo - x.offset, x.hi - x.offset];
  for (const multiplier of [above, below]) checkedChannel(node, { min, max, ...multiplier }, 'int16');
  const { lo, hi } = bounds;
  const y = { ...result, lo, hi };
  return lowering.emit(node, [x], y, { kind: 'rescale', function: name, above, below, lo, hi });
}

/** Fractional bits of an input that needs no multiplier but 3. */
const INPUT_BITS = 12;
/** A logarithm that is so near a whole number counts as one. */
const NEAR = 1e-3;

/**
 * LOGISTIC and TANH (tensorflow/lite/micro/kernels/logistic_common.cc, tanh.cc).
 *
 * @param shifts by which an input in a power of two may be moved, before it is treated as any other
 * @throws UserError 'model' for scales that the table does not take
 */
export function lowerSigmoid(
  lowering: TfliteLowering,
  node: TfliteNode,
  name: QTfliteSigmoid['function'],
  shifts: readonly number[],
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireScale(node, y, 2 ** -15);
  const log = Math.log2(x.scale);
  const left = INPUT_BITS + roundAway(log);
  const isPower = Math.abs(log - roundAway(log)) < NEAR && shifts.includes(left);
  const input: SigmoidInput = isPower ? { multiplier: 3 * 2 ** left, shift: 0 } : inputOf(x.scale);
  if (input.multiplier > 32767) {
    throw wrong(node, say`has an input of scale ${x.scale}, too coarse for its table`);
  }
  lowering.emit(node, [x], y, { kind: 'tfliteSigmoid', function: name, ...input });
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

/** Up to which a difference of two numbers, of 17 bits, may be moved within 32. */
const MOST_SHIFT = 14;

/** SOFTMAX over the last axis (tensorflow/lite/micro/kernels/softmax_common.cc). */
export function lowerSoftmax16(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  y: QuantizedValue,
  beta: number,
): void {
  for (const v of [x, y]) requireSymmetric(node, v.name, v.offset);
  requireScale(node, y, 2 ** -15);
  const multiplier = quantizeMultiplier((x.scale * beta) / EXPONENT_SCALE);
  if (multiplier.shift > MOST_SHIFT) throw wrong(node, say`has scales too far apart for 32 bits`);
  lowering.emit(node, [x], y, { kind: 'tfliteSoftmax16', ...multiplier });
}
