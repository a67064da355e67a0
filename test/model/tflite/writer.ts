/** Builds TensorFlow Lite files for tests, by the flatbuffers library and field numbers of its own. */
import { Builder, type Offset } from 'flatbuffers';

type ElementType =
  | ('FLOAT32' | 'FLOAT16' | 'INT32' | 'UINT8' | 'INT64' | 'BOOL' | 'INT16' | 'INT8' | 'INT4' | 'STRING')
  | 'RESOURCE';

const TYPES: Readonly<Record<ElementType, number>> = {
  ...{
    FLOAT32: 0,
    FLOAT16: 1,
    INT32: 2,
    UINT8: 3,
    INT64: 4,
    STRING: 5,
    BOOL: 6,
    INT16: 7,
    INT8: 9,
    RESOURCE: 13,
    INT4: 17,
  },
};

export interface LevelSpec {
  /** A dense level; else segments and indices. */
  size?: number;
  segments?: number[];
  indices?: number[];
  /** Of segments and indices: bytes of a number. */
  bytes?: 1 | 2 | 4;
}

export interface TfliteTensorSpec {
  name?: string;
  shape: number[];
  type?: ElementType;
  /** Stored values; those of FLOAT16 as their 16 bits. */
  data?: number[];
  scales?: number[];
  zeroPoints?: number[];
  dimension?: number;
  isVariable?: boolean;
  signature?: number[];
  sparsity?: { order: number[]; blockMap: number[]; levels: LevelSpec[] };
}

export interface TfliteOperatorSpec {
  /** A builtin's name, or that of a custom operator. */
  op: string;
  inputs: number[];
  outputs: number[];
  options?: Record<string, number | number[] | string>;
  /** Instead of the number of the operator's options. */
  optionsType?: number;
  version?: number;
}

interface TfliteSubgraphSpec {
  tensors: TfliteTensorSpec[];
  operators: TfliteOperatorSpec[];
  inputs: number[];
  outputs: number[];
}

export interface TfliteSpec extends TfliteSubgraphSpec {
  /** Subgraphs that the network calls, from the second on. */
  called?: TfliteSubgraphSpec[];
  signatures?: { key: string; inputs: Record<string, number>; outputs: Record<string, number> }[];
  metadata?: Record<string, string>;
  version?: number;
}

/** b: a byte, i: four bytes, f: a float, v: a list of four bytes, t: a text. */
type Kind = 'b' | 'i' | 'f' | 'v' | 't';
type Fields = Readonly<Record<string, readonly [slot: number, kind: Kind]>>;

const PLACED: Fields = { padding: [0, 'b'], strideW: [1, 'i'], strideH: [2, 'i'] };
const POOL: Fields = { ...PLACED, filterW: [3, 'i'], filterH: [4, 'i'], activation: [5, 'b'] };
const BINARY: Fields = { activation: [0, 'b'] };
const REDUCER: Fields = { keepDims: [0, 'b'] };

/** Numbers of operators and of their options' tables. */
const OPERATORS: Readonly<Record<string, readonly [code: number, options: number, fields: Fields]>> = {
  ABS: [101, 78, {}],
  ADD: [0, 11, BINARY],
  ADD_N: [106, 82, {}],
  ARG_MAX: [56, 40, { outputType: [0, 'b'] }],
  ASSIGN_VARIABLE: [144, 113, {}],
  AVERAGE_POOL_2D: [1, 5, POOL],
  BROADCAST_TO: [130, 104, {}],
  CALL_ONCE: [129, 103, { subgraph: [0, 'i'] }],
  CAST: [53, 37, { from: [0, 'b'], to: [1, 'b'] }],
  CEIL: [104, 0, {}],
  CONCATENATION: [2, 10, { axis: [0, 'i'], activation: [1, 'b'] }],
  CONV_2D: [3, 1, { ...PLACED, activation: [3, 'b'], dilationW: [4, 'i'], dilationH: [5, 'i'] }],
  COS: [108, 84, {}],
  DENSIFY: [124, 99, {}],
  DEPTH_TO_SPACE: [5, 94, { block: [0, 'i'] }],
  DEPTHWISE_CONV_2D: [
    ...([4, 2] as const),
    { ...PLACED, multiplier: [3, 'i'], activation: [4, 'b'], dilationW: [5, 'i'], dilationH: [6, 'i'] },
  ],
  DEQUANTIZE: [6, 38, {}],
  DIV: [42, 29, BINARY],
  ELU: [111, 0, {}],
  EMBEDDING_LOOKUP: [7, 0, {}],
  EXP: [47, 33, {}],
  EXPAND_DIMS: [70, 52, {}],
  FLOOR: [8, 0, {}],
  FULLY_CONNECTED: [9, 8, { activation: [0, 'b'], weightsFormat: [1, 'b'], keepDims: [2, 'b'] }],
  GATHER: [36, 23, { axis: [0, 'i'] }],
  GELU: [150, 116, { approximate: [0, 'b'] }],
  HARD_SWISH: [117, 91, {}],
  L2_NORMALIZATION: [11, 12, { activation: [0, 'b'] }],
  LEAKY_RELU: [98, 75, { alpha: [0, 'f'] }],
  LOG: [73, 0, {}],
  LOG_SOFTMAX: [50, 36, {}],
  LOGISTIC: [14, 0, {}],
  MAX_POOL_2D: [17, 5, POOL],
  MAXIMUM: [55, 39, {}],
  MEAN: [40, 27, REDUCER],
  MINIMUM: [57, 39, {}],
  MIRROR_PAD: [100, 77, { mode: [0, 'b'] }],
  MUL: [18, 21, BINARY],
  NEG: [59, 42, {}],
  PACK: [83, 59, { count: [0, 'i'], axis: [1, 'i'] }],
  PAD: [34, 22, {}],
  PADV2: [60, 43, {}],
  POW: [78, 56, {}],
  PRELU: [54, 0, {}],
  QUANTIZE: [114, 89, {}],
  READ_VARIABLE: [143, 112, {}],
  REDUCE_MAX: [82, 27, REDUCER],
  REDUCE_MIN: [89, 27, REDUCER],
  RELU: [19, 0, {}],
  RELU6: [21, 0, {}],
  RELU_0_TO_1: [152, 0, {}],
  RELU_N1_TO_1: [20, 0, {}],
  RESHAPE: [22, 17, { shape: [0, 'v'] }],
  RESIZE_BILINEAR: [23, 15, { alignCorners: [2, 'b'], halfPixelCenters: [3, 'b'] }],
  RESIZE_NEAREST_NEIGHBOR: [97, 74, { alignCorners: [0, 'b'], halfPixelCenters: [1, 'b'] }],
  REVERSE_V2: [105, 81, {}],
  ROUND: [116, 0, {}],
  RSQRT: [76, 0, {}],
  SHAPE: [77, 55, { outputType: [0, 'b'] }],
  SIGN: [158, 0, {}],
  SIN: [66, 0, {}],
  SLICE: [65, 48, {}],
  SOFTMAX: [25, 9, { beta: [0, 'f'] }],
  SPACE_TO_DEPTH: [26, 19, { block: [0, 'i'] }],
  SPLIT: [49, 35, { count: [0, 'i'] }],
  SPLIT_V: [102, 79, { count: [0, 'i'] }],
  SQRT: [75, 0, {}],
  SQUARE: [92, 66, {}],
  SQUARED_DIFFERENCE: [99, 76, {}],
  SQUEEZE: [43, 30, { axes: [0, 'v'] }],
  STABLEHLO_ADD: [163, 0, {}],
  STRIDED_SLICE: [45, 32, { beginMask: [0, 'i'], endMask: [1, 'i'], ellipsisMask: [2, 'i'], newAxisMask: [3, 'i'], shrinkAxisMask: [4, 'i'], offset: [5, 'b'] }], // prettier-ignore
  SUB: [41, 28, BINARY],
  SUM: [74, 27, REDUCER],
  SVDF: [27, 6, { rank: [0, 'i'], activation: [1, 'b'] }],
  TANH: [28, 0, {}],
  TILE: [69, 51, {}],
  TRANSPOSE: [39, 26, {}],
  TRANSPOSE_CONV: [67, 49, { ...PLACED, activation: [3, 'b'] }],
  UNIDIRECTIONAL_SEQUENCE_LSTM: [
    44,
    71,
    { activation: [0, 'b'], cellClip: [1, 'f'], projectionClip: [2, 'f'], timeMajor: [3, 'b'] },
  ],
  UNPACK: [88, 64, { count: [0, 'i'], axis: [1, 'i'] }],
  VAR_HANDLE: [142, 111, { container: [0, 't'], sharedName: [1, 't'] }],
};

/** Names of the builtin operators that can be written. */
export const WRITTEN: readonly string[] = Object.keys(OPERATORS);

const CUSTOM = 32;

export function tfliteModel(spec: TfliteSpec): Uint8Array {
  return new Writer().model(spec);
}

class Writer {
  readonly #b = new Builder(1024);
  /** Of the buffers; the first is empty. */
  readonly #buffers: Uint8Array[] = [new Uint8Array()];

  model(spec: TfliteSpec): Uint8Array {
    const all = [spec, ...(spec.called ?? [])];
    const operators = all.flatMap((s) => s.operators);
    const codes = [...new Set(operators.map((o) => `${o.version ?? 1} ${o.op}`))];
    const subgraphs = all.map((s) => this.#subgraph(s, codes));
    const metadata = Object.entries(spec.metadata ?? {}).map(([name, text]) => {
      const buffer = this.#buffers.push(Buffer.from(text)) - 1;
      return this.#table([['offset', 0, this.#b.createString(name)], ['i', 1, buffer]]); // prettier-ignore
    });
    const signatures = (spec.signatures ?? []).map((s) => {
      const map = (ends: Record<string, number>): Offset =>
        this.#list(
          Object.entries(ends).map(
            ([name, tensor]) =>
            this.#table([['offset', 0, this.#b.createString(name)], ['i', 1, tensor]]), // prettier-ignore
          ),
        );
      const [inputs, outputs] = [map(s.inputs), map(s.outputs)];
      const key = this.#b.createString(s.key);
      return this.#table([['offset', 0, inputs], ['offset', 1, outputs], ['offset', 2, key]]); // prettier-ignore
    });
    const model: FieldSpec[] = [
      ['i', 0, spec.version ?? 3],
      ['offset', 1, this.#list(codes.map((code) => this.#code(code)))],
      ['offset', 2, this.#list(subgraphs)],
      ['offset', 4, this.#list(this.#buffers.map((bytes) => this.#buffer(bytes)))],
      ['offset', 6, this.#list(metadata)],
      ['offset', 7, this.#list(signatures)],
    ];
    this.#b.finish(this.#table(model), 'TFL3');
    return this.#b.asUint8Array().slice();
  }

  #subgraph({ tensors, operators, inputs, outputs }: TfliteSubgraphSpec, codes: readonly string[]): Offset {
    const fields: FieldSpec[] = [
      ['offset', 0, this.#list(tensors.map((t) => this.#tensor(t)))],
      ['offset', 1, this.#int32s(inputs)],
      ['offset', 2, this.#int32s(outputs)],
      ['offset', 3, this.#list(operators.map((o) => this.#operator(o, codes)))],
      ['offset', 4, this.#b.createString('main')],
    ];
    return this.#table(fields);
  }

  #code(code: string): Offset {
    const [version, name] = [code.split(' ', 1)[0]!, code.slice(code.indexOf(' ') + 1)];
    const number = OPERATORS[name]?.[0] ?? CUSTOM;
    const custom = number === CUSTOM ? this.#b.createString(name) : 0;
    return this.#table([
      ['b', 0, Math.min(number, 127)],
      ['offset', 1, custom],
      ['i', 2, Number(version)],
      ['i', 3, number],
    ]);
  }

  #operator(o: TfliteOperatorSpec, codes: readonly string[]): Offset {
    const [, number, fields] = OPERATORS[o.op] ?? [CUSTOM, 0, {} as Fields];
    const given = Object.entries(o.options ?? {}).flatMap(([name, value]): FieldSpec[] => {
      const field = fields[name];
      if (!field) return [];
      const [slot, kind] = field;
      if (kind === 't') return [['offset', slot, this.#b.createString(String(value))]];
      if (typeof value === 'string') return [];
      if (kind === 'v') return [['offset', slot, this.#int32s(Array.isArray(value) ? value : [value])]];
      return [[kind, slot, Array.isArray(value) ? (value[0] ?? 0) : value]];
    });
    const options = number === 0 ? 0 : this.#table(given);
    return this.#table([
      ['i', 0, codes.indexOf(`${o.version ?? 1} ${o.op}`)],
      ['offset', 1, this.#int32s(o.inputs)],
      ['offset', 2, this.#int32s(o.outputs)],
      ['b', 3, o.optionsType ?? number],
      ['offset', 4, options],
    ]);
  }

  #tensor(t: TfliteTensorSpec): Offset {
    const type = t.type ?? 'FLOAT32';
    const buffer = t.data ? this.#buffers.push(stored(type, t.data)) - 1 : 0;
    const name = this.#b.createString(t.name ?? '');
    const shape = this.#int32s(t.shape);
    const quantization = t.scales ? this.#quantization(t.scales, t) : 0;
    const sparsity = t.sparsity ? this.#sparsity(t.sparsity) : 0;
    const signature = t.signature ? this.#int32s(t.signature) : 0;
    return this.#table([
      ['offset', 0, shape],
      ['b', 1, TYPES[type]],
      ['i', 2, buffer],
      ['offset', 3, name],
      ['offset', 4, quantization],
      ['b', 5, t.isVariable ? 1 : 0],
      ['offset', 6, sparsity],
      ['offset', 7, signature],
    ]);
  }

  #quantization(scales: readonly number[], { zeroPoints, dimension }: TfliteTensorSpec): Offset {
    const b = this.#b;
    b.startVector(4, scales.length, 4);
    for (const scale of scales.toReversed()) b.addFloat32(scale);
    const scale = b.endVector();
    const zeros = zeroPoints ?? scales.map(() => 0);
    b.startVector(8, zeros.length, 8);
    for (const zero of zeros.toReversed()) b.addInt64(BigInt(Math.trunc(zero)));
    const zero = b.endVector();
    return this.#table([['offset', 2, scale], ['offset', 3, zero], ['i', 6, dimension ?? 0]]); // prettier-ignore
  }

  #sparsity({ order, blockMap, levels }: NonNullable<TfliteTensorSpec['sparsity']>): Offset {
    const written = levels.map(({ size, segments, indices, bytes = 4 }) => {
      if (size !== undefined) return this.#table([['b', 0, 0], ['i', 1, size]]); // prettier-ignore
      const vectors = [segments ?? [], indices ?? []].map((list) =>
        this.#table([['offset', 0, this.#numbers(list, bytes)]]),
      );
      const type = { 4: 1, 2: 2, 1: 3 }[bytes];
      return this.#table([
        ['b', 0, 1],
        ['b', 2, type],
        ['offset', 3, vectors[0]!],
        ['b', 4, type],
        ['offset', 5, vectors[1]!],
      ]);
    });
    const list = this.#list(written);
    return this.#table([
      ['offset', 0, this.#int32s(order)],
      ['offset', 1, this.#int32s(blockMap)],
      ['offset', 2, list],
    ]);
  }

  #buffer(bytes: Uint8Array): Offset {
    return this.#table([['offset', 0, bytes.length === 0 ? 0 : this.#b.createByteVector(bytes)]]);
  }

  #int32s(list: readonly number[]): Offset {
    return this.#numbers(list, 4);
  }

  #numbers(list: readonly number[], bytes: 1 | 2 | 4): Offset {
    const b = this.#b;
    b.startVector(bytes, list.length, bytes);
    for (const n of list.toReversed()) {
      if (bytes === 4) b.addInt32(n);
      else if (bytes === 2) b.addInt16(n);
      else b.addInt8(n);
    }
    return b.endVector();
  }

  #list(offsets: readonly Offset[]): Offset {
    this.#b.startVector(4, offsets.length, 4);
    for (const offset of offsets.toReversed()) this.#b.addOffset(offset);
    return this.#b.endVector();
  }

  /** All lists and tables in its fields are written already. */
  #table(fields: readonly FieldSpec[]): Offset {
    const b = this.#b;
    b.startObject(fields.reduce((n, [, slot]) => Math.max(n, slot + 1), 0));
    for (const [kind, slot, value] of fields) {
      if (kind === 'offset') b.addFieldOffset(slot, value, 0);
      else if (kind === 'f') b.addFieldFloat32(slot, value, NaN);
      else if (kind === 'i') b.addFieldInt32(slot, value, NaN);
      else b.addFieldInt8(slot, value, NaN);
    }
    return b.endObject();
  }
}

type FieldSpec = readonly [kind: 'b' | 'i' | 'f' | 'offset', slot: number, value: number];

/** Values as a buffer has them. */
function stored(type: ElementType, data: readonly number[]): Uint8Array {
  const array = {
    FLOAT32: () => Float32Array.from(data),
    FLOAT16: () => Uint16Array.from(data),
    INT32: () => Int32Array.from(data),
    INT64: () => BigInt64Array.from(data, (v) => BigInt(Number.isFinite(v) ? Math.trunc(v) : 0)),
    INT16: () => Int16Array.from(data),
    INT8: () => Int8Array.from(data),
    ...{ UINT8: () => Uint8Array.from(data), BOOL: () => Uint8Array.from(data) },
    RESOURCE: () => Uint8Array.from(data),
    ...{ INT4: () => Uint8Array.from(data), STRING: () => Uint8Array.from(data) },
  }[type]();
  return new Uint8Array(array.buffer);
}
