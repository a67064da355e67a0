import { say } from '../../../../common/errors/sentence.ts';
import { sameIntegers } from '../../../import/integers.ts';
import {
  type FloatConstant,
  type FlowingParams,
  type IntConstant,
  type IntegerType,
  isDynamic,
  type Operand,
  type Real,
} from '../../../import/operand.ts';
import type { Shape } from '../../../graph.ts';
import { strides } from '../../../indexing.ts';
import type { OnnxContext } from '../context.ts';

/** real = scale · (q - zero point): one of each, or one for each position along an axis. */
export interface TensorParams {
  readonly scales: readonly number[];
  /** As many. */
  readonly zeroPoints: readonly number[];
  /** Of the zero points, and so of the integers; undefined where the file leaves them out. */
  readonly type: IntegerType | undefined;
}

const RANGES: Readonly<Record<IntegerType, readonly [number, number]>> = {
  INT8: [-128, 127],
  UINT8: [0, 255],
  INT16: [-32768, 32767],
  UINT16: [0, 65535],
  INT32: [-2147483648, 2147483647],
};

const AGAIN = say`Quantize the model again: these numbers contradict each other, or stand for nothing.`;

/** What uint8 numbers are moved by, to be the int8 that everything computes with. */
const UINT8_SHIFT = 128;

/** What quantized constants may have. */
const ANY_BITS = say`8, 16 or 32 bits`;

/**
 * What a node's operands say that integers stand for.
 * @param k of the scale; the zero point is behind it
 * @param bits that the integers may have, in a sentence
 */
export function tensorParams(ctx: OnnxContext, k: number, bits = ANY_BITS): TensorParams {
  const { data } = ctx.floats(k, say`the scale`);
  const scales = Array.from(data);
  if (scales.length === 0) ctx.refuse(say`has scales that are none: the list is empty`, AGAIN);
  const wrong = scales.find((s) => !(s >= 0 && Number.isFinite(s)));
  if (wrong !== undefined) ctx.refuse(say`has scales that are none: ${wrong}`, AGAIN);
  const zero = ctx.inputs[k + 1];
  if (!zero) return { scales, zeroPoints: scales.map(() => 0), type: undefined };
  if (zero.kind === 'value' || zero.kind === 'positions')
    ctx.refuse(say`computes its zero point at run time; only constants are supported`);
  if (zero.kind === 'float' || !zero.type)
    ctx.refuse(say`has a zero point that is no number of ${bits}`, AGAIN);
  const { data: zeroPoints, type } = zero;
  if (zeroPoints.length !== scales.length) {
    ctx.refuse(say`has ${scales.length} scales and ${zeroPoints.length} zero points`, AGAIN);
  }
  const [least, most] = RANGES[type];
  if (zeroPoints.some((z) => z < least || z > most)) ctx.refuse(say`has a zero point beyond ${type}`, AGAIN);
  return { scales, zeroPoints, type };
}

/** A zero point as that of int8 numbers. */
export function offsetOf(zeroPoint: number, type: IntegerType): number {
  return zeroPoint - (type === 'UINT8' ? UINT8_SHIFT : 0);
}

/**
 * The same of a tensor that flows: one scale, 8 bits.
 * @param fallback type where there is no zero point
 */
export function flowingParams(ctx: OnnxContext, k: number, fallback: FlowingParams['type']): FlowingParams {
  const { scales, zeroPoints, type = fallback } = tensorParams(ctx, k, say`8 bits`);
  if (scales.length !== 1) {
    ctx.refuse(
      say`has ${scales.length} scales for a tensor that is computed; one is supported`,
      say`Quantize activations per tensor; weights may have a scale for each channel.`,
    );
  }
  if (type !== 'INT8' && type !== 'UINT8') {
    ctx.refuse(
      say`has activations of ${type}; INT8 and UINT8 are supported`,
      say`Quantize activations to 8 bits, or give the float32 model: GlowPort quantizes it itself, to int16 too.`,
    );
  }
  const scale = scales[0]!;
  if (!(scale > 0)) ctx.refuse(say`has the scale ${scale}`);
  return { scale, offset: offsetOf(zeroPoints[0]!, type), type };
}

/** Which scale an element has, by its position. @param count of the scales: one for all, or one for each position along the axis */
export function channelOf(
  ctx: OnnxContext,
  shape: Shape,
  count: number,
  axis: number,
): (position: number) => number {
  if (count === 1) return () => 0;
  if (count !== (shape[axis] ?? 1)) {
    ctx.refuse(say`has ${count} scales along dimension ${axis} of [${shape}]`);
  }
  const step = strides(shape)[axis] ?? 1;
  return (position) => Math.floor(position / step) % count;
}

/** A constant's integers as the real numbers that they stand for. @param axis of the scales, where there are several */
export function dequantizedConstant(
  ctx: OnnxContext,
  { data, shape, type }: IntConstant,
  { scales, zeroPoints, type: zeroType }: TensorParams,
  axis: number,
): FloatConstant {
  if (!type) ctx.refuse(say`has quantized integers that are not of ${ANY_BITS}`, AGAIN);
  if (zeroType && zeroType !== type) {
    ctx.refuse(say`has a zero point of ${zeroType} for numbers of ${type}`, AGAIN);
  }
  const [least, most] = RANGES[type];
  if (data.some((q) => q < least || q > most)) ctx.refuse(say`has constants beyond ${type}`, AGAIN);
  const channel = channelOf(ctx, shape, scales.length, axis);
  return {
    kind: 'float',
    shape,
    data: Float32Array.from(data, (q, i) => scales[channel(i)]! * (q - zeroPoints[channel(i)]!)),
    quantized: {
      integers: type === 'UINT8' ? data.map((q) => offsetOf(q, type)) : data,
      scales,
      offsets: zeroPoints.map((z) => offsetOf(z, type)),
      axis,
    },
  };
}

/** The k-th operand, with its scale and zero point behind it, as real numbers. @param axis of the scales of a constant */
export function dequantized(ctx: OnnxContext, k: number, axis: number, operand = ctx.operand(k)): Real {
  if (operand.kind === 'positions') ctx.refusePositions();
  if (operand.kind === 'float') ctx.refuse(say`reads real numbers in input ${k}, where integers are needed`);
  if (operand.kind === 'int') {
    return dequantizedConstant(ctx, operand, tensorParams(ctx, k + 1), ofRank(operand, axis));
  }
  const { integers, ...value } = operand;
  if (integers === undefined) ctx.refuse(say`reads real numbers in input ${k}, where integers are needed`);
  const isOwn = isDynamic(integers)
    ? ctx.inputs[k + 1] === integers.dynamicScale && ctx.inputs[k + 2] === integers.dynamicZero
    : sameIntegers(integers, flowingParams(ctx, k + 1, integers.type));
  if (!isOwn) ctx.refuse(say`has another scale or zero point for input ${k} than that has`);
  return value;
}

function ofRank({ shape }: Operand, axis: number): number {
  return axis < 0 ? axis + shape.length : axis;
}

/** The nearest real numbers that 8 bits stand for. */
export function quantized(ctx: OnnxContext, x: Real, params: FlowingParams): Real {
  const { scale, offset } = params;
  const y = ctx.emit({ kind: 'activation', fn: { type: 'quantized', scale, offset } }, [x], x.shape);
  return y.kind === 'value' ? { ...y, integers: params } : y;
}
