/**
 * Reads the protobuf encoding of ONNX (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): only the messages and
 * fields the importer looks at; everything else in a file is skipped. The decoding itself is protobufjs'. Before it
 * runs, `checkWire` walks the file once and refuses what would make decoding allocate absurd amounts.
 */
import protobuf from 'protobufjs/light.js';
import { UserError } from '../../../common/error.ts';
import { say, type Sentence, type Value } from '../../../common/errors/sentence.ts';
import { ONNX_LIMITS } from './limits.ts';

const INT64S = { rule: 'repeated', type: 'int64', options: { packed: false } };
const PACKED = { packed: true };

/**
 * Subgraphs, functions, sparse and external tensors are refused, never read: where the schema has them, this one
 * says `bytes`, so messages nest at most four deep and no file can make decoding recurse.
 */
const root = protobuf.Root.fromJSON({
  options: { edition: 'proto2' },
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
        functions: { rule: 'repeated', type: 'bytes', id: 25 },
      },
    },
    OperatorSetIdProto: {
      fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
    },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
        valueInfo: { rule: 'repeated', type: 'ValueInfoProto', id: 13 },
        sparseInitializer: { rule: 'repeated', type: 'bytes', id: 15 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        t: { type: 'TensorProto', id: 5 },
        g: { type: 'bytes', id: 6 },
        floats: { rule: 'repeated', type: 'float', id: 7, options: { packed: false } },
        ints: { ...INT64S, id: 8 },
        strings: { rule: 'repeated', type: 'bytes', id: 9 },
        type: { type: 'int32', id: 20 },
        refAttrName: { type: 'string', id: 21 },
      },
    },
    TensorProto: {
      fields: {
        dims: { ...INT64S, id: 1 },
        dataType: { type: 'int32', id: 2 },
        segment: { type: 'bytes', id: 3 },
        floatData: { rule: 'repeated', type: 'float', id: 4, options: PACKED },
        int32Data: { rule: 'repeated', type: 'int32', id: 5, options: PACKED },
        int64Data: { rule: 'repeated', type: 'int64', id: 7, options: PACKED },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'bytes', id: 13 },
        uint64Data: { rule: 'repeated', type: 'uint64', id: 11, options: PACKED },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    ValueInfoProto: {
      fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } },
    },
    TypeProto: {
      fields: { tensorType: { type: 'TensorTypeProto', id: 1 } },
    },
    TensorTypeProto: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: {
      fields: { dim: { rule: 'repeated', type: 'DimensionProto', id: 1 } },
    },
    DimensionProto: {
      fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
    },
  },
});
root.resolveAll();

/** The ONNX message `name` as protobufjs knows it (tests encode models with it). */
export function onnxType(name: string): protobuf.Type {
  return root.lookupType(name);
}

/** What protobufjs returns for int64: a Long, or a number where it fits. */
type Int64 = number | { toNumber(): number };

/** Types of fields that may be long lists of integers. */
const INTEGERS: ReadonlySet<string> = new Set(['int32', 'int64', 'uint64']);

/** The exact value of an int64; Long rounds beyond 2^53, which no size or shape ever reaches (bounds refuse it). */
export function toNumber(v: Int64): number {
  return typeof v === 'number' ? v : v.toNumber();
}

export interface TensorProto {
  readonly dims: readonly Int64[];
  readonly dataType: number;
  readonly segment: Uint8Array;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly Int64[];
  readonly uint64Data: readonly Int64[];
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly externalData: readonly Uint8Array[];
  readonly dataLocation: number;
}

export interface AttributeProto {
  readonly name: string;
  readonly f: number;
  readonly i: Int64;
  readonly s: Uint8Array;
  readonly t?: TensorProto;
  /** A subgraph, as it stands in the file. */
  readonly g: Uint8Array;
  readonly floats: readonly number[];
  readonly ints: readonly Int64[];
  readonly strings: readonly Uint8Array[];
  readonly type: number;
  readonly refAttrName: string;
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly AttributeProto[];
  readonly domain: string;
}

export interface DimensionProto {
  readonly dimValue: Int64;
  readonly dimParam: string;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType: number;
      readonly shape?: { readonly dim: readonly DimensionProto[] };
    };
  };
}

export interface GraphProto {
  readonly node: readonly NodeProto[];
  readonly name: string;
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  /** Of other tensors. */
  readonly valueInfo: readonly ValueInfoProto[];
  readonly sparseInitializer: readonly Uint8Array[];
}

export interface ModelProto {
  readonly irVersion: Int64;
  readonly producerName: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: Int64 }[];
  readonly functions: readonly Uint8Array[];
}

/**
 * Decodes an ONNX file.
 *
 * @throws UserError 'input' when the bytes are not a whole ModelProto or exceed ONNX_LIMITS
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  if (bytes.length === 0) throw notOnnx(say`it is empty`);
  let model: ModelProto;
  try {
    const reader = protobuf.Reader.create(bytes);
    checkWire(onnxType('ModelProto'), reader, bytes.length, { fields: 0, integers: 0 });
    const decoder = protobuf.Reader.create(bytes);
    decoder.discardUnknown = true;
    model = onnxType('ModelProto').decode(decoder) as unknown as ModelProto;
  } catch (e) {
    if (e instanceof UserError) throw e;
    throw notOnnx(e instanceof Error ? e.message : String(e));
  }
  if (!model.graph) throw notOnnx(say`it holds no graph`);
  return model;
}

/** A decoded message that may be changed. */
type Mutable<T> = T extends Uint8Array | number | string | { toNumber(): number }
  ? T
  : T extends readonly (infer E)[]
    ? Mutable<E>[]
    : { -readonly [K in keyof T]: Mutable<T[K]> };
export type ChangedModel = Mutable<ModelProto>;

/**
 * A model file with something changed in it. What this schema does not know of the file stays in it.
 *
 * @param bytes a file that `decodeModel` took
 * @param change works on the decoded model; whether it changed anything
 * @returns the bytes themselves when nothing was changed
 */
export function changedModel(bytes: Uint8Array, change: (model: ChangedModel) => boolean): Uint8Array {
  const decoder = protobuf.Reader.create(bytes);
  decoder.discardUnknown = false;
  const type = onnxType('ModelProto');
  const model = type.decode(decoder);
  return change(model as unknown as ChangedModel) ? type.encode(model).finish() : bytes;
}

function notOnnx(why: Value): UserError {
  return new UserError(
    'input',
    say`The file is not a whole ONNX model: ${why}.`,
    say`Export the model to ONNX again, and check that the file was copied completely.`,
  );
}

interface Budget {
  fields: number;
  integers: number;
}

/**
 * Walks the fields of a message up to `end` and of the messages inside it, by the wire types of the protobuf encoding
 * (0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes; groups are not in ONNX). Nothing is allocated.
 *
 * @throws UserError 'input' when there are more fields or packed integers than ONNX_LIMITS, or the bytes are no such message;
 *   protobufjs throws a RangeError where they end too early
 */
function checkWire(type: protobuf.Type, reader: protobuf.Reader, end: number, budget: Budget): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3];
    if (tag >>> 3 === 0) throw notOnnx(say`there is no field at byte ${reader.pos}`);
    if (++budget.fields > ONNX_LIMITS.fields) throw tooMany(say`more than ${ONNX_LIMITS.fields} fields`);
    switch (tag & 7) {
      case 0:
        skipVarint(reader);
        break;
      case 1:
        reader.skip(8);
        break;
      case 5:
        reader.skip(4);
        break;
      case 2: {
        const length = reader.uint32();
        const stop = reader.pos + length;
        if (stop > end) throw notOnnx(say`a field ends at byte ${stop}, what holds it at ${end}`);
        if (field?.resolvedType instanceof protobuf.Type) {
          checkWire(field.resolvedType, reader, stop, budget);
        } else {
          if (field?.repeated && INTEGERS.has(field.type)) {
            for (let i = reader.pos; i < stop; i++) if (reader.buf[i]! < 128) budget.integers++;
            if (budget.integers > ONNX_LIMITS.packedIntegers) {
              throw tooMany(say`more than ${ONNX_LIMITS.packedIntegers} integers in lists`);
            }
          }
          reader.skip(length);
        }
        break;
      }
      default:
        throw notOnnx(say`unknown wire type ${tag & 7} at byte ${reader.pos}`);
    }
    if (reader.pos > end) throw notOnnx(say`a field ends at byte ${reader.pos}, what holds it at ${end}`);
  }
}

function skipVarint(reader: protobuf.Reader): void {
  for (let i = 0; i < 10; i++) {
    if (reader.pos >= reader.len) throw notOnnx(say`it ends inside a number at byte ${reader.pos}`);
    if (reader.buf[reader.pos++]! < 128) return;
  }
  throw notOnnx(say`a number of more than 10 bytes before byte ${reader.pos}`);
}

function tooMany(what: Sentence): UserError {
  return new UserError(
    'input',
    say`The model file has ${what}: that is no model for a microcontroller.`,
    say`Check that this is the right file.`,
  );
}
