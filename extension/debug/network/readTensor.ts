import { STORED_BYTES, type StoredType, type TensorPlace } from '../../bundle/tensorPlace.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';

/** Numbers of the largest tensor that is read: far more than any of these boards holds. */
const MOST_ELEMENTS = 1 << 24;

/** Where a network's memories lie: what its entry function is called with. */
export type Bases = Readonly<Record<TensorPlace['memory'], number>>;

/**
 * Reads a tensor out of memory as the numbers that it stands for, q of each element, one behind the other in the order of its shape.
 * Borders are left out.
 *
 * @param read gives bytes at an address, or throws
 * @throws UserError `input` for what no memory holds
 */
export function readTensor(
  { memory, byteOffset, type, bias, shape, strides }: TensorPlace,
  bases: Bases,
  read: (address: number, length: number) => Uint8Array,
): number[] {
  const count = shape.reduce((n, d) => n * d, 1);
  const span = shape.reduce((n, d, k) => n + (d - 1) * strides[k]!, 1);
  if (count > MOST_ELEMENTS || span > MOST_ELEMENTS) {
    throw new UserError('input', say`A tensor of ${count} numbers fits into no board.`, []);
  }
  if (count === 0) return [];
  const size = STORED_BYTES[type];
  const bytes = read(bases[memory] + byteOffset, span * size);
  const numberAt = reader(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  const index = shape.map(() => 0);
  const numbers: number[] = [];
  let at = 0;
  for (;;) {
    numbers.push(numberAt(at * size) - bias);
    let k = shape.length - 1;
    // the last dimension that does not begin anew
    for (; k >= 0 && index[k]! + 1 === shape[k]; k--) {
      at -= index[k]! * strides[k]!;
      index[k] = 0;
    }
    if (k < 0) return numbers;
    index[k]!++;
    at += strides[k]!;
  }
}

function reader(type: StoredType, view: DataView): (at: number) => number {
  switch (type) {
    case 'uint8':
      return (at) => view.getUint8(at);
    case 'int8':
      return (at) => view.getInt8(at);
    case 'int16':
      return (at) => view.getInt16(at, true);
    case 'int32':
      return (at) => view.getInt32(at, true);
    case 'float32':
      return (at) => view.getFloat32(at, true);
  }
}
