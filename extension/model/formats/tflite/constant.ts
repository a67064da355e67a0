import { float16 } from '../../../common/float16.ts';
import { UserError } from '../../../common/error.ts';
import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import { strides } from '../../indexing.ts';
import type { ConstantBudget } from '../../import/budget.ts';
import type { ModelConstant } from '../../import/operand.ts';
import { damaged, tooLarge } from '../../import/refusal.ts';
import { TFLITE_LIMITS } from './limits.ts';
import type { TensorType } from './names.ts';
import { densePositions } from './sparsity.ts';
import type { TfliteQuantization, TfliteTensor } from './tensor.ts';

/** Reads element i. */
type Read = (view: DataView, i: number) => number;

const FLOATS: Readonly<Partial<Record<TensorType, Read>>> = {
  FLOAT32: (view, i) => view.getFloat32(4 * i, true),
  FLOAT16: (view, i) => float16(view.getUint16(2 * i, true)),
};

export const INTEGER_READERS: Readonly<Partial<Record<TensorType, Read>>> = {
  INT8: (view, i) => view.getInt8(i),
  UINT8: (view, i) => view.getUint8(i),
  BOOL: (view, i) => view.getUint8(i),
  INT16: (view, i) => view.getInt16(2 * i, true),
  INT32: (view, i) => view.getInt32(4 * i, true),
  INT64: (view, i) => Number(view.getBigInt64(8 * i, true)),
};

/** Bytes of an element of the types above. */
export const SIZES: Readonly<Partial<Record<TensorType, number>>> = {
  ...{ BOOL: 1, INT8: 1, UINT8: 1, INT16: 2, FLOAT16: 2, INT32: 4, FLOAT32: 4, INT64: 8 },
};

/**
 * What a tensor holds as the IR reads it: real numbers, dequantized where the tensor has scales, or integers (shapes, axes). Sparse
 * ones are filled up with zeros.
 *
 * @param data the tensor's own
 * @throws UserError 'model' on other types, and where the numbers do not fit the shape
 */
export function readConstant(tensor: TfliteTensor, data: Uint8Array, budget: ConstantBudget): ModelConstant {
  const { type, shape, quantization, sparsity } = tensor;
  const what = say`Tensor ${tensor.index}, '${tensor.name}',`;
  const count = elements(shape);
  const float = FLOATS[type];
  const read = float ?? INTEGER_READERS[type];
  if (!read) {
    throw new UserError(
      'model',
      say`${what} has elements of ${type}; ${[...Object.keys(FLOATS), ...Object.keys(INTEGER_READERS)]} are read.`,
      say`Convert the model again, in float32 or int8.`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (!float && !quantization) {
    if (sparsity) throw damaged(say`${what} is sparse and holds no weights`);
    if (count > TFLITE_LIMITS.integers) {
      throw tooLarge(say`${what} holds ${count} integers: that is no model for a microcontroller.`);
    }
    return { kind: 'int', shape, data: Array.from({ length: count }, (_, i) => read(view, i)) };
  }
  budget.spend(count);
  const positions = sparsity && densePositions(sparsity, shape, what);
  const stored = positions?.length ?? count;
  const size = SIZES[type]!;
  if (data.length !== stored * size) {
    throw damaged(say`${what} has ${data.length} bytes where its elements need ${stored * size}`);
  }
  const real = float ? read : dequantized(read, quantization!, tensor, positions, what);
  const numbers = new Float32Array(count);
  for (let i = 0; i < stored; i++) numbers[positions?.[i] ?? i] = real(view, i);
  return { kind: 'float', shape, data: numbers };
}

/** scale · (q - zero point), each element with those of its channel. */
function dequantized(
  read: Read,
  { scales, zeroPoints, dimension }: TfliteQuantization,
  { shape }: TfliteTensor,
  positions: Int32Array | undefined,
  what: Sentence,
): Read {
  if (scales.length === 1) return (view, i) => scales[0]! * (read(view, i) - zeroPoints[0]!);
  // a bias has its only dimension, whatever its file says
  const axis = shape.length === 1 ? 0 : dimension;
  if (shape[axis] !== scales.length) {
    throw damaged(say`${what} has ${scales.length} scales along dimension ${dimension} of [${shape}]`);
  }
  const step = strides(shape)[axis]!;
  return (view, i) => {
    const channel = Math.floor((positions?.[i] ?? i) / step) % scales.length;
    return scales[channel]! * (read(view, i) - zeroPoints[channel]!);
  };
}
