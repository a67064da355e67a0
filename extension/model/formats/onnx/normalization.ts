import { say } from '../../../common/errors/sentence.ts';
import { alongAxis, groupNormalized, normalized } from '../../import/normalize.ts';
import type { Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** LayerNormalization and RMSNormalization: over the axes from `axis` to the last. */
export function layerNormalization(centred: boolean): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const x = ctx.real(0);
    const from = ctx.axis(ctx.int('axis', -1), x.shape.length);
    if (ctx.outputUsed(1) || ctx.outputUsed(2))
      ctx.refuse(say`is asked for its mean, which is not supported`);
    const axes = x.shape.map((_, k) => k).slice(from);
    const how = { axes, centred, averaged: true, epsilon: ctx.float('epsilon', 1e-5) };
    return normalized(ctx, x, how, { factor: optionalReal(ctx, 1), offset: optionalReal(ctx, 2) });
  };
}

/** InstanceNormalization: each channel over its map. */
export function instanceNormalization(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const rank = x.shape.length;
  if (rank < 3) ctx.refuse(say`works on a tensor of ${rank} dimensions; 3 are needed at least`);
  const axes = x.shape.map((_, k) => k).slice(2);
  const how = { axes, centred: true, averaged: true, epsilon: ctx.float('epsilon', 1e-5) };
  return normalized(ctx, x, how, {
    factor: alongAxis(ctx, ctx.real(1), rank, 1),
    offset: alongAxis(ctx, ctx.real(2), rank, 1),
  });
}

/** GroupNormalization; before opset 21 factors and offsets are one a group. */
export function groupNormalization(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const groups = ctx.int('num_groups', 0);
  const channels = x.shape[1] ?? 0;
  const perChannel = (k: number): Real => {
    const list = ctx.floats(k, say`its factors and offsets`);
    const each = ctx.opset < 21 ? channels / groups : 1;
    const data = Float32Array.from({ length: channels }, (_, c) => list.data[Math.floor(c / each)] ?? NaN);
    return alongAxis(ctx, { ...list, shape: [channels], data }, x.shape.length, 1);
  };
  const affine = { factor: perChannel(1), offset: perChannel(2) };
  return groupNormalized(ctx, x, 1, groups, ctx.float('epsilon', 1e-5), affine);
}

/** LpNormalization of p = 2: divided by the length along an axis. */
export function lpNormalization(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const p = ctx.int('p', 2);
  if (p !== 2) ctx.refuse(say`divides by a norm of p = ${p}; 2 is supported`);
  const axes = [ctx.axis(ctx.int('axis', -1), x.shape.length)];
  return normalized(ctx, x, { axes, centred: false, averaged: false, epsilon: 0 });
}

/** MeanVarianceNormalization; without axes over all but the channels. */
export function meanVarianceNormalization(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const given = ctx.ints('axes') ?? [0, 2, 3];
  const axes = [...new Set(given.map((a) => ctx.axis(a, x.shape.length)))].sort((a, b) => a - b);
  return normalized(ctx, x, { axes, centred: true, averaged: true, epsilon: 0 });
}

function optionalReal(ctx: OnnxContext, k: number): Real | undefined {
  return ctx.inputs[k] ? ctx.real(k) : undefined;
}
