/**
 * What Conv and the pooling operators share: the way from the model's NC[H]W to the IR's NHWC and back, and the
 * window's geometry.
 */
import { say } from '../../common/errors/sentence.ts';
import type { Window } from '../window.ts';
import type { FloatConstant, Flowing, OperatorContext } from './context.ts';

type Real = Flowing | FloatConstant;

/** The operand as [1, H, W, C]; a 1D map [1, C, L] becomes one of height 1. Undone by `fromNhwc`. */
export function toNhwc(ctx: OperatorContext, x: Real): Real {
  const rank = x.shape.length;
  if (rank !== 3 && rank !== 4) {
    ctx.refuse(
      say`works on a tensor of ${rank} dimensions; 1D and 2D maps, [1, C, L] and [1, C, H, W], are supported`,
    );
  }
  if (x.shape[0] !== 1)
    ctx.refuse(say`works on a batch of ${x.shape[0]!}; microcontrollers take one sample at a time`);
  const [, channels, length] = x.shape as [number, number, number];
  const flat = rank === 3 ? ctx.reshape(x, [1, channels, 1, length], '/in') : x;
  return ctx.transpose(flat, [0, 2, 3, 1], '/in');
}

/** An NHWC result back in the order of the model; `rank` is that of the operand given to `toNhwc`. */
export function fromNhwc(ctx: OperatorContext, y: Real, rank: number): Real {
  const back = ctx.transpose(y, [0, 3, 1, 2], rank === 4 ? '' : '/row');
  if (rank === 4) return back;
  const [, channels, , length] = back.shape as [number, number, number, number];
  return ctx.reshape(back, [1, channels, length]);
}

/** A window as the model declares it; a 1D window has height 1. */
export interface DeclaredWindow extends Window {
  /** Padding at the bottom and right that only ceil_mode needs, beyond `pads`. */
  readonly overhang: readonly [number, number];
  readonly out: readonly [number, number];
}

/** Reads kernel_shape (or takes the weights'), strides, dilations, pads, auto_pad and ceil_mode, all checked. */
export function readWindow(
  ctx: OperatorContext,
  size: readonly [number, number],
  rank: number,
  weightsKernel?: readonly number[],
): DeclaredWindow {
  const spatial = rank - 2;
  const list = (
    name: string,
    length: number,
    least: number,
    fallback?: readonly number[],
  ): readonly number[] => {
    const v = ctx.ints(name) ?? fallback;
    if (!v) ctx.refuse(say`has no attribute '${name}'`);
    if (v.length !== length || v.some((n) => !Number.isSafeInteger(n) || n < least || n > 65535)) {
      ctx.refuse(say`has ${name} [${v}]; ${length} numbers from ${least} to 65535 are needed`);
    }
    return v;
  };
  const ones = new Array<number>(spatial).fill(1);
  const kernel = list('kernel_shape', spatial, 1, weightsKernel);
  if (weightsKernel?.some((k, i) => k !== kernel[i])) {
    ctx.refuse(say`has kernel_shape [${kernel}] but weights for [${weightsKernel}]`);
  }
  const strides = list('strides', spatial, 1, ones);
  const dilations = list('dilations', spatial, 1, ones);
  const autoPad = ctx.string('auto_pad', 'NOTSET');
  if (!['NOTSET', '', 'SAME_UPPER', 'SAME_LOWER', 'VALID'].includes(autoPad)) {
    ctx.refuse(say`has auto_pad '${autoPad}'; NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported`);
  }
  const ceilMode = ctx.int('ceil_mode', 0) !== 0;
  const declared = list('pads', 2 * spatial, 0, new Array<number>(2 * spatial).fill(0));

  const before: number[] = [];
  const after: number[] = [];
  const overhang: number[] = [];
  const out: number[] = [];
  const sizes = spatial === 1 ? [size[1]] : [...size];
  for (let k = 0; k < spatial; k++) {
    const n = sizes[k]!;
    const stride = strides[k]!;
    const span = (kernel[k]! - 1) * dilations[k]! + 1;
    let first = 0;
    let last = 0;
    let count: number;
    if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') {
      count = Math.ceil(n / stride);
      const total = Math.max((count - 1) * stride + span - n, 0);
      first = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      last = total - first;
    } else {
      if (autoPad !== 'VALID') {
        first = declared[k]!;
        last = declared[k + spatial]!;
      }
      const steps = (n + first + last - span) / stride;
      count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
      // A window that would start in the padding behind the map is left out.
      if (ceilMode && (count - 1) * stride >= n + first) count--;
    }
    if (count < 1)
      ctx.refuse(say`has a window of ${span} on a map of ${n} (with padding ${n + first + last})`);
    before.push(first);
    after.push(last);
    out.push(count);
    overhang.push(Math.max(0, (count - 1) * stride + span - (n + first + last)));
  }
  const two = <T>(v: readonly T[], one: T): readonly [T, T] =>
    spatial === 1 ? [one, v[0]!] : [v[0]!, v[1]!];
  const [top, left] = two(before, 0);
  const [bottom, right] = two(after, 0);
  return {
    kernel: two(kernel, 1),
    strides: two(strides, 1),
    dilations: two(dilations, 1),
    pads: { top, left, bottom, right },
    overhang: two(overhang, 0),
    out: two(out, 1),
  };
}
