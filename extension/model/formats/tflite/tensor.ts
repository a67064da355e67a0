import { UserError } from '../../../common/error.ts';
import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { checkedElements } from '../../import/checks.ts';
import { LIMITS } from '../../import/limits.ts';
import { damaged } from '../../import/refusal.ts';
import type { FlatTable } from './flatbuffer.ts';
import { TFLITE_LIMITS } from './limits.ts';
import { ELEMENT_BITS, TENSOR_TYPES, type TensorType } from './names.ts';

/** Numbers of fields in tensorflow/lite/schema/schema.fbs. A union has two: what it is, then the table. */
const TENSOR = {
  ...{ shape: 0, type: 1, buffer: 2, name: 3, quantization: 4, isVariable: 5, sparsity: 6, signature: 7 },
  externalBuffer: 10,
} as const;
const QUANTIZATION = { scale: 2, zeroPoint: 3, detailsType: 4, dimension: 6 } as const;
const SPARSITY = { order: 0, blockMap: 1, levels: 2 } as const;
const LEVEL = { format: 0, size: 1, segmentsType: 2, segments: 3, indicesType: 4, indices: 5 } as const;
const VECTOR = { values: 0 } as const;

export interface TfliteTensor {
  readonly index: number;
  /** As the file has it: '' is one, and two tensors may have the same. */
  readonly name: string;
  readonly type: TensorType;
  /** In the file's order; an open batch is 1. */
  readonly shape: readonly number[];
  /** As `shape`, with -1 for what is open; undefined where nothing is. */
  readonly signature: readonly number[] | undefined;
  /**
   * What the file holds of it; undefined for a tensor that is computed. All elements in row-major order, or of a sparse tensor
   * those that it has. A view on the file, not aligned.
   */
  readonly data: Uint8Array | undefined;
  readonly quantization: TfliteQuantization | undefined;
  /** Whether it keeps its values from one run to the next. */
  readonly isVariable: boolean;
  readonly sparsity: TfliteSparsity | undefined;
}

/** real = scale · (q - zero point), one of each for the whole tensor or one an index of a dimension. */
export interface TfliteQuantization {
  /** At least one. */
  readonly scales: readonly number[];
  /** As many. */
  readonly zeroPoints: readonly number[];
  /** As the file says; it need not be one of the tensor's. */
  readonly dimension: number;
}

/** How the elements of a sparse tensor are stored: level by level, each of one dimension or of one block's. */
export interface TfliteSparsity {
  /** Which dimension each level goes through: of the tensor, then of the blocks. */
  readonly order: readonly number[];
  /** The tensor's dimension that each dimension of the blocks divides. */
  readonly blockMap: readonly number[];
  /** One a level. */
  readonly levels: readonly SparsityLevel[];
}

type SparsityLevel =
  | { readonly format: 'dense'; readonly size: number }
  /** Entry p of the level before has the indices from segments[p] to segments[p + 1] - 1. */
  | { readonly format: 'sparse'; readonly segments: readonly number[]; readonly indices: readonly number[] };

/**
 * @param buffers what the file's buffers hold; the first is empty and stands for none
 * @throws UserError 'model' when it contradicts itself or is too large
 */
export function readTensor(table: FlatTable, index: number, buffers: readonly Uint8Array[]): TfliteTensor {
  const name = table.text(TENSOR.name, TFLITE_LIMITS.nameBytes);
  const what = say`Tensor ${index}, '${name}',`;
  const number = table.uint8(TENSOR.type);
  const type = TENSOR_TYPES[number];
  if (type === undefined) throw damaged(say`${what} has elements of type ${number}`);
  const shape = table.int32s(TENSOR.shape, LIMITS.rank).map((d, k) => (d === -1 && k === 0 ? 1 : d));
  const count = checkedElements(shape, what);
  if (table.uint32(TENSOR.externalBuffer) !== 0) {
    throw new UserError('model', say`${what} keeps its data in another file, which is not read.`, say`Convert the model again, into one file.`); // prettier-ignore
  }
  const place = table.uint32(TENSOR.buffer);
  const data = buffers[place];
  if (data === undefined) throw damaged(say`${what} names buffer ${place} of ${buffers.length}`);
  const signature = table.int32s(TENSOR.signature, LIMITS.rank);
  if (signature.length > 0 && signature.length !== shape.length) {
    throw damaged(
      say`${what} has ${signature.length} dimensions in its signature, ${shape.length} in its shape`,
    );
  }
  const sparsity = table.table(TENSOR.sparsity);
  if (data.length > 0 && !sparsity) checkSize(data.length, type, count, what);
  return {
    index,
    name,
    type,
    shape,
    signature: signature.includes(-1) ? signature : undefined,
    data: data.length > 0 ? data : undefined,
    quantization: readQuantization(table.table(TENSOR.quantization), what),
    isVariable: table.flag(TENSOR.isVariable, false),
    sparsity: sparsity && readSparsity(sparsity, shape.length, what),
  };
}

function checkSize(found: number, type: TensorType, count: number, what: Sentence): void {
  const bits = ELEMENT_BITS[type];
  const needed = bits === undefined ? found : Math.ceil((count * bits) / 8);
  if (found !== needed) throw damaged(say`${what} has ${found} bytes where its shape needs ${needed}`);
}

function readQuantization(table: FlatTable | undefined, what: Sentence): TfliteQuantization | undefined {
  const scales = table?.float32s(QUANTIZATION.scale, TFLITE_LIMITS.listEntries) ?? [];
  if (!table || (scales.length === 0 && table.uint8(QUANTIZATION.detailsType) === 0)) return undefined;
  if (table.uint8(QUANTIZATION.detailsType) !== 0) {
    throw new UserError(
      'model',
      say`${what} is quantized in blocks or in a way of its own, which is not read.`,
      say`Convert the model with one scale a tensor, or one a channel.`,
    );
  }
  const given = table.int64s(QUANTIZATION.zeroPoint, TFLITE_LIMITS.listEntries);
  if (given.length > 1 && given.length !== scales.length) {
    throw damaged(say`${what} has ${scales.length} scales and ${given.length} zero points`);
  }
  const zeroPoints = given.length === scales.length ? given : scales.map(() => given[0] ?? 0);
  return { scales, zeroPoints, dimension: table.int32(QUANTIZATION.dimension, 0) };
}

function readSparsity(table: FlatTable, rank: number, what: Sentence): TfliteSparsity {
  const order = table.int32s(SPARSITY.order, 2 * LIMITS.rank);
  const blockMap = table.int32s(SPARSITY.blockMap, LIMITS.rank);
  const levels = table.tables(SPARSITY.levels, 2 * LIMITS.rank);
  const total = rank + blockMap.length;
  const isPermutation = order.length === total && [...order].sort((a, b) => a - b).every((d, k) => d === k);
  if (!isPermutation || levels.length !== total || blockMap.some((d) => d < 0 || d >= rank)) {
    throw damaged(say`${what} is sparse in dimensions that it does not have`);
  }
  return { order, blockMap, levels: levels.map((level) => readLevel(level, what)) };
}

function readLevel(table: FlatTable, what: Sentence): SparsityLevel {
  if (table.uint8(LEVEL.format) === 0) return { format: 'dense', size: table.int32(LEVEL.size, 0) };
  return {
    format: 'sparse',
    segments: numbersOf(table, LEVEL.segmentsType, LEVEL.segments, what),
    indices: numbersOf(table, LEVEL.indicesType, LEVEL.indices, what),
  };
}

/** A union of vectors: 1 of four bytes, 2 of two, 3 of one. */
function numbersOf(table: FlatTable, typeField: number, field: number, what: Sentence): number[] {
  const type = table.uint8(typeField);
  const vector = table.table(field);
  const most = TFLITE_LIMITS.listEntries;
  if (type === 1) return vector?.int32s(VECTOR.values, most) ?? [];
  if (type === 2 || type === 3) return vector?.uints(VECTOR.values, type === 2 ? 2 : 1, most) ?? [];
  throw damaged(say`${what} is sparse without the indices of its elements`);
}
