/** Operators on integers with scale and zero point beside each: the same on real numbers, rounded to those of the result. */
import { say } from '../../../../common/errors/sentence.ts';
import { concatenated } from '../../../import/join.ts';
import { product, sum } from '../../../import/arithmetic.ts';
import {
  type FloatConstant,
  type FlowingParams,
  isDynamic,
  type Operand,
  type Real,
} from '../../../import/operand.ts';
import { leakyRelu, softmax } from '../activation.ts';
import { activation } from '../../../import/activation.ts';
import { conv } from '../conv.ts';
import type { OnnxContext, OperatorImporter } from '../context.ts';
import { gemm, matMul } from '../dense.ts';
import { averagePool, globalPool } from '../pool.ts';
import { dequantized, dequantizedConstant, flowingParams, quantized } from './params.ts';

/** What computes one tensor of real numbers. */
type Compute = (ctx: OnnxContext) => Operand;

/** What an operator on real numbers gives, as real numbers that the result's integers stand for. @param k of the scale */
function rounded(ctx: OnnxContext, result: Operand, k: number): Operand {
  if (result.kind === 'int' || result.kind === 'positions') ctx.refuse(say`computes integers`);
  return quantized(ctx, result, flowingParams(ctx, k, typeOf(ctx)));
}

/** Of the integers that flow into an operator: those that come out are of it, too, where no zero point says another. */
function typeOf(ctx: OnnxContext): FlowingParams['type'] {
  for (const operand of ctx.inputs)
    if (operand?.kind === 'value' && operand.integers && !isDynamic(operand.integers))
      return operand.integers.type;
  return 'UINT8';
}

/** Bias in units of input scale · weight scale. */
function bias(ctx: OnnxContext, k: number, x: Scales, w: Real): FloatConstant | undefined {
  const operand = ctx.inputs[k];
  if (!operand) return undefined;
  if (operand.kind !== 'int') ctx.refuse(say`computes its bias at run time, or has real numbers there`);
  const scales = (w.kind === 'float' ? w.quantized?.scales : undefined) ?? [1];
  const zeroPoints = scales.map(() => 0);
  const params = { scales: scales.map((s) => Math.fround(s * x.scale)), zeroPoints, type: undefined };
  return dequantizedConstant(ctx, operand, params, Math.max(0, operand.shape.length - 1));
}

interface Scales {
  readonly scale: number;
}

export function qLinearConv(ctx: OnnxContext): Operand {
  refuseChannelsLast(ctx);
  const x = dequantized(ctx, 0, 0);
  const w = dequantized(ctx, 3, 0);
  return rounded(ctx, conv(ctx.reading([x, w, bias(ctx, 8, flowingParams(ctx, 1, typeOf(ctx)), w)])), 6);
}

export function qLinearMatMul(ctx: OnnxContext): Operand {
  return rounded(ctx, matMul(ctx.reading([dequantized(ctx, 0, -2), dequantized(ctx, 3, -1)])), 6);
}

/** com.microsoft.QGemm; without a scale of the result it has real numbers. */
export function qGemm(ctx: OnnxContext): Operand {
  const a = dequantized(ctx, 0, 0);
  const b = dequantized(ctx, 3, ctx.int('transB', 0) !== 0 ? 0 : 1);
  const alpha = ctx.float('alpha', 1);
  const { scale } = flowingParams(ctx, 1, typeOf(ctx));
  const c = bias(ctx, 6, { scale: Math.fround(alpha * scale) }, b);
  const result = gemm(ctx.reading([a, b, c]));
  if (ctx.inputs[7]) return rounded(ctx, result, 7);
  return result;
}

/** An operator on one tensor; its scale and zero point stand behind it, then those of the result. */
function unary(compute: Compute): OperatorImporter {
  return (ctx) => {
    refuseChannelsLast(ctx);
    return rounded(ctx, compute(ctx.reading([dequantized(ctx, 0, 0)])), 3);
  };
}

export const qLinearSigmoid = unary(activation({ type: 'sigmoid' }));
export const qLinearLeakyRelu = unary(leakyRelu);
export const qLinearAveragePool = unary(averagePool);
export const qLinearGlobalAveragePool = unary(globalPool('avgpool'));

/** Its attribute tells which operator set's softmax it is. */
export function qLinearSoftmax(ctx: OnnxContext): Operand {
  const x = dequantized(ctx, 0, 0);
  return rounded(ctx, softmax('softmax')(ctx.reading([x], ctx.int('opset', ctx.opset))), 3);
}

function pair(compute: Compute): OperatorImporter {
  return (ctx) => rounded(ctx, compute(ctx.reading([dequantized(ctx, 0, 0), dequantized(ctx, 3, 0)])), 6);
}

export const qLinearAdd = pair((ctx) => sum(ctx));
export const qLinearMul = pair((ctx) => product(ctx));

/** com.microsoft.QLinearConcat: scale and zero point of the result first, then three operands a tensor. */
export function qLinearConcat(ctx: OnnxContext): Operand {
  const parts = ctx.inputs.flatMap((_, k) => (k >= 2 && k % 3 === 2 ? [dequantized(ctx, k, 0)] : []));
  return rounded(ctx, concatenated(ctx.reading(parts), ctx.int('axis', 0)), 0);
}

function refuseChannelsLast(ctx: OnnxContext): void {
  if (ctx.int('channels_last', 0) === 0) return;
  ctx.refuse(
    say`has its channels last, which only an optimized model has`,
    say`Give the model as the quantizer wrote it, not as a runtime saved it.`,
  );
}
