import { say } from '../../../../common/errors/sentence.ts';
import { elements } from '../../../graph.ts';
import { gathered, part } from '../../../import/gather.ts';
import type { Operand } from '../../../import/operand.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { type Axes, mapOf, ofAxes } from './spatial.ts';

/** What does nothing at inference. */
export function identity(ctx: KerasContext): Operand {
  return ctx.input;
}

/** All but the batch in one row, in the order of rows, columns, channels, whichever the map itself has. */
export function flatten(ctx: KerasContext): Operand {
  const x = ctx.input;
  const order = x.shape.map((_, k) => k);
  const last = ctx.channelsFirst
    ? ctx.transpose(x, [0, ...order.slice(2), ...order.slice(1, 2)], '/last')
    : x;
  return ctx.reshape(last, [x.shape[0] ?? 1, elements(x.shape.slice(1))]);
}

/** Another shape for all but the batch; one -1 takes what is left. */
export function reshape(ctx: KerasContext): Operand {
  const x = ctx.input;
  const wanted = ctx.numbers('target_shape') ?? [];
  const total = elements(x.shape.slice(1));
  const known = wanted.reduce((n, d) => (d === -1 ? n : n * d), 1);
  const shape = wanted.map((d) => (d === -1 ? total / known : d));
  const isSound = shape.every((d) => Number.isSafeInteger(d) && d > 0) && shape.length < 8;
  if (!isSound || elements(shape) !== total) {
    ctx.refuse(say`turns [${x.shape.slice(1)}] into [${wanted}], which has other elements`);
  }
  return ctx.reshape(x, [x.shape[0] ?? 1, ...shape]);
}

/** The axes behind the batch in another order, counted from 1. */
export function permute(ctx: KerasContext): Operand {
  const x = ctx.input;
  const dims = ctx.numbers('dims') ?? [];
  const perm = [0, ...dims];
  if (perm.length !== x.shape.length || [...perm].sort((a, b) => a - b).some((p, k) => p !== k)) {
    ctx.refuse(say`has dims [${dims}] for a tensor of ${x.shape.length} dimensions`);
  }
  return ctx.transpose(x, perm);
}

/** ZeroPadding1D, ZeroPadding2D: one number, one for each axis, or two for each. */
export function zeroPadding(axes: Axes): LayerImporter {
  return (ctx) => {
    const x = mapOf(ctx, axes);
    const pads = ofAxes(ctx, sides(ctx, 'padding', axes), [0, 0] as const);
    if (pads.flat().every((p) => p === 0)) return x;
    return ctx.emit(
      { kind: 'pad', pads, value: 0 },
      [x],
      x.shape.map((d, k) => d + pads[k]![0] + pads[k]![1]),
    );
  };
}

/** Cropping1D, Cropping2D: told as padding is. */
export function cropping(axes: Axes): LayerImporter {
  return (ctx) => {
    const x = mapOf(ctx, axes);
    const cut = ofAxes<readonly [number, number] | undefined>(ctx, sides(ctx, 'cropping', axes), undefined);
    return gathered(
      ctx,
      x,
      x.shape.map((d, k) => cut[k] && part(cut[k][0], Math.max(0, d - cut[k][0] - cut[k][1]))),
    );
  };
}

/** RepeatVector: [1, n] as rows of [1, times, n]. */
export function repeatVector(ctx: KerasContext): Operand {
  const x = ctx.input;
  if (x.shape.length !== 2) ctx.refuse(say`works on a tensor of ${x.shape.length} dimensions; 2 are needed`);
  const [times] = ctx.sizes('n', 1, 1) as [number];
  const row = ctx.reshape(x, [1, 1, x.shape[1]!], times === 1 ? '' : '/in');
  return gathered(ctx, row, [undefined, { size: times, at: () => 0 }, undefined]);
}

function sides(ctx: KerasContext, name: string, axes: Axes): (readonly [number, number])[] {
  const list = ctx.numbers(name) ?? [1];
  if (list.some((n) => !Number.isInteger(n) || n < 0 || n > 65535)) ctx.refuse(say`has ${name} [${list}]`);
  if (list.length === 2 * axes) {
    return Array.from({ length: axes }, (_, k) => [list[2 * k]!, list[2 * k + 1]!] as const);
  }
  if (list.length !== 1 && list.length !== axes) ctx.refuse(say`has ${name} [${list}]`);
  return Array.from({ length: axes }, (_, k) => {
    const both = list[k] ?? list[0]!;
    return [both, both] as const;
  });
}
