import { windowStart } from '../../../model/window.ts';
import { imageOf } from '../../values/layout.ts';
import type { Step } from '../../values/step.ts';
import { isClipped, type Pool } from './shape.ts';

/**
 * Elements by which the input must start behind the output, so that no write of the pooling (its border included, row by row)
 * reaches an element that a later window reads; undefined where windows are clipped.
 */
export function poolGap({ node, inputs, output }: Step<Pool>): number | undefined {
  if (isClipped(node)) return undefined;
  const { layout } = inputs[0]!;
  const image = imageOf(layout);
  const result = imageOf(output.layout);
  const { origin } = output.layout;
  const start = (y: number, x: number): number =>
    layout.origin + windowStart(node, 0, y) * image.row + windowStart(node, 1, x) * image.column;
  // from the last window to the first: the lowest element still to be read after each write
  let gap = 0;
  let lowest = Infinity;
  for (let y = result.h - 1; y >= 0; y--) {
    const behindRow = origin + (y + 1) * result.row - 1; // the border behind the row's last pixel
    if (lowest < Infinity) gap = Math.max(gap, behindRow - lowest + 1);
    for (let x = result.w - 1; x >= 0; x--) {
      for (let c = result.c - 1; c >= 0; c--) {
        const write = origin + y * result.row + x * result.column + c;
        if (lowest < Infinity) gap = Math.max(gap, write - lowest + 1);
        lowest = Math.min(lowest, start(y, x) + c);
      }
    }
  }
  return Math.max(gap, origin - lowest); // the border above the first row is written before anything is read
}
