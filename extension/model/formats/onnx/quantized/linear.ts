import { say } from '../../../../common/errors/sentence.ts';
import { roundToEven } from '../../../functions.ts';
import type { IntConstant, IntegerType, Operand } from '../../../import/operand.ts';
import { strides } from '../../../indexing.ts';
import type { OnnxContext } from '../context.ts';
import { typeName } from '../tensor.ts';
import { dequantized, flowingParams, quantized, tensorParams } from './params.ts';

/** Element types that QuantizeLinear names as a number. */
const OUTPUT_TYPES: ReadonlyMap<number, IntegerType> = new Map([
  [2, 'UINT8'],
  [3, 'INT8'],
]);

/** QuantizeLinear to int8 or uint8: of what is computed the graph has the real numbers that come out. */
export function quantizeLinear(ctx: OnnxContext): Operand {
  refuseBlocks(ctx);
  const x = ctx.real(0);
  const named = ctx.int('output_dtype', 0);
  const type = named === 0 ? 'UINT8' : OUTPUT_TYPES.get(named);
  if (!type) ctx.refuse(say`quantizes to ${typeName(named)}; INT8 and UINT8 are supported`);
  if (x.kind === 'value') return quantized(ctx, x, flowingParams(ctx, 1, type));
  return quantizedConstant(ctx, type);
}

/** Weights that an exporter left real, with the node that quantizes them. */
function quantizedConstant(ctx: OnnxContext, fallback: IntegerType): IntConstant {
  const { data, shape } = ctx.floats(0, say`the tensor`);
  const { scales, zeroPoints, type = fallback } = tensorParams(ctx, 1);
  if (type !== 'INT8' && type !== 'UINT8')
    ctx.refuse(say`quantizes to ${type}; INT8 and UINT8 are supported`);
  const axis = scales.length === 1 ? 0 : ctx.axis(ctx.int('axis', 1), shape.length);
  if (scales.length > 1 && scales.length !== shape[axis]) {
    ctx.refuse(say`has ${scales.length} scales along dimension ${axis} of [${shape}]`);
  }
  if (scales.includes(0)) ctx.refuse(say`has the scale 0`);
  const step = strides(shape)[axis] ?? 1;
  const [least, most] = type === 'INT8' ? [-128, 127] : [0, 255];
  const integers = Array.from(data, (v, i) => {
    const k = scales.length === 1 ? 0 : Math.floor(i / step) % scales.length;
    const q = roundToEven(Math.fround(v / scales[k]!)) + zeroPoints[k]!;
    return Math.min(most, Math.max(least, q));
  });
  return { kind: 'int', shape, data: integers, type };
}

/** DequantizeLinear: of constants the real numbers, of what is computed those that the graph has already. */
export function dequantizeLinear(ctx: OnnxContext): Operand {
  refuseBlocks(ctx);
  return dequantized(ctx, 0, ctx.int('axis', 1));
}

function refuseBlocks(ctx: OnnxContext): void {
  if (ctx.int('block_size', 0) === 0) return;
  ctx.refuse(
    say`is quantized in blocks, which is not supported`,
    say`Quantize with one scale a tensor, or one a channel.`,
  );
}
