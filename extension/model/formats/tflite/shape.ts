import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { concatenated, padded } from '../../import/join.ts';
import type { IntConstant, Operand, Real } from '../../import/operand.ts';
import { reducedOver, type Reduction } from '../../import/reduce.ts';
import { reshaped, squeezed, transposed, unsqueezed } from '../../import/reshape.ts';
import type { TfliteContext } from './context.ts';
import { withActivation } from './fused.ts';

/** RESHAPE to a constant shape, of the second operand or the options; that of operators on shapes is one. */
export function reshape(ctx: TfliteContext<'RESHAPE'>): Operand {
  const wanted = ctx.optionalInts(1, say`the new shape`) ?? ctx.options.shape;
  if (!wanted) ctx.refuse(say`has no shape`);
  return reshaped(ctx, ctx.operand(0), wanted);
}

export function squeeze(ctx: TfliteContext<'SQUEEZE'>): Operand {
  const { axes } = ctx.options;
  return squeezed(ctx, axes?.length ? axes : undefined);
}

export function expandDims(ctx: TfliteContext): Operand {
  return unsqueezed(ctx, requiredInts(ctx, 1, say`the axis`));
}

export function transpose(ctx: TfliteContext): Operand {
  return transposed(ctx, ctx.real(0), requiredInts(ctx, 1, say`the permutation`));
}

/** SHAPE: a constant, since all shapes are static here. */
export function shapeOf(ctx: TfliteContext): Operand {
  const { shape } = ctx.operand(0);
  return { kind: 'int', shape: [shape.length], data: shape };
}

export function concatenation(ctx: TfliteContext<'CONCATENATION'>): Operand {
  const { axis, activation } = ctx.options;
  return withActivation(ctx, activation, (suffix) => concatenated(ctx, axis, suffix));
}

/** PACK: all operands side by side along a new axis. */
export function pack(ctx: TfliteContext<'PACK'>): Operand {
  const operands = ctx.inputs.map((_, k) => ctx.operand(k));
  const first = operands[0]?.shape;
  if (!first) ctx.refuse(say`has no inputs`);
  const axis = ctx.axis(ctx.options.axis, first.length + 1);
  const other = operands.find(({ shape }) => shape.join() !== first.join());
  if (other) ctx.refuse(say`joins [${first}] and [${other.shape}] along a new axis`);
  const shape = first.toSpliced(axis, 0, operands.length);
  const integers = operands.filter((o): o is IntConstant => o.kind === 'int');
  if (integers.length === operands.length) {
    if (first.length !== 0) ctx.refuse(say`joins integer tensors of several dimensions`);
    return { kind: 'int', shape, data: integers.flatMap((o) => o.data) };
  }
  if (integers.length > 0) ctx.refuse(say`mixes integers with real numbers`);
  const slices = (operands as Real[]).map((x, k) =>
    ctx.reshape(x, first.toSpliced(axis, 0, 1), `/slice_${k}`),
  );
  return slices.length === 1 ? slices[0]! : ctx.emit({ kind: 'concat', axis }, slices, shape);
}

/** STRIDED_SLICE of a constant list, with its masks: what picks dimensions out of a SHAPE. */
export function stridedSlice(ctx: TfliteContext<'STRIDED_SLICE'>): Operand {
  const x = ctx.operand(0);
  if (x.kind !== 'int' || x.shape.length !== 1)
    ctx.refuse(say`cuts a real tensor; only shapes are supported`);
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask, offset } = ctx.options;
  if (ellipsisMask !== 0 || newAxisMask !== 0) ctx.refuse(say`cuts a shape with an ellipsis or a new axis`);
  const number = (k: number, what: Sentence): number => {
    const list = requiredInts(ctx, k, what);
    if (list.length !== 1) ctx.refuse(say`has ${list.length} numbers for ${what}; one is needed`);
    return list[0]!;
  };
  const [begin, end, step] = [number(1, say`the begin`), number(2, say`the end`), number(3, say`the stride`)];
  if (step !== 1) ctx.refuse(say`has the stride ${step} on a shape; 1 is supported`);
  const from = beginMask & 1 ? 0 : begin;
  if (shrinkAxisMask & 1) return { kind: 'int', shape: [], data: [x.data[ctx.axis(from, x.data.length)]!] };
  const to = endMask & 1 ? x.data.length : offset ? from + end : end;
  const data = x.data.slice(from, to);
  return { kind: 'int', shape: [data.length], data };
}

/** PAD, and PADV2 with a value of its own: [before, after] for each dimension. */
export function pad(ctx: TfliteContext): Operand {
  const x = ctx.real(0);
  const list = requiredInts(ctx, 1, say`the pads`);
  if (list.length !== 2 * x.shape.length) {
    ctx.refuse(say`has ${list.length} pads for ${x.shape.length} dimensions`);
  }
  const pads = x.shape.map((_, k): [number, number] => [list[2 * k]!, list[2 * k + 1]!]);
  return padded(ctx, x, pads, ctx.optionalScalar(2, say`the padding value`) ?? 0);
}

/** MEAN, SUM, REDUCE_MAX and REDUCE_MIN over constant axes. */
export function reduce(
  reduction: Reduction,
): (ctx: TfliteContext<'MEAN' | 'REDUCE_MAX' | 'REDUCE_MIN' | 'SUM'>) => Operand {
  return (ctx) => {
    const axes = requiredInts(ctx, 1, say`the axes`);
    return reducedOver(ctx, reduction, ctx.real(0), axes, ctx.options.keepDims);
  };
}

function requiredInts(ctx: TfliteContext, k: number, what: Sentence): readonly number[] {
  const list = ctx.optionalInts(k, what);
  if (!list) ctx.refuse(say`has no input ${k}`);
  return list;
}
