/** Writes quantized networks the way onnxruntime's quantizer does, in both of its forms. */
import type { AttributeSpec, ModelSpec, NodeSpec, TensorSpec } from '../model/onnxBuilder.ts';

export type ActivationType = 'int8' | 'uint8';
type Range = readonly [number, number];

/** Real numbers of a constant. */
export interface Reals {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface Params {
  readonly scale: number;
  readonly zero: number;
}

/** A tensor of integers, by its name, and what they stand for. */
export interface QTensor {
  readonly name: string;
  readonly params: Params;
}

type Attributes = Readonly<Record<string, AttributeSpec>>;
const MICROSOFT = 'com.microsoft';
/** Weights have 7 bits: where a processor adds pairs of products in 16 bits, onnxruntime saturates sums of larger ones. */
const WEIGHT_LIMIT = 63;

export class QuantizedBuilder {
  readonly nodes: NodeSpec[] = [];
  readonly initializers: Record<string, TensorSpec> = {};
  readonly #form: 'qdq' | 'qoperator';
  readonly #type: ActivationType;
  readonly #perChannel: boolean;
  readonly #inputs: { name: string; shape: readonly number[] }[] = [];
  #count = 0;

  constructor(form: 'qdq' | 'qoperator', type: ActivationType, perChannel: boolean) {
    this.#form = form;
    this.#type = type;
    this.#perChannel = perChannel;
  }

  /** Scale and zero point for a range, as quantizers choose them. */
  params([low, high]: Range): Params {
    const [lo, hi] = [Math.min(0, low), Math.max(0, high)];
    const scale = Math.fround((hi - lo) / 255) || 1;
    const least = this.#type === 'int8' ? -128 : 0;
    return { scale, zero: Math.round(least - lo / scale) };
  }

  constant(spec: TensorSpec): string {
    const name = `c${Object.keys(this.initializers).length}`;
    this.initializers[name] = spec;
    return name;
  }

  /** Names of scale and zero point. */
  operands({ scale, zero }: Params): [string, string] {
    return [
      this.constant({ dims: [], floats: [scale] }),
      this.constant({ dims: [], ints: [zero], type: this.#type }),
    ];
  }

  node(op: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    const output = `${op.toLowerCase()}${++this.#count}`;
    this.nodes.push({ op, name: output, inputs, outputs: [output], attributes, domain });
    return output;
  }

  input(name: string, shape: readonly number[], range: Range): QTensor {
    this.#inputs.push({ name, shape });
    return this.quantize(name, this.params(range));
  }

  quantize(x: string, params: Params): QTensor {
    return { name: this.node('QuantizeLinear', [x, ...this.operands(params)]), params };
  }

  dequantize({ name, params }: QTensor): string {
    return this.node('DequantizeLinear', [name, ...this.operands(params)]);
  }

  /** An operator that only moves numbers: on integers, or between conversions. */
  move(op: string, x: QTensor, attributes: Attributes, more: readonly string[] = []): QTensor {
    if (this.#form === 'qoperator') return { ...x, name: this.node(op, [x.name, ...more], attributes) };
    return this.quantize(this.node(op, [this.dequantize(x), ...more], attributes), x.params);
  }

  reshape(x: QTensor, shape: readonly number[]): QTensor {
    return this.move('Reshape', x, {}, [this.constant({ dims: [shape.length], ints: shape })]);
  }

  /** Symmetric int8 weights. @param axis of the output channels */
  weights({ dims, data }: Reals, axis: number): { names: [string, string, string]; scales: number[] } {
    const channels = this.#perChannel ? dims[axis]! : 1;
    const step = dims.slice(axis + 1).reduce((n, d) => n * d, 1);
    const channel = (i: number): number => (channels === 1 ? 0 : Math.floor(i / step) % channels);
    const largest = new Array<number>(channels).fill(1e-6);
    data.forEach((w, i) => (largest[channel(i)] = Math.max(largest[channel(i)]!, Math.abs(w))));
    const scales = largest.map((m) => Math.fround(m / WEIGHT_LIMIT));
    const ints = Array.from(data, (w, i) => Math.round(w / scales[channel(i)]!));
    const of = this.#perChannel ? [channels] : [];
    return {
      names: [
        this.constant({ dims, ints, type: 'int8' }),
        this.constant({ dims: of, floats: scales }),
        this.constant({ dims: of, ints: scales.map(() => 0), type: 'int8' }),
      ],
      scales,
    };
  }

  /** int32 bias in units of input scale · weight scale. */
  bias({ data }: Reals, x: QTensor, scales: readonly number[]): { name: string; scales: number[] } {
    const units = Array.from(data, (_, k) => Math.fround(x.params.scale * (scales[k] ?? scales[0]!)));
    const ints = Array.from(data, (b, k) => Math.round(b / units[k]!));
    return { name: this.constant({ dims: [data.length], ints, type: 'int32' }), scales: units };
  }

  #dequantizedWeights([q, s, z]: readonly string[], axis: number): string {
    return this.node('DequantizeLinear', [q!, s!, z!], { axis: { i: axis } });
  }

  #dequantizedBias({ name, scales }: { name: string; scales: number[] }): string {
    const s = this.constant({ dims: [scales.length], floats: scales });
    const z = this.constant({ dims: [scales.length], ints: scales.map(() => 0), type: 'int32' });
    return this.node('DequantizeLinear', [name, s, z], { axis: { i: 0 } });
  }

  conv(x: QTensor, w: Reals, b: Reals, attributes: Attributes, range: Range, relu: boolean): QTensor {
    const { names, scales } = this.weights(w, 0);
    const bias = this.bias(b, x, scales);
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const y = this.operands(params);
      const inputs = [x.name, ...this.operands(x.params), ...names, ...y, bias.name];
      return { name: this.node('QLinearConv', inputs, attributes), params };
    }
    const inputs = [this.dequantize(x), this.#dequantizedWeights(names, 0), this.#dequantizedBias(bias)];
    return this.#rounded(this.node('Conv', inputs, attributes), params, relu);
  }

  /** @param w [inputs, outputs / groups, height, width] */
  convTranspose(x: QTensor, w: Reals, b: Reals, attributes: Attributes, range: Range): QTensor {
    const { names, scales } = this.weights(w, 1);
    const groups = b.data.length / scales.length;
    const all = scales.length === 1 ? scales : Array.from({ length: groups }, () => scales).flat();
    const bias = this.#dequantizedBias(this.bias(b, x, all));
    const inputs = [this.dequantize(x), this.#dequantizedWeights(names, 1), bias];
    return this.#rounded(this.node('ConvTranspose', inputs, attributes), this.params(range));
  }

  /** A quotient, by real numbers. */
  quotient(a: QTensor, { dims, data }: Reals, range: Range): QTensor {
    const by = this.constant({ dims, floats: [...data] });
    return this.#rounded(this.node('Div', [this.dequantize(a), by]), this.params(range));
  }

  /** Slopes of each channel, of int8 with one scale. */
  prelu(x: QTensor, { dims, data }: Reals, range: Range): QTensor {
    const scale = Math.fround(Math.max(...data.map(Math.abs)) / WEIGHT_LIMIT);
    const q = this.constant({ dims, ints: Array.from(data, (w) => Math.round(w / scale)), type: 'int8' });
    const slope = this.node('DequantizeLinear', [q, this.constant({ dims: [], floats: [scale] })]);
    return this.#rounded(this.node('PRelu', [this.dequantize(x), slope]), this.params(range));
  }

  /** Max or Min, with numbers in parameters of their own or real constants. */
  extreme(op: 'Max' | 'Min', a: QTensor, b: QTensor | Reals, range: Range): QTensor {
    const other =
      'dims' in b ? this.constant({ dims: [...b.dims], floats: [...b.data] }) : this.dequantize(b);
    return this.#rounded(this.node(op, [this.dequantize(a), other]), this.params(range));
  }

  /** @param w [inputs, outputs] */
  gemm(x: QTensor, w: Reals, b: Reals, range: Range, relu: boolean): QTensor {
    const { names, scales } = this.weights(w, 1);
    const bias = this.bias(b, x, scales);
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const inputs = [x.name, ...this.operands(x.params), ...names, bias.name, ...this.operands(params)];
      return { name: this.node('QGemm', inputs, {}, MICROSOFT), params };
    }
    const inputs = [this.dequantize(x), this.#dequantizedWeights(names, 1), this.#dequantizedBias(bias)];
    return this.#rounded(this.node('Gemm', inputs), params, relu);
  }

  matMul(x: QTensor, w: Reals, range: Range): QTensor {
    const { names } = this.weights(w, 1);
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const inputs = [x.name, ...this.operands(x.params), ...names, ...this.operands(params)];
      return { name: this.node('QLinearMatMul', inputs), params };
    }
    return this.#rounded(
      this.node('MatMul', [this.dequantize(x), this.#dequantizedWeights(names, 1)]),
      params,
    );
  }

  addConstant(x: QTensor, { dims, data }: Reals, range: Range): QTensor {
    const own = this.params([Math.min(...data), Math.max(...data)]);
    const least = this.#type === 'int8' ? -128 : 0;
    const ints = Array.from(data, (v) =>
      Math.min(least + 255, Math.max(least, Math.round(v / own.scale) + own.zero)),
    );
    const name = this.constant({ dims, ints, type: this.#type });
    return this.pair('Add', x, { name, params: own }, range);
  }

  /** Add or Mul. */
  pair(op: 'Add' | 'Mul', a: QTensor, b: QTensor, range: Range): QTensor {
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const operands = [a, b].flatMap((t) => [t.name, ...this.operands(t.params)]);
      return {
        name: this.node(`QLinear${op}`, [...operands, ...this.operands(params)], {}, MICROSOFT),
        params,
      };
    }
    return this.#rounded(this.node(op, [this.dequantize(a), this.dequantize(b)]), params);
  }

  /** Any operator on one tensor. @param own its name in the form of operators on integers */
  unary(op: string, own: string, x: QTensor, attributes: Attributes, range: Range): QTensor {
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const inputs = [x.name, ...this.operands(x.params), ...this.operands(params)];
      return { name: this.node(own, inputs, attributes, MICROSOFT), params };
    }
    return this.#rounded(this.node(op, [this.dequantize(x)], attributes), params);
  }

  concat(parts: readonly QTensor[], axis: number, range: Range): QTensor {
    const params = this.params(range);
    if (this.#form === 'qoperator') {
      const operands = parts.flatMap((t) => [t.name, ...this.operands(t.params)]);
      const inputs = [...this.operands(params), ...operands];
      return { name: this.node('QLinearConcat', inputs, { axis: { i: axis } }, MICROSOFT), params };
    }
    const inputs = parts.map((t) => this.dequantize(t));
    return this.#rounded(this.node('Concat', inputs, { axis: { i: axis } }), params);
  }

  #rounded(y: string, params: Params, relu = false): QTensor {
    return this.quantize(relu ? this.node('Relu', [y]) : y, params);
  }

  /** The network, with real numbers coming out. */
  spec(...outputs: readonly QTensor[]): ModelSpec {
    return {
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: this.#inputs,
      outputs: outputs.map((y) => this.dequantize(y)),
      opsets: [
        { domain: '', version: 13 },
        { domain: MICROSOFT, version: 1 },
      ],
    };
  }
}
