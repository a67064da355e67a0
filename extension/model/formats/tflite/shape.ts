import { say } from '../../../common/errors/sentence.ts';
import { concatenated, padded } from '../../import/join.ts';
import type { IntConstant, Operand } from '../../import/operand.ts';
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
  return unsqueezed(ctx, ctx.ints(1, say`the axis`));
}

export function transpose(ctx: TfliteContext): Operand {
  return transposed(ctx, ctx.real(0), ctx.ints(1, say`the permutation`));
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
  const slices = operands.map((_, k) => ctx.reshape(ctx.real(k), first.toSpliced(axis, 0, 1), `/slice_${k}`));
  return slices.length === 1 ? slices[0]! : ctx.emit({ kind: 'concat', axis }, slices, shape);
}

/** PAD, and PADV2 with a value of its own: [before, after] for each dimension. */
export function pad(ctx: TfliteContext): Operand {
  const x = ctx.real(0);
  const pads = ctx.pairs(1, say`the pads`, x.shape.length);
  return padded(ctx, x, pads, ctx.optionalScalar(2, say`the padding value`) ?? 0);
}

/** MEAN, SUM, REDUCE_MAX and REDUCE_MIN over constant axes. */
export function reduce(
  reduction: Reduction,
): (ctx: TfliteContext<'MEAN' | 'REDUCE_MAX' | 'REDUCE_MIN' | 'SUM'>) => Operand {
  return (ctx) => {
    const axes = ctx.ints(1, say`the axes`);
    return reducedOver(ctx, reduction, ctx.real(0), axes, ctx.options.keepDims);
  };
}
