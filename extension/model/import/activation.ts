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
  const gate = hardSigmoidOf(ctx, x, 1 / 6, 0.5, '/gate');
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
