/** Padding of the two spatial dimensions, in elements. */
export interface Pads {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** How a window of taps moves over height and width of an NHWC map: what convolutions and poolings share. */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: Pads;
}

/** 0: height, 1: width. */
export type Axis = 0 | 1;

export const NO_PADS: Pads = { top: 0, left: 0, bottom: 0, right: 0 };

/** A window that is looked at once, where the map begins. */
export function singleWindow(height: number, width: number): Window {
  return { kernel: [height, width], strides: [1, 1], dilations: [1, 1], pads: NO_PADS };
}

export function isPadded({ pads }: Pick<Window, 'pads'>): boolean {
  return pads.top + pads.left + pads.bottom + pads.right > 0;
}

/** Index on the map of the first tap for output index `o`; negative where the window begins in the padding. */
export function windowStart(w: Window, axis: Axis, o: number): number {
  return o * w.strides[axis] - (axis === 0 ? w.pads.top : w.pads.left);
}

/** The taps of one axis that lie on the map: from, from + 1, .. to - 1 (none when from = to). */
export interface TapRange {
  readonly from: number;
  readonly to: number;
  /** Index on the map of the tap `from`; the others follow at the distance of the dilation. */
  readonly first: number;
}

/** @param size elements of the map along the axis */
export function tapsInside(w: Window, axis: Axis, o: number, size: number): TapRange {
  const start = windowStart(w, axis, o);
  const step = w.dilations[axis];
  const from = Math.min(w.kernel[axis], start >= 0 ? 0 : Math.ceil(-start / step));
  const to = Math.max(from, Math.min(w.kernel[axis], Math.ceil((size - start) / step)));
  return { from, to, first: start + from * step };
}

/** `tapsInside` for the output indices 0 to count - 1. */
export function allTaps(w: Window, axis: Axis, count: number, size: number): TapRange[] {
  return Array.from({ length: count }, (_, o) => tapsInside(w, axis, o, size));
}

/** Number of elements of the map under a window. */
export function tapCount(rows: TapRange, columns: TapRange): number {
  return (rows.to - rows.from) * (columns.to - columns.from);
}

/**
 * The numbers of elements of the map that some window covers.
 * @param size height and width of the map
 * @param out height and width of the result
 */
export function tapCounts(
  w: Window,
  size: readonly [number, number],
  out: readonly [number, number],
): Set<number> {
  const along = (axis: Axis): Set<number> =>
    new Set(allTaps(w, axis, out[axis], size[axis]).map(({ from, to }) => to - from));
  const columns = along(1);
  return new Set([...along(0)].flatMap((rows) => [...columns].map((n) => rows * n)));
}

/** Visits the pixels of a map of `width` columns under a window: index y * width + x, and the tap ky * kernel width + kx. */
export function eachTap(
  w: Window,
  rows: TapRange,
  columns: TapRange,
  width: number,
  visit: (pixel: number, tap: number) => void,
): void {
  for (let ky = rows.from, y = rows.first; ky < rows.to; ky++, y += w.dilations[0]) {
    for (let kx = columns.from, x = columns.first; kx < columns.to; kx++, x += w.dilations[1]) {
      visit(y * width + x, ky * w.kernel[1] + kx);
    }
  }
}
