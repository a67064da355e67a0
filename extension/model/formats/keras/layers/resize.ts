import { say } from '../../../../common/errors/sentence.ts';
import type { Operand } from '../../../import/operand.ts';
import { type ResizedAxis, resizedLinearly, resizedToNearest } from '../../../import/resize.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { type Axes, mapOf, ofAxes, sizesOf } from './spatial.ts';

/** UpSampling1D, UpSampling2D: each row and column as often as `size` says, or interpolated. */
export function upSampling(axes: Axes): LayerImporter {
  return (ctx) => {
    const x = mapOf(ctx, axes);
    const times = ctx.sizes('size', axes, 2);
    const from = sizesOf(ctx, x);
    const sizes = times.map((n, k) => n * from[k]!);
    return resized(ctx, axes, sizes, axes === 2 ? ctx.string('interpolation', 'nearest') : 'nearest');
  };
}

/** Resizing to a height and a width, without keeping their ratio. */
export function resizing(ctx: KerasContext): Operand {
  for (const option of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias']) {
    if (ctx.bool(option, false)) ctx.refuse(say`has ${option}, which is not supported`);
  }
  const [height] = ctx.sizes('height', 1, 1) as [number];
  const [width] = ctx.sizes('width', 1, 1) as [number];
  return resized(ctx, 2, [height, width], ctx.string('interpolation', 'bilinear'));
}

/** TensorFlow's way: the centres of the elements, half a step from the map's edge, lie over one another. */
function resized(ctx: KerasContext, axes: Axes, sizes: readonly number[], interpolation: string): Operand {
  const x = mapOf(ctx, axes);
  const old = sizesOf(ctx, x);
  const centres = sizes.map((size, k): ResizedAxis | undefined => {
    const from = old[k]!;
    return size === from ? undefined : { size, at: (i) => ((i + 0.5) * from) / size };
  });
  const along = ofAxes<ResizedAxis | undefined>(ctx, centres, undefined);
  if (interpolation === 'nearest') return resizedToNearest(ctx, x, along, Math.floor);
  if (interpolation === 'bilinear') {
    const edges = along.map((axis) => axis && { ...axis, at: (i: number) => axis.at(i) - 0.5 });
    return resizedLinearly(ctx, x, edges);
  }
  ctx.refuse(say`interpolates by '${interpolation}'; nearest and bilinear are supported`);
}
