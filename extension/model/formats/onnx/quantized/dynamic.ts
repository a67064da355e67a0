/**
 * Products of integers, and quantization at run time: there scales come from each sample's own numbers. Then the graph has the network
 * in real numbers, with the weights' values as they are, and is quantized from samples, as one of real numbers; of integers whose scale
 * the file has, the weights' integers are kept.
 */
import { say } from '../../../../common/errors/sentence.ts';
import {
  type FloatConstant,
  type IntConstant,
  isDynamic,
  type Operand,
  type Parameters,
  type Real,
} from '../../../import/operand.ts';
import type { Result } from '../../../import/graphImport.ts';
import { conv } from '../conv.ts';
import type { OnnxContext } from '../context.ts';
import { matMul } from '../dense.ts';
import { dequantizedConstant, offsetOf } from './params.ts';

/** The numbers themselves: their scale, which is 1 here, is left in them. */
export function dynamicQuantizeLinear(ctx: OnnxContext): Result {
  const x = ctx.real(0);
  if (x.kind !== 'value') ctx.refuse(say`quantizes a constant`);
  if (x.integers) ctx.refuse(say`quantizes integers`);
  const dynamicScale: FloatConstant = { kind: 'float', shape: [], data: Float32Array.of(1) };
  const dynamicZero: IntConstant = { kind: 'int', shape: [], data: [0], type: 'UINT8' };
  return [{ ...x, integers: { dynamicScale, dynamicZero } }, dynamicScale, dynamicZero];
}

export function matMulInteger(ctx: OnnxContext): Operand {
  return matMul(ctx.reading(integerOperands(ctx, -1)));
}

export function convInteger(ctx: OnnxContext): Operand {
  return conv(ctx.reading(integerOperands(ctx, 0)));
}

/** What flows without its scale, and the weights as integers less their zero points. @param axis of the weights' zero points */
function integerOperands(ctx: OnnxContext, axis: number): Real[] {
  const a = ctx.real(0);
  if (a.kind !== 'value' || !a.integers)
    ctx.refuse(say`reads real numbers in input 0, where integers are needed`);
  const { integers, ...x } = a;
  if (!isOwnZero(ctx.inputs[2], integers))
    ctx.refuse(say`takes another zero point off input 0 than that has`);
  const w = ctx.operand(1);
  if (w.kind !== 'int') ctx.refuse(say`computes its weights at run time; only constants are supported`);
  const zero = ctx.inputs[3];
  if (zero && (zero.kind !== 'int' || zero.type !== w.type)) {
    ctx.refuse(say`has a zero point of another type than its weights`);
  }
  const zeroPoints = zero?.data ?? [0];
  // what flows in a given scale is without it in the integers' products
  const unit = isDynamic(integers) ? 1 : 1 / integers.scale;
  const along = axis < 0 ? axis + w.shape.length : axis;
  const scales = zeroPoints.map(() => Math.fround(unit));
  const constant = dequantizedConstant(ctx, w, { scales, zeroPoints, type: w.type }, along);
  // at run time the weights are given their integers anew, with the network
  return [x, isDynamic(integers) ? { ...constant, quantized: undefined } : constant];
}

/** Whether integers less a zero point are their real numbers, but for the scale. @param zero 0 where it is left out */
function isOwnZero(zero: Operand | undefined, integers: Parameters): boolean {
  if (isDynamic(integers)) return zero === integers.dynamicZero;
  const { type, offset } = integers;
  if (!zero) return offsetOf(0, type) === offset;
  return (
    zero.kind === 'int' &&
    zero.type === type &&
    zero.data.length === 1 &&
    offsetOf(zero.data[0]!, type) === offset
  );
}
