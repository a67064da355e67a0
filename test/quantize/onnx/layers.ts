/** Random layers of quantized networks, as a quantizer writes them. */
import type { ModelSpec } from '../../model/onnxBuilder.ts';
import {
  type ActivationType,
  QuantizedBuilder,
  type QTensor,
  type Reals,
} from '../../support/quantizedBuilder.ts';
import { Random } from '../../support/random.ts';

export interface RandomLayer {
  readonly spec: ModelSpec;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

type Form = 'qdq' | 'qoperator';

/** Width of the inputs' ranges. */
const INPUT = 1;

/** What a layer is built with; `range` draws one of about the width given, now and then of a power of two. */
interface Draw {
  readonly r: Random;
  readonly b: QuantizedBuilder;
  readonly form: Form;
  readonly input: (shape: readonly number[]) => QTensor;
  readonly range: (width: number) => readonly [number, number];
  readonly reals: (...dims: number[]) => Reals;
}

const spatial = ({ r }: Draw, kernel: number) => ({
  kernel_shape: { ints: [kernel, kernel] },
  strides: { ints: [r.int(1, 2), r.int(1, 2)] },
  pads: { ints: Array.from({ length: 4 }, () => r.int(0, kernel - 1)) },
});

/** Layers by what they are, each one operator of the file. */
export const LAYERS = {
  conv: (d: Draw) => {
    const { r, b } = d;
    const groups = r.pick([1, 1, 2]);
    const [channels, outputs, kernel] = [groups * r.int(1, 3), groups * r.int(1, 4), r.int(1, 3)];
    const attributes = { ...spatial(d, kernel), group: { i: groups }, dilations: { ints: [1, r.int(1, 2)] } };
    const x = d.input([1, channels, r.int(5, 8), r.int(5, 8)]);
    const [w, bias] = [d.reals(outputs, channels / groups, kernel, kernel), d.reals(outputs)];
    return b.conv(x, w, bias, attributes, d.range(2), r.bool());
  },
  depthwise: (d: Draw) => {
    const channels = d.r.int(2, 6);
    const attributes = { ...spatial(d, 3), group: { i: channels } };
    const x = d.input([1, channels, 7, 6]);
    return d.b.conv(x, d.reals(channels, 1, 3, 3), d.reals(channels), attributes, d.range(2), d.r.bool());
  },
  gemm: (d: Draw) => {
    const [n, m] = [d.r.int(2, 60), d.r.int(1, 9)];
    return d.b.gemm(d.input([1, n]), d.reals(n, m), d.reals(m), d.range(3), d.r.bool());
  },
  matMul: (d: Draw) => {
    const [rows, n, m] = [d.r.int(1, 4), d.r.int(2, 40), d.r.int(1, 9)];
    return d.b.matMul(d.input([1, rows, n]), d.reals(n, m), d.range(3));
  },
  globalAveragePool: (d: Draw) =>
    d.b.unary('GlobalAveragePool', 'QLinearGlobalAveragePool', d.input([1, d.r.int(1, 4), d.r.int(2, 7), d.r.int(2, 7)]), {}, d.range(1.01)), // prettier-ignore
  sigmoid: (d: Draw) => d.b.unary('Sigmoid', 'QLinearSigmoid', d.input([1, 40]), {}, [0, 1]),
  leakyRelu: (d: Draw) =>
    d.b.unary('LeakyRelu', 'QLinearLeakyRelu', d.input([1, 40]), { alpha: { f: 0.1 } }, d.range(2)),
  concat: (d: Draw) => {
    const axis = d.r.int(1, 2);
    const part = () => d.input([1, axis === 1 ? d.r.int(1, 3) : 3, axis === 2 ? d.r.int(1, 4) : 4, 5]);
    return d.b.concat([part(), part()], axis, d.range(2));
  },
  maxPool: (d: Draw) =>
    d.b.move('MaxPool', d.input([1, d.r.int(1, 4), 6, 6]), { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } }), // prettier-ignore
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Sums, products and averages, whose halves onnxruntime's own kernels round otherwise than ONNX says. */
export const ON_HALVES = {
  averagePool: (d: Draw) =>
    d.b.unary('AveragePool', 'QLinearAveragePool', d.input([1, d.r.int(1, 4), 6, 7]), { ...spatial(d, d.r.int(2, 3)), count_include_pad: { i: d.r.int(0, 1) } }, d.range(2)), // prettier-ignore
  add: (d: Draw) => d.b.pair('Add', d.input([1, 3, 4, 5]), d.input(d.r.bool() ? [1, 3, 4, 5] : [1, 3, 1, 1]), d.range(3)), // prettier-ignore
  mul: (d: Draw) => d.b.pair('Mul', d.input([1, 3, 4, 5]), d.input(d.r.bool() ? [1, 3, 4, 5] : [1, 3, 1, 1]), d.range(2)), // prettier-ignore
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Enough weights for assembly to pay, however often a result is looked at again. */
export const LARGE = {
  largeGemm: (d: Draw) => d.b.gemm(d.input([1, 300]), d.reals(300, 30), d.reals(30), d.range(6), d.r.bool()),
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Sums of numbers whose steps are far larger than the result's: nearly all of them saturate. */
export const FAR = {
  addFar: (d: Draw) => {
    const { dims, data } = d.reals(1, 3, 4, 5);
    const small = { dims, data: data.map((v) => v / 1000) };
    return d.b.addConstant(d.input([1, 3, 4, 5]), small, [-0.001 * d.r.real(0.1, 1), 0.001]);
  },
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Operators that are computed in integers of our own. */
export const NEAR = {
  softmax: (d: Draw) =>
    d.b.unary('Softmax', 'QLinearSoftmax', d.input([1, d.r.int(2, 20)]), { axis: { i: -1 }, ...(d.form === 'qoperator' && { opset: { i: 13 } }) }, [0, 1]), // prettier-ignore
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Operators that have no form on integers. */
export const BETWEEN_CONVERSIONS = {
  convTranspose: (d: Draw) => {
    const { r, b } = d;
    const groups = r.pick([1, 1, 2]);
    const [channels, outputs, kernel] = [groups * r.int(1, 3), r.int(1, 3), r.int(1, 3)];
    const attributes = { ...spatial(d, kernel), group: { i: groups } };
    const x = d.input([1, channels, r.int(3, 5), r.int(3, 5)]);
    return b.convTranspose(x, d.reals(channels, outputs, kernel, kernel), d.reals(groups * outputs), attributes, d.range(2)); // prettier-ignore
  },
  prelu: (d: Draw) => d.b.prelu(d.input([1, 3, 4, 5]), d.reals(3, 1, 1), d.range(1)),
  max: (d: Draw) => d.b.extreme('Max', d.input([1, 3, 4, 5]), d.input(d.r.bool() ? [1, 3, 4, 5] : [1, 3, 1, 1]), d.range(1)), // prettier-ignore
  min: (d: Draw) => d.b.extreme('Min', d.input([1, 3, 4, 5]), d.reals(3, 1, 1), d.range(1)),
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** Operators between conversions that are computed in integers of our own. */
export const NEAR_BETWEEN = {
  div: (d: Draw) => {
    const data = Float32Array.from({ length: 3 }, () => d.r.pick([1, -1]) * d.r.real(0.5, 1));
    return d.b.quotient(d.input([1, 3, 4, 5]), { dims: [3, 1, 1], data }, d.range(2));
  },
} as const satisfies Readonly<Record<string, (d: Draw) => QTensor>>;

/** A layer with one or more inputs of its own. */
export function randomLayer(make: (d: Draw) => QTensor, form: Form, seed: number): RandomLayer {
  const r = new Random(seed);
  const type = r.pick<ActivationType>(['int8', 'uint8']);
  const isPower2 = seed % 2 === 0;
  const b = new QuantizedBuilder(form, type, r.bool() && !isPower2);
  const shapes = new Map<string, readonly number[]>();
  const range = (width: number): readonly [number, number] => {
    // wider for outputs than for inputs: then every other sum or more lies on a half, with odd zero points and even ones
    if (isPower2) {
      const [scale, zero] = [2 ** (width === INPUT ? -8 : r.int(-7, -5)), r.int(0, 3)];
      return [-zero * scale, (255 - zero) * scale];
    }
    const low = r.bool(0.3) ? 0 : -width * r.real(0.2, 1);
    return [low, width * r.real(0.5, 1)];
  };
  const input = (shape: readonly number[]): QTensor => {
    const name = `x${shapes.size}`;
    shapes.set(name, shape);
    return b.input(name, shape, range(INPUT));
  };
  const reals = (...dims: number[]): Reals => {
    const n = dims.reduce((a, d) => a * d, 1);
    const unit = isPower2 ? 2 ** -7 : 1;
    const data = Float32Array.from({ length: n }, () =>
      isPower2 ? r.int(-63, 63) * unit : r.real(-0.5, 0.5),
    );
    if (isPower2) data[0] = 63 * unit;
    return { dims, data };
  };
  const y = make({ r, b, form, input, range, reals });
  return { spec: b.spec(y), shapes };
}

/** Numbers for a layer's inputs, a little beyond what they are quantized for. */
export function randomSample({ shapes }: RandomLayer, seed: number): Map<string, Float32Array> {
  const r = new Random(seed);
  return new Map(
    [...shapes].map(([name, shape]) => {
      const n = shape.reduce((a, d) => a * d, 1);
      return [name, Float32Array.from({ length: n }, () => r.real(-1.1, 1.1))];
    }),
  );
}
