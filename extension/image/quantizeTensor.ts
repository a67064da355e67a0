import { limits, type Limits, type QuantParams, quantizeReal } from '../quantize/schemas.ts';

export type TensorType = 'int8' | 'uint8' | 'int16' | 'float32';
export const TENSOR_TYPES: readonly TensorType[] = ['int8', 'uint8', 'int16', 'float32'];

/** How a tensor is stored: real = scale * (q - offset); scale and offset do not matter for float32. */
export interface TensorFormat {
  readonly type: TensorType;
  readonly scale: number;
  readonly offset: number;
}

const UINT8: Limits = { qmin: 0, qmax: 255 };

/** Integer values of a tensor: nearest, saturated, as quantization rounds everywhere. */
export function quantizeValues(
  reals: Float32Array,
  format: QuantParams & { readonly type: Exclude<TensorType, 'float32'> | 'int32' },
): Int32Array {
  const range = format.type === 'uint8' ? UINT8 : limits(format.type);
  return Int32Array.from(reals, (r) => quantizeReal(r, format, range));
}

/** A tensor as the bytes that lie in the board's memory (little-endian). */
export function quantizeTensor(reals: Float32Array, format: TensorFormat): Uint8Array {
  if (format.type === 'float32')
    return bytesOf(reals.length, 4, (v, i) => v.setFloat32(4 * i, reals[i]!, true));
  const q = quantizeValues(reals, { ...format, type: format.type });
  return format.type === 'int16'
    ? bytesOf(q.length, 2, (v, i) => v.setInt16(2 * i, q[i]!, true))
    : bytesOf(q.length, 1, (v, i) => v.setUint8(i, q[i]! & 0xff));
}

function bytesOf(count: number, size: number, put: (view: DataView, index: number) => void): Uint8Array {
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) put(view, i);
  return bytes;
}
