import type { Geometry } from './quantizedGraph.ts';

/** Number of elements an average-pooling window covers inside an image of this NHWC shape at output (oy, ox). */
export function windowCount(g: Geometry, shape: readonly number[], oy: number, ox: number): number {
  return (
    along(oy * g.strides[0] - g.pads.top, 0, g, shape[1]!) *
    along(ox * g.strides[1] - g.pads.left, 1, g, shape[2]!)
  );
}

function along(first: number, axis: 0 | 1, g: Geometry, size: number): number {
  let n = 0;
  for (let k = 0; k < g.kernel[axis]; k++) {
    const i = first + k * g.dilations[axis];
    if (i >= 0 && i < size) n++;
  }
  return n;
}
