import { say } from '../../../common/errors/sentence.ts';
import { fromNhwc, toNhwc } from '../../import/nchw.ts';
import { reducedOver, type Reduction, wholeMap } from '../../import/reduce.ts';
import type { Operand } from '../../import/operand.ts';
import type { PlacedWindow } from '../../import/placeWindow.ts';
import { allTaps, isPadded, NO_PADS } from '../../window.ts';
import type { OnnxContext } from './context.ts';
import { readWindow } from './spatial.ts';

/** MaxPool, 1D and 2D: strides, dilations, pads, auto_pad, ceil_mode. */
export function maxPool(ctx: OnnxContext): Operand {
  if (ctx.outputUsed(1)) ctx.refuse(say`is asked for the indices of its maxima, which is not supported`);
  return pool(ctx, 'maxpool', false);
}

/** AveragePool, 1D and 2D: strides, dilations, pads, auto_pad, ceil_mode, count_include_pad. */
export function averagePool(ctx: OnnxContext): Operand {
  return pool(ctx, 'avgpool', ctx.int('count_include_pad', 0) !== 0);
}

function pool(ctx: OnnxContext, kind: 'maxpool' | 'avgpool', countIncludePad: boolean): Operand {
  const x = ctx.real(0);
  let input = toNhwc(ctx, x);
  const [, height, width, channels] = input.shape as [number, number, number, number];
  const window = readWindow(ctx, [height, width], x.shape.length);
  let { pads } = window;
  checkPads(ctx, window, [height, width]);
  const padded = isPadded(window);
  const overhangs = window.overhang[0] + window.overhang[1] > 0;
  if (countIncludePad && padded && overhangs) {
    // The declared padding counts in the divisor, what ceil_mode adds does not: make the first real zeros.
    input = ctx.emit(
      {
        kind: 'pad',
        pads: [
          [0, 0],
          [pads.top, pads.bottom],
          [pads.left, pads.right],
          [0, 0],
        ],
        value: 0,
      },
      [input],
      [1, height + pads.top + pads.bottom, width + pads.left + pads.right, channels],
      '/pad',
    );
    pads = NO_PADS;
  }
  const y = ctx.emit(
    {
      kind,
      kernel: window.kernel,
      strides: window.strides,
      dilations: window.dilations,
      pads: { ...pads, bottom: pads.bottom + window.overhang[0], right: pads.right + window.overhang[1] },
      countIncludePad: countIncludePad && padded && !overhangs,
    },
    [input],
    [1, ...window.out, channels],
    '/nhwc',
  );
  return fromNhwc(ctx, y, x.shape.length);
}

/** A window wholly inside the padding has no maximum and no average. */
function checkPads(ctx: OnnxContext, window: PlacedWindow, size: readonly [number, number]): void {
  const { pads, kernel } = window;
  const [h, w] = kernel;
  if (pads.top >= h || pads.bottom >= h || pads.left >= w || pads.right >= w) {
    ctx.refuse(
      say`has pads [${pads.top}, ${pads.left}, ${pads.bottom}, ${pads.right}] as wide as its kernel [${h}, ${w}]`,
    );
  }
  for (const axis of [0, 1] as const) {
    for (const { from, to } of allTaps(window, axis, window.out[axis], size[axis])) {
      if (from < to) continue;
      ctx.refuse(
        say`has a window without an element of its input: kernel [${h}, ${w}], dilations [${window.dilations}]`,
      );
    }
  }
}

/** GlobalAveragePool and GlobalMaxPool: one window over the whole map. */
export function globalPool(kind: 'maxpool' | 'avgpool'): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const x = ctx.real(0);
    const input = toNhwc(ctx, x);
    const [, height, width, channels] = input.shape as [number, number, number, number];
    const y = ctx.emit(wholeMap(kind, height, width), [input], [1, 1, 1, channels], '/nhwc');
    return fromNhwc(ctx, y, x.shape.length);
  };
}

/** A reduction over any axes; without axes over all. */
export function reduce(reduction: Reduction): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const x = ctx.real(0);
    const given = ctx.optionalInts(1, say`the axes`) ?? ctx.ints('axes');
    if (!given?.length && ctx.int('noop_with_empty_axes', 0) !== 0) return x;
    const axes = given?.length ? given : x.shape.map((_, k) => k);
    return reducedOver(ctx, reduction, x, axes, ctx.int('keepdims', 1) !== 0);
  };
}
