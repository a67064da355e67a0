/** Comparisons and choices among constants: what exporters compute shapes with, and masks. */
import { say } from '../../../common/errors/sentence.ts';
import { binary, common, onIntegers } from '../../import/arithmetic.ts';
import { checkedElements } from '../../import/checks.ts';
import type { FloatConstant, IntConstant, Operand, Real } from '../../import/operand.ts';
import { broadcastOffsets } from '../../indexing.ts';
import type { OnnxContext } from './context.ts';

/** An operator on two constants of integers or truth values, which are 0 and 1. */
export function onConstants(fn: (a: number, b: number) => number | boolean): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const result = onIntegers(ctx, (a, b) => Number(fn(a, b)));
    return (
      result ?? ctx.refuse(say`compares real tensors; only integers of the model's shapes are supported`)
    );
  };
}

export function not(ctx: OnnxContext): Operand {
  const x = integers(ctx, 0);
  return { ...x, data: x.data.map((v) => Number(v === 0)) };
}

/** Where for a constant condition: one of the two, or of real tensors each multiplied by a mask. */
export function where(ctx: OnnxContext): Operand {
  const condition = integers(ctx, 0);
  const [x, y] = [ctx.operand(1), ctx.operand(2)];
  if (x.kind === 'int' && y.kind === 'int') return chosen(ctx, condition, x, y);
  const [a, b] = [ctx.real(1), ctx.real(2)];
  const shape = common(ctx, common(ctx, condition.shape, a.shape), b.shape);
  const isWhole = (o: Real): boolean =>
    o.shape.length === shape.length && o.shape.every((d, k) => d === shape[k]);
  if (condition.data.every((c) => c !== 0) && isWhole(a)) return a;
  if (condition.data.every((c) => c === 0) && isWhole(b)) return b;
  const masked = (o: Real, isOn: (c: number) => boolean, suffix: string): Real => {
    const mask: FloatConstant = {
      kind: 'float',
      shape: condition.shape,
      data: Float32Array.from(condition.data, (c) => Number(isOn(c))),
    };
    return binary(ctx, 'mul', o, mask, suffix);
  };
  return binary(
    ctx,
    'add',
    masked(a, (c) => c !== 0, '/on'),
    masked(b, (c) => c === 0, '/off'),
  );
}

function integers(ctx: OnnxContext, k: number): IntConstant {
  const x = ctx.operand(k);
  if (x.kind !== 'int') ctx.refuse(say`computes input ${k} at run time; only constants are supported`);
  return x;
}

function chosen(ctx: OnnxContext, condition: IntConstant, x: IntConstant, y: IntConstant): IntConstant {
  const shape = common(ctx, common(ctx, condition.shape, x.shape), y.shape);
  checkedElements(shape, say`A tensor of integers`);
  const [c, a, b] = [condition, x, y].map((o) => {
    const from = broadcastOffsets(o.shape, shape);
    return (i: number): number => o.data[from[i]!]!;
  }) as [(i: number) => number, (i: number) => number, (i: number) => number];
  const count = shape.reduce((n, d) => n * d, 1);
  return { kind: 'int', shape, data: Array.from({ length: count }, (_, i) => (c(i) !== 0 ? a(i) : b(i))) };
}
