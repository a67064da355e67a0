import { say } from '../../../common/errors/sentence.ts';
import { placeWindow, two } from '../../import/placeWindow.ts';
import type { PlacedWindow, Two } from '../../import/placeWindow.ts';
import type { OnnxContext } from './context.ts';

/** What auto_pad can say beside NOTSET. */
const AUTO_PADS = { VALID: 'valid', SAME_UPPER: 'same upper', SAME_LOWER: 'same lower' } as const;

/** Reads kernel_shape (or takes the weights'), strides, dilations, pads, auto_pad and ceil_mode, all checked. */
export function readWindow(
  ctx: OnnxContext,
  size: Two,
  rank: number,
  weightsKernel?: readonly number[],
): PlacedWindow {
  const spatial = rank - 2;
  const kernel = readKernel(ctx, spatial, weightsKernel);
  const [strides, dilations] = [
    readTwo(ctx, 'strides', spatial, 1, 1),
    readTwo(ctx, 'dilations', spatial, 1, 1),
  ];
  const autoPad = readAutoPad(ctx);
  const ceil = ctx.int('ceil_mode', 0) !== 0;
  const declared = readPads(ctx, spatial);
  const padding = autoPad ? AUTO_PADS[autoPad] : declared;
  return placeWindow(ctx, { kernel, strides, dilations, padding, ceil }, size);
}

/** kernel_shape, which has to be that of the weights, if there are any. */
export function readKernel(ctx: OnnxContext, spatial: number, weightsKernel?: readonly number[]): Two {
  const kernel = readSizes(ctx, 'kernel_shape', spatial, 1, weightsKernel);
  if (weightsKernel?.some((k, i) => k !== kernel[i])) {
    ctx.refuse(say`has kernel_shape [${kernel}] but weights for [${weightsKernel}]`);
  }
  return two(kernel, 1);
}

/** auto_pad; undefined where the padding is told by its sizes. */
export function readAutoPad(ctx: OnnxContext): keyof typeof AUTO_PADS | undefined {
  const autoPad = ctx.string('auto_pad', 'NOTSET');
  if (autoPad === 'NOTSET' || autoPad === '') return undefined;
  if (Object.hasOwn(AUTO_PADS, autoPad)) return autoPad as keyof typeof AUTO_PADS;
  ctx.refuse(say`has auto_pad '${autoPad}'; NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported`);
}

/** pads, one before and one behind for each axis. */
export function readPads(ctx: OnnxContext, spatial: number): { readonly before: Two; readonly after: Two } {
  const declared = readSizes(ctx, 'pads', 2 * spatial, 0, new Array<number>(2 * spatial).fill(0));
  return { before: two(declared.slice(0, spatial), 0), after: two(declared.slice(spatial), 0) };
}

/** An attribute of one size for each axis. @param one what it is where it is left out, and for the height of a 1D map */
export function readTwo(ctx: OnnxContext, name: string, spatial: number, least: number, one: number): Two {
  return two(readSizes(ctx, name, spatial, least, new Array<number>(spatial).fill(one)), one);
}

/** An attribute that is a list of sizes, checked. @param least that each may be */
function readSizes(
  ctx: OnnxContext,
  name: string,
  length: number,
  least: number,
  fallback?: readonly number[],
): readonly number[] {
  const v = ctx.ints(name) ?? fallback;
  if (!v) ctx.refuse(say`has no attribute '${name}'`);
  if (v.length !== length || v.some((n) => !Number.isSafeInteger(n) || n < least || n > 65535)) {
    ctx.refuse(say`has ${name} [${v}]; ${length} numbers from ${least} to 65535 are needed`);
  }
  return v;
}
