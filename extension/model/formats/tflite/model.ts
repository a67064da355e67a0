import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { LIMITS } from '../../import/limits.ts';
import { damaged, tooLarge } from '../../import/refusal.ts';
import { damagedFile, FlatTable } from './flatbuffer.ts';
import { TFLITE_LIMITS } from './limits.ts';
import { BUILTINS, type OperatorType } from './names.ts';
import { type OptionsOf, readOptions } from './options.ts';
import { readTensor, type TfliteTensor } from './tensor.ts';

/** Numbers of fields in tensorflow/lite/schema/schema.fbs. A union has two: what it is, then the table. */
const MODEL = { version: 0, codes: 1, subgraphs: 2, buffers: 4, metadata: 6, signatures: 7 } as const;
const CODE = { byte: 0, custom: 1, version: 2, builtin: 3 } as const;
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 } as const;
const OPERATOR = {
  ...{ code: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4, customOptions: 5, intermediates: 8 },
} as const;
const BUFFER = { data: 0, offset: 1, size: 2 } as const;
const METADATA = { name: 0, buffer: 1 } as const;
const SIGNATURE = { inputs: 0, outputs: 1, key: 2, subgraph: 4 } as const;
const TENSOR_MAP = { name: 0, tensor: 1 } as const;

/** What the format's version has been since 2017. */
const SCHEMA_VERSION = 3;

/**
 * A TensorFlow Lite file as plain data. Every index in it is one that exists, every list as long as what it belongs to asks for;
 * what the numbers mean is not judged.
 */
export interface TfliteModel {
  /** At least one; the first is the network, others are called by its operators. */
  readonly subgraphs: readonly TfliteSubgraph[];
  readonly signatures: readonly TfliteSignature[];
  readonly metadata: readonly { readonly name: string; readonly data: Uint8Array }[];
}

export interface TfliteSubgraph {
  readonly name: string;
  readonly tensors: readonly TfliteTensor[];
  /** Indices of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** In the order in which they run. */
  readonly operators: readonly TfliteOperator[];
}

/** Names for the ends of a subgraph. */
interface TfliteSignature {
  readonly key: string;
  readonly subgraph: number;
  readonly inputs: readonly NamedTensor[];
  readonly outputs: readonly NamedTensor[];
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: number;
}

interface OperatorOf<K extends OperatorType> {
  readonly type: K;
  /** The number of its type: BuiltinOperator. */
  readonly code: number;
  /** '' for one that is not CUSTOM. */
  readonly custom: string;
  readonly version: number;
  /** Indices of tensors; -1 for one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Tensors that only tell how an LSTM's inner values are quantized; -1 for one that is left out. */
  readonly intermediates: readonly number[];
  readonly options: OptionsOf<K>;
  readonly customOptions: Uint8Array;
}

/** An operator of one of these types. */
export type TfliteOperator<K extends OperatorType = OperatorType> = { [T in K]: OperatorOf<T> }[K];

/**
 * Reads a file. Weights are views on its bytes.
 * @throws UserError 'input' when the bytes are no whole file, 'model' when it contradicts itself or is too large
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const root = FlatTable.root(bytes);
  const version = root.uint32(MODEL.version);
  if (version !== SCHEMA_VERSION) throw damagedFile();
  const buffers = root.tables(MODEL.buffers, TFLITE_LIMITS.tensors).map((table) => dataOf(root, table));
  const codes = root.tables(MODEL.codes, TFLITE_LIMITS.operators).map(readCode);
  const subgraphs = root
    .tables(MODEL.subgraphs, TFLITE_LIMITS.subgraphs)
    .map((table) => readSubgraph(table, buffers, codes));
  if (subgraphs.length === 0) throw damaged(say`The model has no network in it`);
  return {
    subgraphs,
    signatures: root
      .tables(MODEL.signatures, TFLITE_LIMITS.subgraphs)
      .map((table) => readSignature(table, subgraphs)),
    metadata: root.tables(MODEL.metadata, TFLITE_LIMITS.listEntries).map((table) => ({
      name: table.text(METADATA.name, TFLITE_LIMITS.nameBytes),
      data: entryOf(buffers, table.uint32(METADATA.buffer), say`Its metadata`, say`buffer`),
    })),
  };
}

/** What a buffer holds: its own list, or, in files beyond 2 GB and some converters' smaller ones, a part of the file behind the flatbuffer. */
function dataOf(root: FlatTable, buffer: FlatTable): Uint8Array {
  const offset = buffer.uint64(BUFFER.offset);
  return offset > 1 ? root.range(offset, buffer.uint64(BUFFER.size)) : buffer.bytes(BUFFER.data);
}

interface OperatorCode {
  readonly type: OperatorType;
  readonly code: number;
  readonly custom: string;
  readonly version: number;
}

/** Old files have the number in one byte; new ones too, as far as it fits, and the whole in another field. */
function readCode(table: FlatTable): OperatorCode {
  const code = Math.max(table.uint8(CODE.byte), table.int32(CODE.builtin, 0));
  return {
    type: BUILTINS[code] ?? 'UNKNOWN',
    code,
    custom: table.text(CODE.custom, TFLITE_LIMITS.nameBytes),
    version: table.int32(CODE.version, 1),
  };
}

function readSubgraph(
  table: FlatTable,
  buffers: readonly Uint8Array[],
  codes: readonly OperatorCode[],
): TfliteSubgraph {
  const tensors = table
    .tables(SUBGRAPH.tensors, TFLITE_LIMITS.tensors)
    .map((tensor, index) => readTensor(tensor, index, buffers));
  const operators = table.tables(SUBGRAPH.operators, Infinity);
  if (operators.length > TFLITE_LIMITS.operators) {
    throw tooLarge(
      say`The model has ${operators.length} operators; at most ${TFLITE_LIMITS.operators} are read.`,
    );
  }
  return {
    name: table.text(SUBGRAPH.name, TFLITE_LIMITS.nameBytes),
    tensors,
    inputs: indices(table, SUBGRAPH.inputs, 0, tensors.length, say`The network`),
    outputs: indices(table, SUBGRAPH.outputs, 0, tensors.length, say`The network`),
    operators: operators.map((operator, index) => readOperator(operator, index, codes, tensors.length)),
  };
}

function readOperator(
  table: FlatTable,
  index: number,
  codes: readonly OperatorCode[],
  tensorCount: number,
): TfliteOperator {
  const place = say`Operator ${index}`;
  const code = entryOf(codes, table.uint32(OPERATOR.code), place, say`type`);
  const label = say`Operator ${index}, ${code.type},`;
  const tensors = (field: number, least: -1 | 0): number[] =>
    indices(table, field, least, tensorCount, label);
  const number = table.uint8(OPERATOR.optionsType);
  return {
    ...code,
    inputs: tensors(OPERATOR.inputs, -1),
    outputs: tensors(OPERATOR.outputs, 0),
    intermediates: tensors(OPERATOR.intermediates, -1),
    options: readOptions(code.type, number, table.table(OPERATOR.options), label),
    customOptions: table.bytes(OPERATOR.customOptions),
  } as TfliteOperator;
}

function readSignature(table: FlatTable, subgraphs: readonly TfliteSubgraph[]): TfliteSignature {
  const subgraph = table.uint32(SIGNATURE.subgraph);
  const { tensors } = entryOf(subgraphs, subgraph, say`A signature`, say`network`);
  const named = (field: number): NamedTensor[] =>
    table.tables(field, LIMITS.operands).map((map) => {
      const tensor = map.uint32(TENSOR_MAP.tensor);
      entryOf(tensors, tensor, say`A signature`, say`tensor`);
      return { name: map.text(TENSOR_MAP.name, TFLITE_LIMITS.nameBytes), tensor };
    });
  return {
    key: table.text(SIGNATURE.key, TFLITE_LIMITS.nameBytes),
    subgraph,
    inputs: named(SIGNATURE.inputs),
    outputs: named(SIGNATURE.outputs),
  };
}

/** Indices of tensors. @param least -1 where one may be left out */
function indices(
  table: FlatTable,
  field: number,
  least: -1 | 0,
  tensorCount: number,
  what: Sentence,
): number[] {
  const list = table.int32s(field, TFLITE_LIMITS.operatorTensors);
  const wrong = list.find((index) => index < least || index >= tensorCount);
  if (wrong !== undefined) throw damaged(say`${what} names tensor ${wrong} of ${tensorCount}`);
  return list;
}

function entryOf<T>(list: readonly T[], index: number, what: Sentence, kind: Sentence): T {
  const entry = list[index];
  if (entry === undefined) throw damaged(say`${what} names ${kind} ${index} of ${list.length}`);
  return entry;
}
