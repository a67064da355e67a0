import { type Window, windowStart } from '../../model/window.ts';
import { imageOf, type Layout } from './layout.ts';

/** A window as distances in the memory of an image, in elements of its type: what the loops of a kernel step by. */
export interface WindowWalk {
  /** Offset of the first tap of the first output; in the border where there is padding. */
  readonly first: number;
  /** From an output's first tap to that of the output below it, and to its right. */
  readonly stepY: number;
  readonly stepX: number;
  /** From a tap to the one below it, and to its right. */
  readonly tapRow: number;
  readonly tapColumn: number;
}

/** How a window walks over an image that lies in memory with the border its padding needs. */
export function windowWalk(window: Window, layout: Layout): WindowWalk {
  const { row, column } = imageOf(layout);
  return {
    first: layout.origin + windowStart(window, 0, 0) * row + windowStart(window, 1, 0) * column,
    stepY: window.strides[0] * row,
    stepX: window.strides[1] * column,
    tapRow: window.dilations[0] * row,
    tapColumn: window.dilations[1] * column,
  };
}
