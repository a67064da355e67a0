import { say } from '../../common/errors/sentence.ts';
import type { ActivationFunction } from '../functions.ts';
import { elements, NO_CLAMP } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import { scalar } from './operand.ts';
import type { Operand, Real } from './operand.ts';

export function activated(ctx: OperatorContext, x: Real, fn: ActivationFunction, suffix = ''): Real {
  return ctx.emit({ kind: 'activation', fn }, [x], x.shape, suffix);
}

/** A function of the first operand. */
export function activation(fn: ActivationFunction): (ctx: OperatorContext) => Real {
  return (ctx) => activated(ctx, ctx.real(0), fn);
}

/** x to the power of a number; where that is a product or has a name, it is that. */
export function powered(ctx: OperatorContext, x: Real, exponent: number): Real {
  if (exponent === 1) return x;
  if (exponent === 2) return ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [x, x], x.shape);
  const known = ROOTS.get(exponent);
  return activated(ctx, x, known ? { type: known } : { type: 'power', exponent });
}

const ROOTS: ReadonlyMap<number, 'sqrt' | 'rsqrt' | 'reciprocal'> = new Map([
  [0.5, 'sqrt'],
  [-0.5, 'rsqrt'],
  [-1, 'reciprocal'],
]);

/** The first operand to the power of the second, which is one constant number. */
export function power(ctx: OperatorContext): Operand {
  const { data } = ctx.floats(1, say`the exponent`);
  const exponent = data[0];
  if (exponent === undefined || !Number.isFinite(exponent) || data.some((e) => e !== exponent)) {
    ctx.refuse(say`has several exponents; one for all elements is supported`);
  }
  return powered(ctx, ctx.real(0), exponent);
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
  return overLast(ctx, x, [axis], { kind: 'softmax' });
}

/** Logarithm of the softmax over one axis, counted from the front. */
export function logSoftmaxOver(ctx: OperatorContext, x: Real, axis: number): Real {
  return overLast(ctx, x, [axis], { kind: 'logSoftmax' });
}

type RowSpec =
  | { readonly kind: 'softmax' | 'logSoftmax' }
  | {
      readonly kind: 'normalize';
      readonly centred: boolean;
      readonly averaged: boolean;
      readonly epsilon: number;
    };

/**
 * An operator on the rows of some axes together.
 * @param axes counted from the front
 */
export function overLast(
  ctx: OperatorContext,
  x: Real,
  axes: readonly number[],
  spec: RowSpec,
  suffix = '',
): Real {
  const order = x.shape.map((_, k) => k);
  const perm = [...order.filter((k) => !axes.includes(k)), ...axes];
  const back = order.map((k) => perm.indexOf(k));
  const last = ctx.transpose(x, perm, '/last');
  const kept = last.shape.slice(0, order.length - axes.length);
  const rows =
    axes.length === 1 ? last : ctx.reshape(last, [...kept, elements(last.shape.slice(kept.length))], '/rows');
  const inner = spec.kind === 'normalize' ? '/normalized' : '/softmax';
  const y = ctx.emit(spec, [rows], rows.shape, rows === x ? suffix : inner);
  const isOrdered = perm.every((axis, k) => axis === k);
  return ctx.transpose(ctx.reshape(y, last.shape, isOrdered ? suffix : '/apart'), back, suffix);
}
