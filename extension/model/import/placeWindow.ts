import { say } from '../../common/errors/sentence.ts';
import type { Window } from '../window.ts';
import type { OperatorContext } from './context.ts';

/** A pair of numbers for height and width. */
export type Two = readonly [height: number, width: number];

/** Two numbers for height and width; a 1D window has the height `one`. */
export function two(list: readonly number[], one: number): Two {
  return list.length === 1 ? [one, list[0]!] : [list[0]!, list[1]!];
}

/**
 * How a window's padding is told: by its sizes, or by what the result shall be. `same`: one output a stride, an odd element of
 * padding behind the map (`upper`, as TensorFlow has it) or before it (`lower`), or as much as is told before it.
 */
export type Padding =
  | { readonly before: Two; readonly after: Two }
  | { readonly sameBefore: Two }
  | 'valid'
  | 'same upper'
  | 'same lower';

/** A window as model files tell it; a 1D window has height 1. */
export interface DeclaredWindow extends Omit<Window, 'pads'> {
  readonly padding: Padding;
  /** Whether a last window that hangs over the padded map counts. */
  readonly ceil: boolean;
}

/** A declared window on a map of known size. */
export interface PlacedWindow extends Window {
  /** Padding at the bottom and right that only `ceil` needs, beyond `pads`. */
  readonly overhang: Two;
  readonly out: Two;
}

/** Places a window on a map; refused where not one fits. */
export function placeWindow(
  ctx: Pick<OperatorContext, 'refuse'>,
  window: DeclaredWindow,
  size: Two,
): PlacedWindow {
  const [rows, columns] = ([0, 1] as const).map((axis) => placeAxis(ctx, window, axis, size[axis])) as [
    PlacedAxis,
    PlacedAxis,
  ];
  const { kernel, strides, dilations } = window;
  return {
    kernel,
    strides,
    dilations,
    pads: { top: rows.before, left: columns.before, bottom: rows.after, right: columns.after },
    overhang: [rows.overhang, columns.overhang],
    out: [rows.out, columns.out],
  };
}

interface PlacedAxis {
  readonly before: number;
  readonly after: number;
  readonly overhang: number;
  readonly out: number;
}

/** @param size elements of the map along the axis */
function placeAxis(
  ctx: Pick<OperatorContext, 'refuse'>,
  window: DeclaredWindow,
  axis: 0 | 1,
  size: number,
): PlacedAxis {
  const { padding, ceil } = window;
  const stride = window.strides[axis];
  const span = (window.kernel[axis] - 1) * window.dilations[axis] + 1;
  if (
    padding === 'same upper' ||
    padding === 'same lower' ||
    (padding !== 'valid' && 'sameBefore' in padding)
  ) {
    const out = Math.ceil(size / stride);
    const total = Math.max((out - 1) * stride + span - size, 0);
    const half = padding === 'same upper' ? Math.floor(total / 2) : Math.ceil(total / 2);
    const before = typeof padding === 'object' ? padding.sameBefore[axis] : half;
    return { before, after: Math.max(total - before, 0), overhang: 0, out };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : [padding.before[axis], padding.after[axis]];
  const padded = size + before + after;
  const steps = (padded - span) / stride;
  let out = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  // A window that would start in the padding behind the map is left out.
  if (ceil && (out - 1) * stride >= size + before) out--;
  if (out < 1) ctx.refuse(say`has a window of ${span} on a map of ${size} (with padding ${padded})`);
  return { before, after, overhang: Math.max(0, (out - 1) * stride + span - padded), out };
}
