import { onnxModel } from '../model/onnxBuilder.ts';
import { Random } from '../support/random.ts';

/** A small picture classifier in int8, from 10 x 10 gray pixels to five classes, by its place in the repository. */
export const TFLITE_MODEL = 'test/model/tflite/conv_pool_dense_i8.tflite';

/** An ONNX model with the ends of it: what the stand-ins compile in its place. */
export function tfliteTwin(): Uint8Array {
  const random = new Random(5);
  return onnxModel({
    inputs: [{ name: 'x', shape: [1, 10, 10, 1] }],
    outputs: ['act6'],
    nodes: [
      { op: 'Flatten', inputs: ['x'], outputs: ['f'] },
      { op: 'Gemm', inputs: ['f', 'w', 'b'], outputs: ['act6'] },
    ],
    initializers: {
      w: { dims: [100, 5], floats: [...random.floats(500, -1, 1)] },
      b: { dims: [5], floats: [0, 0, 0, 0, 0] },
    },
  });
}
