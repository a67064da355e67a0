import { say } from '../../../common/errors/sentence.ts';
import { placeWindow } from '../../import/placeWindow.ts';
import type { Padding, PlacedWindow, Two } from '../../import/placeWindow.ts';
import type { OnnxContext } from './context.ts';

/** What auto_pad can say beside NOTSET. */
const AUTO_PADS: ReadonlyMap<string, Padding> = new Map([
  ['VALID', 'valid'],
  ['SAME_UPPER', 'same upper'],
  ['SAME_LOWER', 'same lower'],
]);

/** Reads kernel_shape (or takes the weights'), strides, dilations, pads, auto_pad and ceil_mode, all checked. */
export function readWindow(
  ctx: OnnxContext,
  size: Two,
  rank: number,
  weightsKernel?: readonly number[],
): PlacedWindow {
  const spatial = rank - 2;
  const list = (name: string, length: number, least: number, fallback?: readonly number[]) =>
    readSizes(ctx, name, length, least, fallback);
  const ones = new Array<number>(spatial).fill(1);
  const kernel = list('kernel_shape', spatial, 1, weightsKernel);
  if (weightsKernel?.some((k, i) => k !== kernel[i])) {
    ctx.refuse(say`has kernel_shape [${kernel}] but weights for [${weightsKernel}]`);
  }
  const strides = list('strides', spatial, 1, ones);
  const dilations = list('dilations', spatial, 1, ones);
  const autoPad = ctx.string('auto_pad', 'NOTSET');
  if (autoPad !== 'NOTSET' && autoPad !== '' && !AUTO_PADS.has(autoPad)) {
    ctx.refuse(say`has auto_pad '${autoPad}'; NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported`);
  }
  const ceil = ctx.int('ceil_mode', 0) !== 0;
  const declared = list('pads', 2 * spatial, 0, new Array<number>(2 * spatial).fill(0));

  const two = (v: readonly number[], one: number): Two => (spatial === 1 ? [one, v[0]!] : [v[0]!, v[1]!]);
  const window = {
    kernel: two(kernel, 1),
    strides: two(strides, 1),
    dilations: two(dilations, 1),
    padding: AUTO_PADS.get(autoPad) ?? { before: two(declared, 0), after: two(declared.slice(spatial), 0) },
    ceil,
  };
  return placeWindow(ctx, window, size);
}

/** An attribute that is a list of sizes, checked. @param least that each may be */
export function readSizes(
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
