import type { Shape } from '../graph.ts';

/** A dense float32 array with its shape. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}
