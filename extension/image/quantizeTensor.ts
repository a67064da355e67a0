export type TensorType = 'int8' | 'uint8' | 'int16' | 'float32';
export const TENSOR_TYPES: readonly TensorType[] = ['int8', 'uint8', 'int16', 'float32'];

/** How a tensor is stored: real = scale * (q - offset); scale and offset do not matter for float32. */
export interface TensorFormat {
  readonly type: TensorType;
  readonly scale: number;
  readonly offset: number;
}

const RANGES = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767] } as const;

/** Integer values round(real / scale) + offset (halves to even, as IEEE nearest), clamped to the type. */
export function quantizeValues(
  reals: Float32Array,
  format: TensorFormat & { readonly type: keyof typeof RANGES },
): Int32Array {
  const [min, max] = RANGES[format.type];
  return Int32Array.from(reals, (r) =>
    Math.min(max, Math.max(min, roundHalfEven(r / format.scale) + format.offset)),
  );
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

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
