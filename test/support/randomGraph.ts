import type { ActivationFunction } from '../../extension/model/functions.ts';
import {
  type Between,
  CELL_GATES,
  type Clamp,
  type Constant,
  elements,
  type Graph,
  NO_CLAMP,
  type Node,
  type Shape,
  type Value,
} from '../../extension/model/graph.ts';
import type { Random } from './random.ts';

/** Every operator of the IR, with the forms that matter of each. */
export const KINDS = [
  'conv2d',
  'conv2d grouped',
  'conv2d depthwise',
  'conv2d pointwise',
  'conv2d + maxpool',
  'dense',
  'maxpool',
  'maxpool padded',
  'avgpool',
  'avgpool padded',
  'clip',
  'leakyRelu',
  'sigmoid',
  'tanh',
  'softmax',
  'add',
  'add constant',
  'mul',
  'mul constant',
  'concat',
  'pad',
  'reshape',
  'transpose',
  'convTranspose2d',
  'convTranspose2d grouped',
  'div',
  'function',
  'gather',
  'logSoftmax',
  'max',
  'min',
  'normalize',
  'prelu',
  'resize',
  'slice',
  'sub',
  'lstm',
  'gru',
  'rnn',
  'argMax',
  'argMin',
] as const;
/** Functions that are defined everywhere. */
const FUNCTIONS: readonly ActivationFunction[] = [
  { type: 'abs' },
  { type: 'cos' },
  { type: 'elu', alpha: 1 },
  { type: 'erf' },
  { type: 'exp' },
  { type: 'gelu' },
  { type: 'geluTanh' },
  { type: 'hardSwish' },
  { type: 'mish' },
  { type: 'power', exponent: 3 },
  { type: 'selu', alpha: 1.67, gamma: 1.05 },
  { type: 'silu' },
  { type: 'softplus' },
  { type: 'softsign' },
  { type: 'squareplus' },
  // log(|x| + 1/2)
  {
    type: 'composed',
    steps: [
      { fn: { type: 'abs' }, of: 0 },
      { pair: 'add', of: [{ result: 1 }, { constant: 0.5 }] },
      { fn: { type: 'log' }, of: 2 },
    ],
  },
  // x / (x² + 1)
  {
    type: 'composed',
    steps: [
      { pair: 'mul', of: [{ result: 0 }, { result: 0 }] },
      { pair: 'add', of: [{ constant: 1 }, { result: 1 }] },
      { fn: { type: 'reciprocal' }, of: 2 },
      { pair: 'mul', of: [{ result: 0 }, { result: 3 }] },
    ],
  },
];

export type Kind = (typeof KINDS)[number];

/** Builds random graphs operator by operator; all shapes are small so that many fit one image. */
export class GraphMaker {
  readonly random: Random;
  readonly #nodes: Node[] = [];
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Constant>();
  readonly #inputs: Value[] = [];
  readonly #positions: Value[] = [];
  #count = 0;

  constructor(random: Random) {
    this.random = random;
  }

  input(shape: Shape): Value {
    const v = { name: `input_${this.#inputs.length}`, shape };
    this.#inputs.push(v);
    this.#values.set(v.name, v);
    return v;
  }

  image(): Value {
    const r = this.random;
    return this.input([1, r.int(3, 9), r.int(3, 9), r.int(1, 6)]);
  }

  finish(outputs: readonly Value[]): Graph {
    return {
      name: 'random',
      inputs: this.#inputs,
      outputs: [...outputs, ...this.#positions].map((o) => o.name),
      values: this.#values,
      states: [],
      constants: this.#constants,
      nodes: this.#nodes,
    };
  }

  /** Appends an operator to a value; a value that the operator cannot take is replaced by a new input. */
  append(kind: Kind, x: Value): Value {
    const r = this.random;
    const image = x.shape.length === 4 && x.shape[0] === 1 ? x : this.image();
    const [, h, w, c] = image.shape as [number, number, number, number];
    switch (kind) {
      case 'conv2d':
        return this.#conv(image, 1, r.int(1, 9), r.bool() ? 1 : 2);
      case 'conv2d grouped': {
        const groups = r.int(2, 3);
        const grouped = this.input([1, h, w, groups * r.int(1, 3)]);
        return this.#conv(grouped, groups, groups * r.int(1, 3), 1);
      }
      case 'conv2d depthwise':
        return this.#conv(image, c, c, 1);
      case 'conv2d pointwise':
        return this.#conv(image, 1, r.int(1, 9), 1, true);
      case 'conv2d + maxpool':
        return this.append('maxpool', this.#conv(this.input([1, 7, 8, r.int(1, 3)]), 1, r.int(1, 6), 1));
      case 'dense': {
        const n = elements(x.shape);
        const out = r.int(1, 13);
        return this.#node({ kind: 'dense', ...this.#weights(out, n), clamp: this.#clamp() }, [x], [1, out]);
      }
      case 'maxpool':
      case 'maxpool padded':
      case 'avgpool':
      case 'avgpool padded':
        return this.#pool(kind, image);
      case 'clip':
        return this.function({ type: 'clip', min: 0, max: r.bool() ? Infinity : r.real(0.3, 2) }, x);
      case 'leakyRelu':
        return this.function({ type: 'leakyRelu', alpha: r.real(0.01, 0.4) }, x);
      case 'sigmoid':
      case 'tanh':
        return this.function({ type: kind }, x);
      case 'function':
        return this.function(r.pick(FUNCTIONS), x);
      case 'softmax':
        return this.#node({ kind: 'softmax' }, [x], x.shape);
      case 'add':
      case 'mul': {
        const other = r.bool(0.3)
          ? x
          : this.input(r.bool(0.7) ? x.shape : x.shape.map((d) => (r.bool() ? d : 1)));
        return this.#node({ kind, clamp: kind === 'add' ? this.#clamp() : NO_CLAMP }, [x, other], x.shape);
      }
      case 'logSoftmax':
        return this.#node({ kind }, [x], x.shape);
      case 'normalize': {
        const [centred, averaged] = [r.bool(0.7), r.bool(0.7)];
        return this.#node({ kind, centred, averaged, epsilon: r.pick([1e-3, 1e-5, 0, 2]) }, [x], x.shape);
      }
      case 'sub':
      case 'max':
      case 'min': {
        const other = this.input(r.bool(0.7) ? x.shape : x.shape.map((d) => (r.bool() ? d : 1)));
        return this.#node({ kind, clamp: this.#clamp() }, r.bool() ? [x, other] : [other, x], x.shape);
      }
      case 'div': {
        // away from 0, and now and then not
        const other = r.pick([
          () => this.#constant(x.shape, 0.5, 1.5),
          () => this.function({ type: 'exp' }, this.input(x.shape)),
          () => this.input(x.shape),
        ])();
        return this.#node({ kind, clamp: this.#clamp() }, [x, other], x.shape);
      }
      case 'prelu': {
        const slope = r.bool(0.8) ? this.#constant([x.shape.at(-1)!], -0.2, 0.5) : this.input(x.shape);
        return this.#node({ kind, clamp: NO_CLAMP }, [x, slope], x.shape);
      }
      case 'add constant':
      case 'mul constant': {
        const constant = this.#constant(r.pick([[1], [x.shape.at(-1)!], [...x.shape]]), -1.5, 1.5);
        const inputs = r.bool() ? [x, constant] : [constant, x];
        return this.#node(
          { kind: kind === 'add constant' ? 'add' : 'mul', clamp: this.#clamp() },
          inputs,
          x.shape,
        );
      }
      case 'concat': {
        const axis = r.int(1, x.shape.length - 1);
        const other = this.input(x.shape.map((d, k) => (k === axis ? r.int(1, 5) : d)));
        const shape = x.shape.map((d, k) => (k === axis ? d + other.shape[k]! : d));
        return this.#node({ kind: 'concat', axis }, [x, other], shape);
      }
      case 'pad': {
        const pads = x.shape.map(
          (_, k) => (k === 0 ? [0, 0] : [r.int(0, 2), r.int(0, 2)]) as [number, number],
        );
        const shape = x.shape.map((d, k) => d + pads[k]![0] + pads[k]![1]);
        return this.#node({ kind: 'pad', pads, value: r.pick([0, 0.5, -1, 3, -100]) }, [x], shape);
      }
      case 'reshape':
        return this.#node({ kind: 'reshape' }, [x], [1, elements(x.shape)]);
      case 'transpose': {
        const perm = r.pick([
          [0, 3, 1, 2],
          [0, 2, 3, 1],
          [0, 2, 1, 3],
        ]);
        return this.#node(
          { kind: 'transpose', perm },
          [image],
          perm.map((k) => image.shape[k]!),
        );
      }
      case 'slice':
        return this.#gather(x, (n) => {
          const step = r.pick([-2, -1, 1, 1, 2]);
          const size = r.int(1, Math.ceil(n / Math.abs(step)));
          const begin = r.int(0, n - 1 - (size - 1) * Math.abs(step));
          return Array.from({ length: size }, (_, i) => begin + (step > 0 ? i : i - size + 1) * step);
        });
      case 'convTranspose2d':
        return this.#convTranspose(image, 1, r.int(1, 5));
      case 'convTranspose2d grouped': {
        const groups = r.int(2, 3);
        const outputs = groups * r.int(1, 2);
        return this.#convTranspose(
          this.input([1, r.int(2, 5), r.int(2, 5), groups * r.int(1, 2)]),
          groups,
          outputs,
        );
      }
      case 'resize': {
        const between = (n: number): Between => {
          const size = r.int(1, 2 * n);
          const grid = r.pick([0, 2, 4, 0.3]);
          const positions = Array.from({ length: size }, () => {
            const p = r.real(0, n - 1);
            return Math.min(
              n - 1,
              grid === 0.3 ? p : grid === 0 ? Math.floor(p) : Math.floor(p * grid) / grid,
            );
          });
          const low = Int32Array.from(positions, Math.floor);
          return { low, share: Float32Array.from(positions, (p, i) => p - low[i]!) };
        };
        const [rows, columns] = [between(h), between(w)];
        return this.#node(
          { kind: 'resize', rows, columns },
          [image],
          [1, rows.low.length, columns.low.length, c],
        );
      }
      case 'gather':
        return this.#gather(x, (n) => {
          const times = r.int(1, 3);
          return r.pick([
            () => Array.from({ length: n }, (_, i) => i),
            () => Array.from({ length: n * times }, (_, i) => Math.floor(i / times)),
            () => Array.from({ length: n * times }, (_, i) => i % n),
            () => Array.from({ length: r.int(1, 9) }, () => r.int(0, n - 1)),
          ])();
        });
      case 'lstm':
      case 'gru':
      case 'rnn':
        return this.#recurrent(kind, x);
      case 'argMax':
      case 'argMin': {
        // positions are an output; what they are found in flows on
        const of = kind === 'argMax' ? 'max' : 'min';
        const among = r.pick(['first', 'last'] as const);
        const values = this.function({ type: 'abs' }, x);
        this.#positions.push(this.#node({ kind: 'position', of, among }, [values], x.shape.slice(0, -1)));
        return values;
      }
    }
  }

  #constant(shape: Shape, min: number, max: number): Constant {
    const name = `constant_${this.#count}`;
    const constant = { name, shape, data: this.random.floats(elements(shape), min, max) };
    this.#constants.set(name, constant);
    return constant;
  }

  #conv(x: Value, groups: number, out: number, dilation: number, pointwise = false): Value {
    const r = this.random;
    const [, h, w, c] = x.shape as [number, number, number, number];
    const kernel: [number, number] = pointwise
      ? [1, 1]
      : [r.int(1, Math.min(3, h)), r.int(1, Math.min(3, w))];
    const dilations: [number, number] = [
      (kernel[0] - 1) * dilation < h ? dilation : 1,
      (kernel[1] - 1) * dilation < w ? dilation : 1,
    ];
    const strides: [number, number] = pointwise ? [1, 1] : [r.int(1, 2), r.int(1, 2)];
    const pad = (): number => (pointwise || r.bool(0.4) ? 0 : r.int(0, 2));
    const pads = { top: pad(), left: pad(), bottom: pad(), right: pad() };
    const size = (n: number, k: 0 | 1, p: number): number =>
      Math.floor((n + p - ((kernel[k] - 1) * dilations[k] + 1)) / strides[k]) + 1;
    const shape = [1, size(h, 0, pads.top + pads.bottom), size(w, 1, pads.left + pads.right), out];
    const weights = this.#weights(out, kernel[0] * kernel[1] * (c / groups));
    return this.#node(
      { kind: 'conv2d', ...weights, kernel, strides, dilations, pads, groups, clamp: this.#clamp() },
      [x],
      shape,
    );
  }

  /** An image's rows are its time steps. */
  #recurrent(cell: 'lstm' | 'gru' | 'rnn', x: Value): Value {
    const r = this.random;
    const [, h, w, c] = x.shape;
    const rows =
      x.shape.length === 3 && x.shape[0] === 1
        ? x
        : x.shape.length === 4
          ? this.#node({ kind: 'reshape' }, [x], [1, h!, w! * c!])
          : this.input([1, r.int(1, 9), r.int(1, 12)]);
    const [, time, features] = rows.shape as [number, number, number];
    const units = r.int(1, 9);
    const gates = CELL_GATES[cell] * units;
    const sequence = r.pick(['inTime', 'asComputed', 'last'] as const);
    // as trained ones are: sums of products of about the same size, whatever their number
    const matrix = (taps: number): Float32Array => {
      const size = r.real(0.3, 3) / Math.sqrt(taps);
      return r.floats(gates * taps, -size, size);
    };
    const functions = [{ type: 'tanh' }, { type: 'tanh' }, { type: 'relu' }, { type: 'sigmoid' }] as const;
    const hard = { type: 'hardSigmoid', alpha: r.pick([0.2, 1 / 6]), beta: 0.5 } as const;
    return this.#node(
      {
        kind: 'recurrent',
        cell,
        units,
        weights: matrix(features),
        recurrentWeights: matrix(units),
        bias: r.floats(gates, -1, 1),
        recurrentBias: r.floats(gates, -0.5, 0.5),
        gate: r.bool(0.7) ? { type: 'sigmoid' } : hard,
        candidate: r.pick(functions),
        outputFunction: r.pick(functions),
        resetAfter: r.bool(),
        backward: r.bool(),
        sequence,
      },
      [rows],
      sequence === 'last' ? [1, units] : [1, time, units],
    );
  }

  #convTranspose(x: Value, groups: number, out: number): Value {
    const r = this.random;
    const [, h, w, c] = x.shape as [number, number, number, number];
    const two = (least: number, most: number): [number, number] => [r.int(least, most), r.int(least, most)];
    const [kernel, strides, dilations] = [two(1, 4), two(1, 3), r.bool(0.8) ? ([1, 1] as const) : two(1, 2)];
    const along = (n: number, k: 0 | 1): { size: number; before: number; after: number } => {
      const whole = (n - 1) * strides[k] + (kernel[k] - 1) * dilations[k] + 1;
      const before = r.int(0, Math.min(2, whole - 1));
      const after = r.int(-2, Math.min(2, whole - 1 - before));
      return { size: whole - before - after, before, after };
    };
    const [rows, columns] = [along(h, 0), along(w, 1)];
    const pads = { top: rows.before, left: columns.before, bottom: rows.after, right: columns.after };
    const weights = this.#weights(out, kernel[0] * kernel[1] * (c / groups));
    return this.#node(
      { kind: 'convTranspose2d', ...weights, kernel, strides, dilations, pads, groups, clamp: this.#clamp() },
      [x],
      [1, rows.size, columns.size, out],
    );
  }

  #pool(kind: Kind, x: Value): Value {
    const r = this.random;
    const [, h, w, c] = x.shape as [number, number, number, number];
    const padded = kind.endsWith('padded');
    const fused = this.#nodes.at(-1)?.output === x.name && r.bool(0.8);
    const kernel: [number, number] = [r.int(1, Math.min(4, h)), r.int(1, Math.min(4, w))];
    const strides: [number, number] = fused ? kernel : [r.int(1, 3), r.int(1, 3)];
    const pad = (k: number): number => (padded ? r.int(0, k - 1) : 0);
    const pads = { top: pad(kernel[0]), left: pad(kernel[1]), bottom: pad(kernel[0]), right: pad(kernel[1]) };
    const shape = [
      1,
      Math.floor((h + pads.top + pads.bottom - kernel[0]) / strides[0]) + 1,
      Math.floor((w + pads.left + pads.right - kernel[1]) / strides[1]) + 1,
      c,
    ];
    const which = kind.startsWith('max') ? 'maxpool' : 'avgpool';
    return this.#node(
      {
        kind: which,
        kernel,
        strides,
        dilations: [1, 1],
        pads,
        countIncludePad: which === 'avgpool' && r.bool(),
      },
      [x],
      shape,
    );
  }

  /** @param pick positions along a dimension of n elements */
  #gather(x: Value, pick: (n: number) => number[]): Value {
    const indices = x.shape.map((d, k) => Int32Array.from(k === 0 ? [0] : pick(d)));
    return this.#node(
      { kind: 'gather', indices },
      [x],
      indices.map((list) => list.length),
    );
  }

  /** Appends a given function. */
  function(fn: ActivationFunction, x: Value): Value {
    return this.#node({ kind: 'activation', fn }, [x], x.shape);
  }

  /** Weights of different magnitude by channel, with zeros, powers of two and now and then a dead channel. */
  #weights(out: number, taps: number): { weights: Float32Array; bias: Float32Array } {
    const r = this.random;
    const weights = new Float32Array(out * taps);
    const bias = new Float32Array(out);
    for (let k = 0; k < out; k++) {
      const size = r.bool(0.1) ? 0 : 10 ** r.real(-2, 0.3);
      for (let i = 0; i < taps; i++) weights[k * taps + i] = r.bool(0.15) ? 0 : r.real(-size, size);
      bias[k] = r.bool(0.2) ? 0 : r.real(-1, 1);
    }
    return { weights, bias };
  }

  #clamp(): Clamp {
    const r = this.random;
    if (r.bool(0.4)) return NO_CLAMP;
    return r.bool(0.7) ? { min: 0, max: Infinity } : { min: r.real(-0.5, 0), max: r.real(0.1, 1.5) };
  }

  #node<N extends Omit<Node, 'name' | 'inputs' | 'output'>>(n: N, x: readonly Value[], shape: Shape): Value {
    const v = { name: `value_${this.#count}`, shape };
    const name = `${n.kind}_${this.#count++}`;
    this.#nodes.push({ ...n, name, inputs: x.map((i) => i.name), output: v.name } as unknown as Node);
    this.#values.set(v.name, v);
    return v;
  }
}

/** Random inputs for every placeholder, some of it at the ends of the range. */
export function randomInputs(graph: Graph, random: Random): Map<string, Float32Array> {
  return new Map(graph.inputs.map((v) => [v.name, random.floats(elements(v.shape), -1.2, 1.7)]));
}
