import { say } from '../../../../common/errors/sentence.ts';
import { type GivenParams, sameParams } from '../../../params.ts';
import type { FloatConstant, IntConstant, IntegerType, Operand, Real } from '../../../import/operand.ts';
import { strides } from '../../../indexing.ts';
import type { OnnxContext } from '../context.ts';
import { typeName } from '../tensor.ts';

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

/** What uint8 numbers are moved by, to be the int8 that everything computes with. */
const UINT8_SHIFT = 128;

/** What a node's operands say that integers stand for. @param k of the scale; the zero point is behind it */
export function tensorParams(ctx: OnnxContext, k: number): TensorParams {
  const { data } = ctx.floats(k, say`the scale`);
  const scales = Array.from(data);
  if (scales.length === 0 || !scales.every((s) => s >= 0 && Number.isFinite(s))) {
    ctx.refuse(
      say`has scales that are none: ${scales.find((s) => !(s >= 0 && Number.isFinite(s))) ?? say`not one`}`,
    );
  }
  const zero = ctx.inputs[k + 1];
  if (!zero) return { scales, zeroPoints: scales.map(() => 0), type: undefined };
  if (zero.kind === 'value' || zero.kind === 'positions')
    ctx.refuse(say`computes its zero point at run time; only constants are supported`);
  if (zero.kind === 'float' || !zero.type) ctx.refuse(say`has a zero point that is no number of 8 bits`);
  const { data: zeroPoints, type } = zero;
  if (zeroPoints.length !== scales.length) {
    ctx.refuse(say`has ${scales.length} scales and ${zeroPoints.length} zero points`);
  }
  const [least, most] = RANGES[type];
  if (zeroPoints.some((z) => z < least || z > most)) ctx.refuse(say`has a zero point beyond ${type}`);
  return { scales, zeroPoints, type };
}

/**
 * The same of a tensor that flows: one scale, 8 bits.
 * @param fallback type where there is no zero point
 */
export function flowingParams(ctx: OnnxContext, k: number, fallback: IntegerType = 'UINT8'): GivenParams {
  const { scales, zeroPoints, type = fallback } = tensorParams(ctx, k);
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
  return { scale, offset: zeroPoints[0]! - (type === 'UINT8' ? UINT8_SHIFT : 0) };
}

/** A constant's integers as the real numbers that they stand for. @param axis of the scales, where there are several */
export function dequantizedConstant(
  ctx: OnnxContext,
  { data, shape, type }: IntConstant,
  { scales, zeroPoints, type: zeroType }: TensorParams,
  axis: number,
): FloatConstant {
  if (!type || (zeroType && zeroType !== type)) {
    ctx.refuse(
      say`has a zero point of ${zeroType ?? typeName(0)} for numbers of ${type ?? say`another type`}`,
    );
  }
  const [least, most] = RANGES[type];
  if (data.some((q) => q < least || q > most)) ctx.refuse(say`has constants beyond ${type}`);
  const along = shape[axis] ?? 1;
  if (scales.length > 1 && scales.length !== along) {
    ctx.refuse(say`has ${scales.length} scales along dimension ${axis} of [${shape}]`);
  }
  const step = strides(shape)[axis] ?? 1;
  const channel = (i: number): number => (scales.length === 1 ? 0 : Math.floor(i / step) % scales.length);
  const shift = type === 'UINT8' ? UINT8_SHIFT : 0;
  return {
    kind: 'float',
    shape,
    data: Float32Array.from(data, (q, i) => scales[channel(i)]! * (q - zeroPoints[channel(i)]!)),
    quantized: {
      integers: shift === 0 ? data : data.map((q) => q - shift),
      scales,
      offsets: zeroPoints.map((z) => z - shift),
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
  // at run time its scale was left in the numbers
  if (integers === 'dynamic') return value;
  if (!sameParams(integers, flowingParams(ctx, k + 1))) {
    ctx.refuse(say`has another scale or zero point for input ${k} than that has`);
  }
  return value;
}

function ofRank({ shape }: Operand, axis: number): number {
  return axis < 0 ? axis + shape.length : axis;
}

/** The nearest real numbers that 8 bits stand for. */
export function quantized(ctx: OnnxContext, x: Real, params: GivenParams): Real {
  const y = ctx.emit({ kind: 'activation', fn: { type: 'quantized', ...params } }, [x], x.shape);
  return y.kind === 'value' ? { ...y, integers: params } : y;
}
