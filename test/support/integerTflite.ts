import { type Clamp, elements, type Graph, type Node, shapeOf } from '../../extension/model/graph.ts';
import { isPadded, type Window } from '../../extension/model/window.ts';
import {
  type Precision,
  type QuantParams,
  chooseParams,
  limits,
  quantizeReal,
} from '../../extension/quantize/schemas.ts';
import type { Ranges } from '../../extension/quantize/ranges.ts';
import {
  type TfliteOperatorSpec,
  type TfliteSpec,
  type TfliteTensorSpec,
  tfliteModel,
} from '../model/tflite/writer.ts';

const [NONE, RELU, RELU6] = [0, 1, 3];
const [SAME, VALID] = [0, 1];
const int8 = limits('int8');

/**
 * A network as TensorFlow's converter quantizes it to int8: activations asymmetric, weights symmetric and one scale a channel (of dense
 * layers one for all), biases int32, softmax to 1/256. Or with activations of int16: these symmetric, biases int64, softmax to 1/32768.
 *
 * @param ranges of every value
 * @throws for operators that it does not know
 */
export function integerTflite(graph: Graph, ranges: Ranges, activations: Precision = 'int8'): Uint8Array {
  return tfliteModel(new Converter(graph, ranges, activations).spec());
}

class Converter {
  readonly #graph: Graph;
  readonly #ranges: Ranges;
  readonly #activations: Precision;
  readonly #spec: TfliteSpec = { tensors: [], operators: [], inputs: [], outputs: [] };
  readonly #tensors = new Map<string, number>();
  readonly #params = new Map<string, QuantParams>();

  constructor(graph: Graph, ranges: Ranges, activations: Precision) {
    this.#graph = graph;
    this.#ranges = ranges;
    this.#activations = activations;
  }

  spec(): TfliteSpec {
    for (const { name } of this.#graph.inputs) this.#spec.inputs.push(this.#value(name));
    for (const node of this.#graph.nodes) this.#node(node);
    this.#spec.outputs.push(...this.#graph.outputs.map((o) => this.#tensors.get(o)!));
    return this.#spec;
  }

  #node(node: Node): void {
    const inputs = node.inputs.map((i) => this.#tensors.get(i)!);
    const from = node.inputs[0]!;
    const add = (
      op: string,
      more: number[],
      options: TfliteOperatorSpec['options'],
      params?: QuantParams,
    ): void => {
      const outputs = [this.#value(node.output, params)];
      this.#spec.operators.push({ op, inputs: [...inputs, ...more], outputs, options: options ?? {} });
    };
    switch (node.kind) {
      case 'conv2d': {
        const isDepthwise = node.groups > 1;
        const [kh, kw] = node.kernel;
        const outs = node.bias.length;
        const weights = isDepthwise ? tapsFirst(node.weights, outs) : node.weights;
        const shape = isDepthwise ? [1, kh, kw, outs] : [outs, kh, kw, node.weights.length / outs / kh / kw];
        const more = this.#weights(node, from, weights, shape, isDepthwise ? 3 : 0);
        const options = { ...this.#placed(node, from), activation: activationOf(node.clamp) };
        if (isDepthwise) add('DEPTHWISE_CONV_2D', more, { ...options, multiplier: 1 });
        else add('CONV_2D', more, options);
        return;
      }
      case 'dense': {
        const shape = [node.bias.length, node.weights.length / node.bias.length];
        add('FULLY_CONNECTED', this.#weights(node, from, node.weights, shape, undefined), {
          activation: activationOf(node.clamp),
        });
        return;
      }
      case 'maxpool':
      case 'avgpool': {
        const [filterH, filterW] = node.kernel;
        const options = { ...this.#placed(node, from), filterH, filterW };
        add(
          node.kind === 'maxpool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D',
          [],
          options,
          this.#params.get(from)!,
        );
        return;
      }
      case 'reshape':
        add('RESHAPE', [], { shape: [...shapeOf(this.#graph, node.output)] }, this.#params.get(from)!);
        return;
      case 'softmax':
        add(
          'SOFTMAX',
          [],
          { beta: 1 },
          this.#activations === 'int8' ? { scale: 1 / 256, offset: -128 } : { scale: 1 / 32768, offset: 0 },
        );
        return;
      case 'add':
        add('ADD', [], { activation: activationOf(node.clamp) });
        return;
      default:
        throw new Error(`${node.kind} is not converted`);
    }
  }

  /** The tensor of a value that flows. */
  #value(name: string, given?: QuantParams): number {
    const { min, max } = this.#ranges.get(name)!;
    const params = given ?? chooseParams(min, max, 'asymmetric', this.#activations);
    this.#params.set(name, params);
    const { scale, offset } = params;
    const shape = [...shapeOf(this.#graph, name)];
    const type = this.#activations === 'int8' ? 'INT8' : 'INT16';
    const index = this.#tensor({ name, shape, type, scales: [scale], zeroPoints: [offset] });
    this.#tensors.set(name, index);
    return index;
  }

  /** Weights and bias. @param dimension of the output channels; undefined for one scale */
  #weights(
    { name, bias }: Node & { readonly bias: Float32Array },
    x: string,
    weights: Float32Array,
    shape: number[],
    dimension: number | undefined,
  ): number[] {
    const channels = dimension === undefined ? 1 : shape[dimension]!;
    const channelOf = (i: number): number =>
      dimension === undefined
        ? 0
        : dimension === 3
          ? i % channels
          : Math.floor(i / (elements(shape) / channels));
    const largest = new Float64Array(channels);
    weights.forEach((w, i) => (largest[channelOf(i)] = Math.max(largest[channelOf(i)]!, Math.abs(w))));
    const scales = Array.from(largest, (m) => Math.fround(m > 0 ? m / 127 : 1));
    const q = (w: number, i: number): number =>
      quantizeReal(w, { scale: scales[channelOf(i)]!, offset: 0 }, int8);
    const input = this.#params.get(x)!.scale;
    const biasScales = scales.map((s) => Math.fround(input * s));
    return [
      this.#tensor({
        ...{ name: `${name}/weights`, shape, type: 'INT8', data: Array.from(weights, q) },
        ...{ scales, zeroPoints: scales.map(() => 0), dimension: dimension ?? 0 },
      }),
      this.#tensor({
        ...{
          name: `${name}/bias`,
          shape: [bias.length],
          type: this.#activations === 'int8' ? 'INT32' : 'INT64',
        },
        data: Array.from(bias, (b, k) => Math.round(b / (biasScales[k] ?? biasScales[0]!))),
        ...{ scales: biasScales, zeroPoints: biasScales.map(() => 0) },
      }),
    ];
  }

  #tensor(spec: TfliteTensorSpec): number {
    return this.#spec.tensors.push(spec) - 1;
  }

  /** @throws where the padding is neither that of SAME nor none */
  #placed(window: Window, from: string): { padding: number; strideH: number; strideW: number } {
    const [, height, width] = shapeOf(this.#graph, from) as [number, number, number];
    const isSame = ([height, width] as const).every((size, axis) => {
      const [stride, kernel] = [window.strides[axis]!, window.kernel[axis]!];
      const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
      const before = axis === 0 ? window.pads.top : window.pads.left;
      const after = axis === 0 ? window.pads.bottom : window.pads.right;
      return before === Math.floor(total / 2) && before + after === total;
    });
    if (!isSame && isPadded(window)) throw new Error('a padding that TensorFlow Lite does not have');
    return {
      padding: isPadded(window) ? SAME : VALID,
      strideH: window.strides[0],
      strideW: window.strides[1],
    };
  }
}

/** [out][taps] as [taps][out] */
function tapsFirst(weights: Float32Array, outs: number): Float32Array {
  const taps = weights.length / outs;
  return Float32Array.from(weights, (_, i) => weights[(i % outs) * taps + Math.floor(i / outs)]!);
}

function activationOf({ min, max }: Clamp): number {
  if (min === -Infinity && max === Infinity) return NONE;
  if (min === 0 && max === Infinity) return RELU;
  if (min === 0 && max === 6) return RELU6;
  throw new Error(`a clamp to ${min}..${max}`);
}
