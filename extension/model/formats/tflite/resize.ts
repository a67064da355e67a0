import { say } from '../../../common/errors/sentence.ts';
import type { Operand, Real } from '../../import/operand.ts';
import { type ResizedAxis, resizedLinearly, resizedToNearest } from '../../import/resize.ts';
import type { TfliteContext } from './context.ts';

type Resize = 'RESIZE_NEAREST_NEIGHBOR' | 'RESIZE_BILINEAR';

const { fround } = Math;

/** RESIZE_NEAREST_NEIGHBOR: positions are cut off, or rounded where the corners are aligned. */
export function resizeNearest(ctx: TfliteContext<'RESIZE_NEAREST_NEIGHBOR'>): Operand {
  const { alignCorners, halfPixelCenters } = ctx.options;
  const { x, axes } = axesOf(
    ctx,
    halfPixelCenters ? (i, scale) => fround(fround(i + 0.5) * scale) : undefined,
  );
  return resizedToNearest(ctx, x, axes, alignCorners ? (p) => Math.floor(p + 0.5) : Math.floor);
}

/** RESIZE_BILINEAR. */
export function resizeBilinear(ctx: TfliteContext<'RESIZE_BILINEAR'>): Operand {
  const { halfPixelCenters } = ctx.options;
  const { x, axes } = axesOf(
    ctx,
    halfPixelCenters ? (i, scale) => fround(fround(fround(i + 0.5) * scale) - 0.5) : undefined,
  );
  return resizedLinearly(ctx, x, axes);
}

/** The map, and its axes in the size that the second operand says. @param position of element i, in float32 as runtimes have it */
function axesOf(
  ctx: TfliteContext<Resize>,
  position: (i: number, scale: number) => number = (i, scale) => fround(i * scale),
): { x: Real; axes: (ResizedAxis | undefined)[] } {
  const x = ctx.real(0);
  const sizes = ctx.ints(1, say`the size`);
  if (x.shape.length !== 4 || sizes.length !== 2) {
    ctx.refuse(
      say`makes [${sizes}] of [${x.shape}]; a height and a width for a map of 4 dimensions are needed`,
    );
  }
  const axes = sizes.map((size, k): ResizedAxis | undefined => {
    const from = x.shape[k + 1]!;
    if (size < 1) ctx.refuse(say`makes ${size} elements of ${from}`);
    const aligned = ctx.options.alignCorners && size > 1;
    const scale = fround(aligned ? (from - 1) / (size - 1) : from / size);
    return size === from ? undefined : { size, at: (i) => position(i, scale) };
  });
  return { x, axes: [undefined, ...axes, undefined] };
}
