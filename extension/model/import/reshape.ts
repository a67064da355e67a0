/** The same elements under another shape, or in another order. */
import { say } from '../../common/errors/sentence.ts';
import { elements } from '../graph.ts';
import type { Shape } from '../graph.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import type { Operand, Real } from './operand.ts';
import { reshapedPositions } from './position.ts';

/** @param wanted the new shape; one -1 takes what is left */
export function reshaped(ctx: OperatorContext, x: Operand, wanted: readonly number[]): Operand {
  const total = elements(x.shape);
  const shape = [...wanted];
  const free = shape.indexOf(-1);
  const explain = () => ctx.refuse(say`turns [${x.shape}] into [${wanted}], which has other elements`);
  if (free >= 0) {
    const known = shape.reduce((n, d, k) => (k === free ? n : n * d), 1);
    if (known <= 0 || total % known !== 0) explain();
    shape[free] = total / known;
  }
  if (shape.some((d) => d < 0)) explain();
  if (checkedElements(shape, say`The result of ${ctx.label}`) !== total) explain();
  return withShape(ctx, x, shape);
}

/** The first operand without some dimensions of 1. @param given which; all when undefined */
export function squeezed(ctx: OperatorContext, given: readonly number[] | undefined): Operand {
  const x = ctx.operand(0);
  const rank = x.shape.length;
  const axes = given?.map((a) => ctx.axis(a, rank)) ?? x.shape.flatMap((d, k) => (d === 1 ? [k] : []));
  for (const a of axes) if (x.shape[a] !== 1) ctx.refuse(say`removes dimension ${a} of [${x.shape}]`);
  return withShape(
    ctx,
    x,
    x.shape.filter((_, k) => !axes.includes(k)),
  );
}

/** The first operand with further dimensions of 1. @param given where in the result */
export function unsqueezed(ctx: OperatorContext, given: readonly number[]): Operand {
  const x = ctx.operand(0);
  const rank = x.shape.length + given.length;
  const axes = new Set(given.map((a) => ctx.axis(a, rank)));
  if (axes.size !== given.length) ctx.refuse(say`names an axis twice in [${given}]`);
  const rest = [...x.shape];
  return withShape(
    ctx,
    x,
    Array.from({ length: rank }, (_, k) => (axes.has(k) ? 1 : rest.shift()!)),
  );
}

export function withShape(ctx: OperatorContext, x: Operand, shape: Shape, suffix = '', output = 0): Operand {
  if (x.kind === 'positions') return reshapedPositions(ctx, x, shape, suffix, output);
  return x.kind === 'int' ? { ...x, shape } : ctx.reshape(x, shape, suffix, output);
}

/** @param perm which dimension of x each of the result is */
export function transposed(ctx: OperatorContext, x: Real, perm: readonly number[]): Real {
  const rank = x.shape.length;
  if (perm.length !== rank || [...perm].sort((a, b) => a - b).some((p, k) => p !== k)) {
    ctx.refuse(say`has perm [${perm}] for a tensor of ${rank} dimensions`);
  }
  return ctx.transpose(x, perm);
}
