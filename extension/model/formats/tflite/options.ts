import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { damaged } from '../../import/refusal.ts';
import type { FlatTable } from './flatbuffer.ts';
import { LIMITS } from '../../import/limits.ts';
import { TFLITE_LIMITS } from './limits.ts';
import { ACTIVATIONS, type OperatorType, PADDINGS, TENSOR_TYPES } from './names.ts';

/** Reads one option; an operator without a table of options has all defaults. */
type Option<T> = (table: FlatTable | undefined) => T;

const flag =
  (field: number, fallback = false): Option<boolean> =>
  (table) =>
    table?.flag(field, fallback) ?? fallback;

const int =
  (field: number, fallback = 0): Option<number> =>
  (table) =>
    table?.int32(field, fallback) ?? fallback;

const float =
  (field: number): Option<number> =>
  (table) =>
    table?.float32(field, 0) ?? 0;

const text =
  (field: number): Option<string> =>
  (table) =>
    table?.text(field, TFLITE_LIMITS.nameBytes) ?? '';

/** Numbers, one a dimension; undefined when the list is left out. */
const ints =
  (field: number): Option<readonly number[] | undefined> =>
  (table) =>
    table?.has(field) ? table.int32s(field, LIMITS.rank) : undefined;

const oneOf =
  <T extends string>(field: number, names: readonly T[]): Option<T> =>
  (table) => {
    const number = table?.uint8(field) ?? 0;
    const name = names[number];
    if (name === undefined) throw damaged(say`The model has option ${number}, where ${names} are known`);
    return name;
  };

const padding = oneOf(0, PADDINGS);
const activation = (field: number) => oneOf(field, ACTIVATIONS);

const POOL = {
  padding,
  strideWidth: int(1),
  strideHeight: int(2),
  filterWidth: int(3),
  filterHeight: int(4),
  activation: activation(5),
};
const REDUCER = { keepDims: flag(0) };

/**
 * The options of operators by their numbers in the schema: `table` is the one of BuiltinOptions that an operator's options are in,
 * each option has the number of its field, and the schema's default where that is not zero.
 */
const OPTIONS = {
  ADD: { table: 11, fields: { activation: activation(0), potScaleInt16: flag(1, true) } },
  ARG_MAX: { table: 40, fields: {} },
  ARG_MIN: { table: 57, fields: {} },
  AVERAGE_POOL_2D: { table: 5, fields: POOL },
  CALL_ONCE: { table: 103, fields: { subgraph: int(0) } },
  CONCATENATION: { table: 10, fields: { axis: int(0), activation: activation(1) } },
  CONV_2D: {
    table: 1,
    fields: {
      padding,
      strideWidth: int(1),
      strideHeight: int(2),
      activation: activation(3),
      dilationWidth: int(4, 1),
      dilationHeight: int(5, 1),
      biasType: oneOf(6, TENSOR_TYPES),
    },
  },
  DEPTHWISE_CONV_2D: {
    table: 2,
    fields: {
      padding,
      strideWidth: int(1),
      strideHeight: int(2),
      multiplier: int(3),
      activation: activation(4),
      dilationWidth: int(5, 1),
      dilationHeight: int(6, 1),
    },
  },
  DEPTH_TO_SPACE: { table: 94, fields: { block: int(0) } },
  DIV: { table: 29, fields: { activation: activation(0) } },
  FULLY_CONNECTED: {
    table: 8,
    fields: {
      activation: activation(0),
      weightsFormat: oneOf(1, ['DEFAULT', 'SHUFFLED4x16INT8']),
      keepDims: flag(2),
      biasType: oneOf(4, TENSOR_TYPES),
    },
  },
  GATHER: { table: 23, fields: { axis: int(0), batchDims: int(1) } },
  GELU: { table: 116, fields: { approximate: flag(0) } },
  L2_NORMALIZATION: { table: 12, fields: { activation: activation(0) } },
  LEAKY_RELU: { table: 75, fields: { alpha: float(0) } },
  MAX_POOL_2D: { table: 5, fields: POOL },
  MEAN: { table: 27, fields: REDUCER },
  MIRROR_PAD: { table: 77, fields: { mode: oneOf(0, ['REFLECT', 'SYMMETRIC']) } },
  MUL: { table: 21, fields: { activation: activation(0) } },
  PACK: { table: 59, fields: { count: int(0), axis: int(1) } },
  REDUCE_MAX: { table: 27, fields: REDUCER },
  REDUCE_MIN: { table: 27, fields: REDUCER },
  RESHAPE: { table: 17, fields: { shape: ints(0) } },
  RESIZE_BILINEAR: { table: 15, fields: { alignCorners: flag(2), halfPixelCenters: flag(3) } },
  RESIZE_NEAREST_NEIGHBOR: { table: 74, fields: { alignCorners: flag(0), halfPixelCenters: flag(1) } },
  SOFTMAX: { table: 9, fields: { beta: float(0) } },
  SPACE_TO_DEPTH: { table: 19, fields: { block: int(0) } },
  SPLIT: { table: 35, fields: { count: int(0) } },
  SPLIT_V: { table: 79, fields: { count: int(0) } },
  SQUEEZE: { table: 30, fields: { axes: ints(0) } },
  STRIDED_SLICE: {
    table: 32,
    fields: {
      beginMask: int(0),
      endMask: int(1),
      ellipsisMask: int(2),
      newAxisMask: int(3),
      shrinkAxisMask: int(4),
      offset: flag(5),
    },
  },
  SUB: { table: 28, fields: { activation: activation(0), potScaleInt16: flag(1, true) } },
  SUM: { table: 27, fields: REDUCER },
  SVDF: { table: 6, fields: { rank: int(0), activation: activation(1) } },
  TRANSPOSE_CONV: {
    table: 49,
    fields: { padding, strideWidth: int(1), strideHeight: int(2), activation: activation(3) },
  },
  UNIDIRECTIONAL_SEQUENCE_LSTM: {
    table: 71,
    fields: { activation: activation(0), cellClip: float(1), projectionClip: float(2), timeMajor: flag(3) },
  },
  UNPACK: { table: 64, fields: { count: int(0), axis: int(1) } },
  VAR_HANDLE: { table: 111, fields: { container: text(0), sharedName: text(1) } },
} as const;

type WithOptions = keyof typeof OPTIONS;

/** The options of an operator; undefined for operators that have none, or whose are not read. */
export type OptionsOf<K extends OperatorType> = K extends WithOptions
  ? {
      readonly [F in keyof (typeof OPTIONS)[K]['fields']]: (typeof OPTIONS)[K]['fields'][F] extends Option<
        infer T
      >
        ? T
        : never;
    }
  : undefined;

/**
 * @param number which of BuiltinOptions the table is of; 0 where there is none
 * @param label the operator in messages: "Operator 3, CONV_2D,"
 */
export function readOptions<K extends OperatorType>(
  type: K,
  number: number,
  table: FlatTable | undefined,
  label: Sentence,
): OptionsOf<K> {
  if (!(type in OPTIONS)) return undefined as OptionsOf<K>;
  const expected = OPTIONS[type as WithOptions];
  if (number !== 0 && number !== expected.table) {
    throw damaged(say`${label} has the options of another operator`);
  }
  const fields = Object.entries<Option<unknown>>(expected.fields);
  const read = fields.map(([name, option]) => [name, option(number === 0 ? undefined : table)]);
  return Object.fromEntries(read) as OptionsOf<K>;
}
