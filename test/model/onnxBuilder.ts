/** Builds ONNX files for tests, encoded by protobufjs with the importer's own schema. */
import { onnxType } from '../../extension/model/formats/onnx/proto.ts';

export interface TensorSpec {
  readonly dims: readonly number[];
  readonly floats?: ArrayLike<number>;
  readonly ints?: readonly number[];
  /** Of `ints`; int64 where undefined. */
  readonly type?: keyof typeof INTEGERS;
  /** Store as raw_data (the usual form) or in float_data / int64_data. */
  readonly raw?: boolean;
  /** Anything else a TensorProto can hold, over what the above give. */
  readonly extra?: object;
}

/** Integer types of quantized tensors: their number in a file, and how they are stored. */
export const INTEGERS = {
  int8: { number: 3, store: Int8Array },
  uint8: { number: 2, store: Uint8Array },
  int16: { number: 5, store: Int16Array },
  int32: { number: 6, store: Int32Array },
} as const;

export type AttributeSpec =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly t: TensorSpec };

export interface NodeSpec {
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  readonly domain?: string;
}

export interface InputSpec {
  readonly name: string;
  /** Numbers are sizes, strings symbols, null a dimension with neither. */
  readonly shape?: readonly (number | string | null)[];
  readonly elemType?: number;
}

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly string[];
  /** TensorProto.DataType; float32 when left out. */
  readonly outputType?: number;
  readonly initializers?: Readonly<Record<string, TensorSpec>>;
  readonly opset?: number;
  readonly opsets?: readonly { domain: string; version: number }[];
  /** Anything else a ModelProto or GraphProto can hold. */
  readonly extra?: object;
  readonly graphExtra?: object;
}

export function tensorProto(name: string, t: TensorSpec): object {
  const raw = t.raw ?? true;
  const proto: Record<string, unknown> = { name, dims: t.dims };
  if (t.floats) {
    proto['dataType'] = 1;
    const data = Float32Array.from(t.floats);
    if (raw) proto['rawData'] = new Uint8Array(data.buffer);
    else proto['floatData'] = [...data];
  } else if (t.ints && t.type) {
    const { number, store } = INTEGERS[t.type];
    proto['dataType'] = number;
    if (raw) proto['rawData'] = new Uint8Array(store.from(t.ints).buffer);
    else proto['int32Data'] = t.ints;
  } else if (t.ints) {
    proto['dataType'] = 7;
    if (raw) proto['rawData'] = new Uint8Array(BigInt64Array.from(t.ints, BigInt).buffer);
    else proto['int64Data'] = t.ints;
  }
  return { ...proto, ...t.extra };
}

function attributeProto(name: string, a: AttributeSpec): object {
  if ('i' in a) return { name, i: a.i, type: 2 };
  if ('f' in a) return { name, f: a.f, type: 1 };
  if ('s' in a) return { name, s: new TextEncoder().encode(a.s), type: 3 };
  if ('ints' in a) return { name, ints: a.ints, type: 7 };
  if ('floats' in a) return { name, floats: a.floats, type: 6 };
  if ('strings' in a) return { name, strings: a.strings.map((s) => new TextEncoder().encode(s)), type: 8 };
  return { name, t: tensorProto('', a.t), type: 4 };
}

export function onnxModel(spec: ModelSpec): Uint8Array {
  const dim = (d: number | string | null) =>
    typeof d === 'number' ? { dimValue: d } : typeof d === 'string' ? { dimParam: d } : {};
  const model = {
    irVersion: 8,
    opsetImport: spec.opsets ?? [{ domain: '', version: spec.opset ?? 13 }],
    graph: {
      name: 'test',
      node: spec.nodes.map((n) => ({
        opType: n.op,
        name: n.name ?? '',
        input: n.inputs,
        output: n.outputs,
        domain: n.domain ?? '',
        attribute: Object.entries(n.attributes ?? {}).map(([k, v]) => attributeProto(k, v)),
      })),
      input: spec.inputs.map((i) => ({
        name: i.name,
        type: {
          tensorType: {
            elemType: i.elemType ?? 1,
            ...(i.shape ? { shape: { dim: i.shape.map(dim) } } : {}),
          },
        },
      })),
      output: spec.outputs.map((name) => ({
        name,
        type: { tensorType: { elemType: spec.outputType ?? 1 } },
      })),
      initializer: Object.entries(spec.initializers ?? {}).map(([k, v]) => tensorProto(k, v)),
      ...spec.graphExtra,
    },
    ...spec.extra,
  };
  const type = onnxType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}
