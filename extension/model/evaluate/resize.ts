import { elements } from '../graph.ts';
import type { ResizeNode, Shape } from '../graph.ts';
import type { Tensor } from './tensor.ts';

/** Bilinear interpolation of an NHWC map. */
export function resize({ rows, columns }: ResizeNode, x: Tensor, outShape: Shape): Float32Array {
  const [, , width, channels] = x.shape as [number, number, number, number];
  const out = new Float32Array(elements(outShape));
  let o = 0;
  for (const [oy, y] of rows.low.entries()) {
    const v = rows.share[oy]!;
    const below = v > 0 ? width * channels : 0;
    for (const [ox, left] of columns.low.entries()) {
      const h = columns.share[ox]!;
      const right = h > 0 ? channels : 0;
      const at = (y * width + left) * channels;
      for (let p = at; p < at + channels; p++) {
        const upper = x.data[p]! * (1 - h) + x.data[p + right]! * h;
        const lower = x.data[p + below]! * (1 - h) + x.data[p + below + right]! * h;
        out[o++] = upper * (1 - v) + lower * v;
      }
    }
  }
  return out;
}
