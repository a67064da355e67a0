import { say } from '../../../../common/errors/sentence.ts';
import { quantizedToEven } from '../../../functions.ts';
import type { FlowingParams, IntConstant, Operand } from '../../../import/operand.ts';
import type { OnnxContext } from '../context.ts';
import { typeName } from '../tensor.ts';
import { channelOf, dequantized, flowingParams, offsetOf, quantized, tensorParams } from './params.ts';

/** Element types that QuantizeLinear names as a number. */
const OUTPUT_TYPES: ReadonlyMap<number, FlowingParams['type']> = new Map([
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
function quantizedConstant(ctx: OnnxContext, fallback: FlowingParams['type']): IntConstant {
  const { data, shape } = ctx.floats(0, say`the tensor`);
  const { scales, zeroPoints, type = fallback } = tensorParams(ctx, 1, say`8 bits`);
  if (type !== 'INT8' && type !== 'UINT8')
    ctx.refuse(say`quantizes to ${type}; INT8 and UINT8 are supported`);
  const axis = scales.length === 1 ? 0 : ctx.axis(ctx.int('axis', 1), shape.length);
  const channel = channelOf(ctx, shape, scales.length, axis);
  if (scales.includes(0)) ctx.refuse(say`has the scale 0`);
  // computed in int8; what uint8 is beyond that is taken off the zero point, and added again
  const shift = -offsetOf(0, type);
  const integers = Array.from(data, (v, i) => {
    const k = channel(i);
    return quantizedToEven(v, { scale: scales[k]!, offset: offsetOf(zeroPoints[k]!, type) }) + shift;
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
