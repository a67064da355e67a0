import { NO_CLAMP } from '../graph.ts';
import type { ActivationFunction } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import { scalar } from './operand.ts';
import type { Operand, Real } from './operand.ts';

export function activated(ctx: OperatorContext, x: Real, fn: ActivationFunction, suffix = ''): Real {
  return ctx.emit({ kind: 'activation', fn }, [x], x.shape, suffix);
}

/** Of the first operand: x · max(0, min(1, x/6 + 1/2)) */
export function hardSwish(ctx: OperatorContext): Operand {
  const x = ctx.real(0);
  return gated(ctx, x, hardSigmoidOf(ctx, x, 1 / 6, 0.5, '/gate'));
}

/** x · gate, where the gate is made of x. */
export function gated(ctx: OperatorContext, x: Real, gate: Real): Real {
  return ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [x, gate], x.shape);
}

/** max(0, min(1, alpha·x + beta)) */
export function hardSigmoidOf(
  ctx: OperatorContext,
  x: Real,
  alpha: number,
  beta: number,
  suffix: string,
): Real {
  const scaled = ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [x, scalar(alpha)], x.shape, '/scaled');
  return ctx.emit({ kind: 'add', clamp: { min: 0, max: 1 } }, [scaled, scalar(beta)], x.shape, suffix);
}

/** Softmax over one axis, counted from the front. */
export function softmaxOver(ctx: OperatorContext, x: Real, axis: number): Real {
  const rank = x.shape.length;
  if (axis === rank - 1) return ctx.emit({ kind: 'softmax' }, [x], x.shape);
  const order = x.shape.map((_, k) => k);
  const perm = [...order.filter((k) => k !== axis), axis];
  const back = order.map((k) => perm.indexOf(k));
  const last = ctx.transpose(x, perm, '/last');
  return ctx.transpose(ctx.emit({ kind: 'softmax' }, [last], last.shape, '/softmax'), back);
}
