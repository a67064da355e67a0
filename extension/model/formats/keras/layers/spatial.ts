import { say } from '../../../../common/errors/sentence.ts';
import { fromNhwc, toNhwc } from '../../../import/nchw.ts';
import type { Real } from '../../../import/operand.ts';
import { type Padding, type PlacedWindow, placeWindow, two, type Two } from '../../../import/placeWindow.ts';
import type { KerasContext } from '../context.ts';

/** How many axes a layer's windows move over. */
export type Axes = 1 | 2;

/** The input, which has as many axes beside batch and channels. */
export function mapOf(ctx: KerasContext, axes: Axes): Real {
  const x = ctx.input;
  if (x.shape.length !== axes + 2) {
    ctx.refuse(say`works on a tensor of ${x.shape.length} dimensions; ${axes + 2} are needed`);
  }
  return x;
}

/** A list of all axes of a map in the layer's order: what is told of rows and columns, and of batch and channels. */
export function ofAxes<T>(ctx: KerasContext, spatial: readonly T[], other: T): T[] {
  return ctx.channelsFirst ? [other, other, ...spatial] : [other, ...spatial, other];
}

/** How many rows and columns a map has. */
export function sizesOf(ctx: KerasContext, { shape }: Real): readonly number[] {
  return ctx.channelsFirst ? shape.slice(2) : shape.slice(1, -1);
}

/** The input as [1, H, W, C]; a 1D one becomes a map of height 1. Undone by `asOutput`. */
export function asMap(ctx: KerasContext, axes: Axes): Real {
  const x = mapOf(ctx, axes);
  if (ctx.channelsFirst) return toNhwc(ctx, x);
  return axes === 2 ? x : ctx.reshape(x, [1, 1, ...x.shape.slice(1)], '/in');
}

/** What tells the node that computes a map apart from what `asOutput` puts behind it. */
export function mapSuffix(ctx: KerasContext, axes: Axes): string {
  return axes === 2 && !ctx.channelsFirst ? '' : '/nhwc';
}

/** A map as the layer's output: in its order, and without the height that a 1D map got. */
export function asOutput(ctx: KerasContext, y: Real, axes: Axes): Real {
  if (ctx.channelsFirst) return fromNhwc(ctx, y, axes + 2);
  return axes === 2 ? y : ctx.reshape(y, [1, ...y.shape.slice(2)]);
}

export interface WindowSizes {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** Places the layer's window on its map [1, H, W, C] as its `padding` says: valid, same, and causal in 1D. */
export function placedWindow(ctx: KerasContext, map: Real, sizes: WindowSizes): PlacedWindow {
  const [kernel, strides, dilations] = [sizes.kernel, sizes.strides, sizes.dilations].map((list) =>
    two(list, 1),
  ) as [Two, Two, Two];
  const window = { kernel, strides, dilations, padding: paddingOf(ctx, kernel, dilations), ceil: false };
  return placeWindow(ctx, window, [map.shape[1]!, map.shape[2]!]);
}

function paddingOf(ctx: KerasContext, kernel: Two, dilations: Two): Padding {
  const padding = ctx.string('padding', 'valid');
  switch (padding) {
    case 'valid':
      return 'valid';
    case 'same':
      return sameBefore(ctx, kernel, dilations) ?? 'same upper';
    case 'causal': // nothing of what comes later
      return { before: [0, (kernel[1] - 1) * dilations[1]], after: [0, 0] };
    default:
      ctx.refuse(say`pads in the way '${padding}'; valid, same and causal are supported`);
  }
}

/** What a file of Keras 1 has before a map (keras1/layer.ts). */
function sameBefore(ctx: KerasContext, kernel: Two, dilations: Two): Padding | undefined {
  const given = ctx.numbers('same_before');
  if (!given) return undefined;
  const before = two(given, 0);
  const isSound = before.every(
    (n, k) => Number.isInteger(n) && n >= 0 && n <= (kernel[k]! - 1) * dilations[k]!,
  );
  if (!isSound) ctx.refuse(say`has same_before [${given}]`);
  return { sameBefore: before };
}
