/** Multiplications and additions by constants; passes fold them into a neighbouring layer. */
import { say } from '../../common/errors/sentence.ts';
import { NO_CLAMP } from '../graph.ts';
import type { Shape } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';

/** What a layer has learned of its input, a number for each channel. */
export interface Statistics {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/**
 * BatchNormalization in inference form: (x - mean) / sqrt(variance + epsilon) · scale + offset.
 * @param axis of the channels
 */
export function batchNormalized(ctx: OperatorContext, x: Real, axis: number, statistics: Statistics): Real {
  const { scale, offset, mean, variance, epsilon } = statistics;
  const factor = variance.map((v, c) => scale[c]! / Math.sqrt(v + epsilon));
  const rest = factor.map((f, c) => offset[c]! - mean[c]! * f);
  return affine(
    ctx,
    x,
    x.shape.map((d, k) => (k === axis ? d : 1)),
    factor,
    rest,
  );
}

/** factor · x + rest. @param shape of both, which broadcasts to that of x */
export function affine(
  ctx: OperatorContext,
  x: Real,
  shape: Shape,
  factor: Float32Array,
  rest: Float32Array,
): Real {
  if (![factor, rest].every((list) => list.every(Number.isFinite))) {
    ctx.refuse(say`has parameters that do not give finite numbers`);
  }
  const scaled = ctx.emit(
    { kind: 'mul', clamp: NO_CLAMP },
    [x, { kind: 'float', shape, data: factor }],
    x.shape,
    '/scaled',
  );
  return ctx.emit({ kind: 'add', clamp: NO_CLAMP }, [scaled, { kind: 'float', shape, data: rest }], x.shape);
}
