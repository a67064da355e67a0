import { onnxModel } from '../model/onnxBuilder.ts';
import { Random } from '../support/random.ts';

/** A small picture classifier in int8, from 10 x 10 gray pixels to five classes, by its place in the repository. */
export const TFLITE_MODEL = 'test/model/tflite/conv_pool_dense_i8.tflite';

/** Numbers of builtin operators, and of the fields that hold them (tensorflow/lite/schema/schema.fbs). */
const [MAX_POOL_2D, L2_POOL_2D] = [17, 12];
const CODES = 1;
const [BYTE, BUILTIN] = [0, 3];

/**
 * The same model with an operator that GlowPort does not read: its maximum pooling is an L2 pooling.
 * @param model the bytes of TFLITE_MODEL
 */
export function unreadTflite(model: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(model);
  const view = new DataView(bytes.buffer);
  const follow = (at: number): number => at + view.getUint32(at, true);
  const field = (table: number, number: number): number | undefined => {
    const vtable = table - view.getInt32(table, true);
    const slot = 4 + 2 * number;
    const offset = slot < view.getUint16(vtable, true) ? view.getUint16(vtable + slot, true) : 0;
    return offset === 0 ? undefined : table + offset;
  };
  const codes = follow(field(follow(0), CODES)!);
  for (let k = 0; k < view.getUint32(codes, true); k++) {
    const code = follow(codes + 4 + 4 * k);
    const [byte, builtin] = [field(code, BYTE), field(code, BUILTIN)];
    if (byte !== undefined && bytes[byte] === MAX_POOL_2D) bytes[byte] = L2_POOL_2D;
    if (builtin !== undefined && view.getInt32(builtin, true) === MAX_POOL_2D) {
      view.setInt32(builtin, L2_POOL_2D, true);
    }
  }
  return bytes;
}

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
