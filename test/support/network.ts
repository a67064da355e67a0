import {
  type Clamp,
  elements,
  type Graph,
  NO_CLAMP,
  type Node,
  type Shape,
} from '../../extension/model/graph.ts';
import type { Pads } from '../../extension/model/window.ts';
import type { Random } from './random.ts';

const RELU: Clamp = { min: 0, max: Infinity };
const RELU6: Clamp = { min: 0, max: 6 };
const CLAMPS = { none: NO_CLAMP, relu: RELU, relu6: RELU6 };

interface ConvOptions {
  readonly kernel: readonly [number, number];
  readonly stride?: number;
  /** SAME as TensorFlow pads it, or none. */
  readonly same?: boolean;
  readonly depthwise?: boolean;
  readonly groups?: number;
  readonly clamp?: keyof typeof CLAMPS;
}

/** Builds networks as people train them, layer by layer, with random weights of the size that training starts from (He). */
export class NetworkMaker {
  readonly #random: Random;
  readonly #input: { name: string; shape: Shape };
  readonly #values = new Map<string, { name: string; shape: Shape }>();
  readonly #nodes: Node[] = [];
  /** The value that the next layer reads; kept by callers for residual connections. */
  at: string;

  constructor(random: Random, shape: Shape) {
    this.#random = random;
    this.#input = { name: 'input', shape };
    this.#values.set('input', this.#input);
    this.at = 'input';
  }

  finish(name: string): Graph {
    const values = this.#values;
    const nodes = this.#nodes;
    return {
      name,
      inputs: [this.#input],
      outputs: [this.at],
      values,
      states: [],
      constants: new Map(),
      nodes,
    };
  }

  conv(channels: number, o: ConvOptions): this {
    const [, h, w, c] = this.#shape as [number, number, number, number];
    const out = o.depthwise ? c : channels;
    const stride = o.stride ?? 1;
    const [top, bottom, rows] = along(h, o.kernel[0], stride, o.same ?? true);
    const [left, right, columns] = along(w, o.kernel[1], stride, o.same ?? true);
    const groups = o.depthwise ? c : (o.groups ?? 1);
    const taps = (o.kernel[0] * o.kernel[1] * c) / groups;
    const pads: Pads = { top, left, bottom, right };
    return this.#node(
      {
        kind: 'conv2d',
        ...this.#weights(out, taps),
        kernel: o.kernel,
        strides: [stride, stride],
        dilations: [1, 1],
        pads,
        groups,
        clamp: CLAMPS[o.clamp ?? 'relu'],
      },
      [1, rows, columns, out],
    );
  }

  pool(kind: 'maxpool' | 'avgpool', kernel: readonly [number, number], stride = kernel[0]): this {
    const [, h, w, c] = this.#shape as [number, number, number, number];
    return this.#node(
      {
        kind,
        kernel,
        strides: [stride, stride],
        dilations: [1, 1],
        pads: { top: 0, left: 0, bottom: 0, right: 0 },
        countIncludePad: false,
      },
      [1, Math.floor((h - kernel[0]) / stride) + 1, Math.floor((w - kernel[1]) / stride) + 1, c],
    );
  }

  dense(out: number, clamp: keyof typeof CLAMPS = 'none'): this {
    const taps = elements(this.#shape);
    return this.#node({ kind: 'dense', ...this.#weights(out, taps), clamp: CLAMPS[clamp] }, [1, out]);
  }

  /** The value so far + an earlier one. */
  residual(other: string): this {
    return this.#node({ kind: 'add', clamp: NO_CLAMP }, this.#shape, [this.at, other]);
  }

  softmax(): this {
    return this.#node({ kind: 'softmax' }, this.#shape);
  }

  get #shape(): Shape {
    return this.#values.get(this.at)!.shape;
  }

  #weights(out: number, taps: number): { weights: Float32Array; bias: Float32Array } {
    const size = Math.sqrt(6 / taps);
    return {
      weights: this.#random.floats(out * taps, -size, size),
      bias: this.#random.floats(out, -0.1, 0.1),
    };
  }

  #node(n: object, shape: Shape, inputs: readonly string[] = [this.at]): this {
    const index = this.#nodes.length;
    const output = `value_${index}`;
    this.#nodes.push({ ...n, name: `layer_${index}`, inputs, output } as unknown as Node);
    this.#values.set(output, { name: output, shape });
    this.at = output;
    return this;
  }
}

function along(
  n: number,
  kernel: number,
  stride: number,
  same: boolean,
): [before: number, after: number, out: number] {
  if (!same) return [0, 0, Math.floor((n - kernel) / stride) + 1];
  const out = Math.ceil(n / stride);
  const total = Math.max(0, (out - 1) * stride + kernel - n);
  return [total >> 1, total - (total >> 1), out];
}
