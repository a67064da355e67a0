import { say } from '../../../../common/errors/sentence.ts';
import { affine, batchNormalized } from '../../../import/affine.ts';
import { alongAxis, groupNormalized, normalized } from '../../../import/normalize.ts';
import type { Operand, Real } from '../../../import/operand.ts';
import type { KerasContext } from '../context.ts';

/** BatchNormalization in inference form; its weights are gamma (with `scale`), beta (with `center`), mean and variance. */
export function batchNormalization(ctx: KerasContext): Operand {
  const x = ctx.input;
  const axes = ctx.numbers('axis') ?? [-1];
  if (axes.length !== 1) ctx.refuse(say`has ${axes.length} axes; one is supported`);
  const axis = ctx.axis(axes[0]!, x.shape.length);
  const channels = [x.shape[axis]!];
  const [hasScale, hasOffset] = [ctx.bool('scale', true), ctx.bool('center', true)];
  const own = [...(hasScale ? [channels] : []), ...(hasOffset ? [channels] : [])];
  const weights = ctx.weights([...own, channels, channels]);
  const [mean, variance] = weights.slice(-2) as [Float32Array, Float32Array];
  return batchNormalized(ctx, x, axis, {
    scale: hasScale ? weights[0]! : mean.map(() => 1),
    offset: hasOffset ? weights[own.length - 1]! : mean.map(() => 0),
    mean,
    variance,
    epsilon: ctx.number('epsilon', 1e-3),
  });
}

/** LayerNormalization over some axes; its weights are gamma (with `scale`) and beta (with `center`). */
export function layerNormalization(ctx: KerasContext): Operand {
  const x = ctx.input;
  const axes = axesOf(ctx, x);
  const shape = x.shape.map((d, k) => (axes.includes(k) ? d : 1));
  if (ctx.bool('rms_scaling', false))
    ctx.refuse(say`scales without a mean (rms_scaling), which is not supported`);
  const weights = affineWeights(ctx, axes.map((k) => x.shape[k]!), ctx.bool('center', true)); // prettier-ignore
  const along = (data: Float32Array | undefined) => data && ctx.constant(shape, data);
  return normalized(
    ctx,
    x,
    { axes, centred: true, averaged: true, epsilon: ctx.number('epsilon', 1e-3) },
    { factor: along(weights.factor), offset: along(weights.offset) },
  );
}

/** GroupNormalization; -1 groups are as many as there are channels. */
export function groupNormalization(ctx: KerasContext): Operand {
  const x = ctx.input;
  const axis = ctx.axis(ctx.number('axis', -1), x.shape.length);
  const channels = x.shape[axis]!;
  const { factor, offset } = affineWeights(ctx, [channels], ctx.bool('center', true));
  const along = (data: Float32Array | undefined) =>
    data && alongAxis(ctx, ctx.constant([channels], data), x.shape.length, axis);
  const groups = ctx.number('groups', 32);
  return groupNormalized(ctx, x, axis, groups === -1 ? channels : groups, ctx.number('epsilon', 1e-3), {
    factor: along(factor),
    offset: along(offset),
  });
}

/** UnitNormalization: divided by the length along some axes. */
export function unitNormalization(ctx: KerasContext): Operand {
  const x = ctx.input;
  return normalized(ctx, x, { axes: axesOf(ctx, x), centred: false, averaged: false, epsilon: 1e-12 });
}

function axesOf(ctx: KerasContext, x: Real): number[] {
  const axes = (ctx.numbers('axis') ?? [-1]).map((axis) => ctx.axis(axis, x.shape.length));
  return [...new Set(axes)].sort((a, b) => a - b);
}

function affineWeights(
  ctx: KerasContext,
  shape: readonly number[],
  hasOffset: boolean,
): { readonly factor: Float32Array | undefined; readonly offset: Float32Array | undefined } {
  const hasFactor = ctx.bool('scale', true);
  const weights = ctx.weights([...(hasFactor ? [shape] : []), ...(hasOffset ? [shape] : [])]);
  return { factor: hasFactor ? weights[0] : undefined, offset: hasOffset ? weights.at(-1) : undefined };
}

/** What Keras adds below the root so that nothing is divided by zero. */
const LEAST_DEVIATION = 1e-7;

/** Normalization: (x - mean) / max(sqrt(variance), 1e-7), or back; both are given, or were adapted to data. */
export function normalization(ctx: KerasContext): Operand {
  const x = ctx.input;
  const rank = x.shape.length;
  const axes = new Set((ctx.numbers('axis') ?? []).map((axis) => ctx.axis(axis, rank)));
  const shape = x.shape.map((d, k) => (axes.has(k) ? d : 1));
  const [mean, variance] = statistics(
    ctx,
    shape,
    [...axes].sort((a, b) => a - b).map((k) => x.shape[k]!),
  );
  const deviation = variance.map((v) => Math.max(Math.sqrt(v), LEAST_DEVIATION));
  return ctx.bool('invert', false)
    ? affine(ctx, x, shape, deviation, mean)
    : affine(
        ctx,
        x,
        shape,
        deviation.map((d) => 1 / d),
        mean.map((m, k) => -m / deviation[k]!),
      );
}

/** @param kept sizes of the axes that have numbers of their own */
function statistics(
  ctx: KerasContext,
  shape: readonly number[],
  kept: readonly number[],
): [Float32Array, Float32Array] {
  const given = [ctx.numbers('mean'), ctx.numbers('variance')];
  // a count may follow, of the samples that it was adapted to
  if (!given[0] || !given[1]) return ctx.weights([kept, kept], true) as [Float32Array, Float32Array];
  const count = shape.reduce((n, d) => n * d, 1);
  return given.map((list) => {
    if (list!.length !== count && list!.length !== 1) {
      ctx.refuse(say`has ${list!.length} numbers for its mean or variance; ${count} are needed`);
    }
    return Float32Array.from({ length: count }, (_, k) => list![k % list!.length]!);
  }) as [Float32Array, Float32Array];
}
