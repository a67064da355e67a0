import { say } from '../../../../common/errors/sentence.ts';
import type { Real } from '../../../import/operand.ts';
import { type Padding, type PlacedWindow, placeWindow, type Two } from '../../../import/placeWindow.ts';
import type { KerasContext } from '../context.ts';

/** How many axes a layer's windows move over. */
export type Axes = 1 | 2;

/** The input as [1, H, W, C]; [1, L, C] becomes a map of height 1. Undone by `asOutput`. */
export function asMap(ctx: KerasContext, axes: Axes): Real {
  const x = ctx.input;
  const { shape } = x;
  if (shape.length !== axes + 2) {
    ctx.refuse(say`works on a tensor of ${shape.length} dimensions; ${axes + 2} are needed`);
  }
  return axes === 2 ? x : ctx.reshape(x, [1, 1, ...shape.slice(1)], '/in');
}

/** What tells the node that computes a map apart from the reshape that `asOutput` puts behind it. */
export function mapSuffix(axes: Axes): string {
  return axes === 2 ? '' : '/nhwc';
}

/** A map as the layer's output: without the height that a 1D map got. */
export function asOutput(ctx: KerasContext, y: Real, axes: Axes): Real {
  return axes === 2 ? y : ctx.reshape(y, [1, ...y.shape.slice(2)]);
}

/** Two numbers for height and width; a 1D window has the height `one`. */
export function two(list: readonly number[], one: number): Two {
  return list.length === 1 ? [one, list[0]!] : [list[0]!, list[1]!];
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
      return 'same upper';
    case 'causal': // nothing of what comes later
      return { before: [0, (kernel[1] - 1) * dilations[1]], after: [0, 0] };
    default:
      ctx.refuse(say`pads in the way '${padding}'; valid, same and causal are supported`);
  }
}
