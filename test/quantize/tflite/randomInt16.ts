/** Random TensorFlow Lite networks on int16 numbers, one operator each, and what they compute by the formulas of TensorFlow Lite Micro. */
import { type Random } from '../../support/random.ts';
import type { TfliteOperatorSpec, TfliteSpec, TfliteTensorSpec } from '../../model/tflite/writer.ts';
import { bigMultiplier, roundedOnce, roundedTwice } from './bigArithmetic.ts';

export interface Int16Case {
  readonly label: string;
  readonly spec: TfliteSpec;
  /** The output's numbers; undefined where goldens alone tell them. @param inputs in the spec's order */
  readonly reference?: (inputs: readonly (readonly number[])[]) => number[];
}

const ACTIVATIONS = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6'] as const;
type Activation = (typeof ACTIVATIONS)[number];

/** Numbers of a type, in one scale; int16 ones are symmetric. */
function value(
  name: string,
  shape: readonly number[],
  scale: number,
  type: 'INT16' | 'INT8' = 'INT16',
  zero = 0,
): TfliteTensorSpec {
  return { name, shape: [...shape], type, scales: [Math.fround(scale)], zeroPoints: [zero] };
}

function clampOf(scale: number, activation: Activation): (q: bigint) => number {
  const at = (real: number): number => Math.round(Math.fround(real / Math.fround(scale)));
  const lo = activation === 'NONE' ? -32768 : activation === 'RELU_N1_TO_1' ? at(-1) : 0;
  const hi = activation === 'RELU6' ? at(6) : activation === 'RELU_N1_TO_1' ? at(1) : 32767;
  return (q) => Math.max(Math.max(-32768, lo), Math.min(Math.min(32767, hi), Number(q)));
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** How a layer's outputs are made of its inputs: `each` is told every input, weight and output channel of an output. */
interface Sums {
  readonly op: string;
  readonly x: readonly number[];
  readonly weights: readonly number[];
  readonly y: readonly number[];
  readonly channels: number;
  readonly dimension: number;
  readonly options: TfliteOperatorSpec['options'];
  each(output: number, add: (input: number, weight: number) => void): void;
}

/** A layer with weights of its own, with a bias in 64 bits, in 32, or none. @param least of the weights, up to 127 */
function weighted(r: Random, sums: Sums, least = -127): Int16Case {
  const { op, x, weights, y, channels, dimension, each } = sums;
  const perChannel = r.bool(0.7);
  const scales = Array.from({ length: perChannel ? channels : 1 }, () => Math.fround(r.real(0.002, 0.01)));
  const inputScale = Math.fround(r.real(0.0001, 0.001));
  const taps = count(weights) / channels;
  const outputScale = Math.fround(inputScale * 0.3 * Math.sqrt(taps) * 2 ** r.real(-2, 1));
  const activation = r.pick(ACTIVATIONS);
  // sums that begin with an int32 stay within 32 bits
  const mayChoose = least < 0 && (op === 'CONV_2D' || op === 'FULLY_CONNECTED');
  const bias = r.pick(mayChoose ? (['INT64', 'INT32', 'none'] as const) : (['INT64'] as const));
  const w = Array.from({ length: count(weights) }, () => r.int(least, 127));
  const b = Array.from({ length: channels }, () => (bias === 'none' ? 0 : r.int(-(2 ** 24), 2 ** 24)));
  const tensors: TfliteTensorSpec[] = [
    value('x', x, inputScale),
    { ...{ name: 'w', shape: [...weights], type: 'INT8', scales, dimension }, data: w },
    value('y', y, outputScale),
    {
      name: 'b',
      shape: [channels],
      type: bias === 'INT32' ? 'INT32' : 'INT64',
      data: b,
      scales: scales.map((v) => inputScale * v),
    },
    { name: 'shape', shape: [y.length], type: 'INT32', data: [...y] },
  ];
  const ends = op === 'TRANSPOSE_CONV' ? [4, 1, 0] : [0, 1];
  const clamp = clampOf(outputScale, activation);
  const lastOf = (k: number): number => k % channels;
  return {
    label: `${op} of ${x.join('x')} by ${weights.join('x')}, bias ${bias}, ${activation}`,
    spec: {
      tensors,
      operators: [
        {
          ...{ op, inputs: bias === 'none' ? ends : [...ends, 3], outputs: [2] },
          options: { ...sums.options, activation: ACTIVATIONS.indexOf(activation) },
        },
      ],
      ...{ inputs: [0], outputs: [2] },
    },
    reference: ([q]) =>
      Array.from({ length: count(y) }, (_, k) => {
        let acc = b[lastOf(k)]!;
        each(k, (input, weight) => (acc += q![input]! * w[weight]!));
        const m = bigMultiplier((inputScale * (scales[lastOf(k)] ?? scales[0]!)) / outputScale);
        return clamp(bias === 'INT32' ? roundedTwice(acc, m) : roundedOnce(acc, m));
      }),
  };
}

/** One dimension of a window: what lies before the input, and the output's length. */
function placed(
  input: number,
  kernel: number,
  stride: number,
  same: boolean,
): { out: number; before: number } {
  const out = same ? Math.ceil(input / stride) : Math.ceil((input - kernel + 1) / stride);
  return { out, before: same ? Math.floor(Math.max(0, (out - 1) * stride + kernel - input) / 2) : 0 };
}

/** CONV_2D, or with a multiplier DEPTHWISE_CONV_2D. */
export function convolution(r: Random, multiplier?: number): Int16Case {
  const [h, width, ic] = [r.int(3, 7), r.int(3, 7), r.int(1, 4)];
  const [kh, kw] = [r.int(1, 3), r.int(1, 3)];
  const oc = multiplier === undefined ? r.int(1, 6) : ic * multiplier;
  const stride = r.int(1, 2);
  const same = r.bool();
  const [rows, columns] = [placed(h, kh, stride, same), placed(width, kw, stride, same)];
  const depth = multiplier === undefined ? ic : 1;
  return weighted(r, {
    op: multiplier === undefined ? 'CONV_2D' : 'DEPTHWISE_CONV_2D',
    x: [1, h, width, ic],
    weights: multiplier === undefined ? [oc, kh, kw, ic] : [1, kh, kw, oc],
    y: [1, rows.out, columns.out, oc],
    ...{ channels: oc, dimension: multiplier === undefined ? 0 : 3 },
    options: { padding: same ? 0 : 1, strideW: stride, strideH: stride, dilationW: 1, dilationH: 1, multiplier: multiplier ?? 0 }, // prettier-ignore
    each(output, add) {
      const k = output % oc;
      const column = Math.floor(output / oc) % columns.out;
      const row = Math.floor(output / oc / columns.out);
      for (let ky = 0; ky < kh; ky++)
        for (let kx = 0; kx < kw; kx++) {
          const [iy, ix] = [row * stride + ky - rows.before, column * stride + kx - columns.before];
          if (iy < 0 || iy >= h || ix < 0 || ix >= width) continue;
          for (let c = 0; c < depth; c++) {
            const from = multiplier === undefined ? c : Math.floor(k / multiplier);
            const tap = ky * kw + kx;
            add((iy * width + ix) * ic + from, multiplier === undefined ? (k * kh * kw + tap) * ic + c : tap * oc + k); // prettier-ignore
          }
        }
    },
  });
}

export function transposedConvolution(r: Random): Int16Case {
  const [h, width, ic, oc] = [r.int(2, 4), r.int(2, 4), r.int(1, 3), r.int(1, 3)];
  const [k, stride] = [r.int(2, 4), r.int(1, 2)];
  const same = r.bool();
  const size = (n: number): number => (same ? n * stride : n * stride + Math.max(k - stride, 0));
  const before = (n: number): number => (same ? Math.floor(Math.max(0, (n - 1) * stride + k - size(n)) / 2) : 0); // prettier-ignore
  return weighted(r, {
    op: 'TRANSPOSE_CONV',
    x: [1, h, width, ic],
    weights: [oc, k, k, ic],
    y: [1, size(h), size(width), oc],
    ...{ channels: oc, dimension: 0 },
    options: { padding: same ? 0 : 1, strideW: stride, strideH: stride },
    each(output, add) {
      const channel = output % oc;
      const column = Math.floor(output / oc) % size(width);
      const row = Math.floor(output / oc / size(width));
      for (let iy = 0; iy < h; iy++)
        for (let ix = 0; ix < width; ix++) {
          const [ky, kx] = [row - iy * stride + before(h), column - ix * stride + before(width)];
          if (ky < 0 || ky >= k || kx < 0 || kx >= k) continue;
          for (let c = 0; c < ic; c++)
            add((iy * width + ix) * ic + c, ((channel * k + ky) * k + kx) * ic + c);
        }
    },
  });
}

/** @param least of the weights: with many inputs and large weights the sums need more than 32 bits */
export function fullyConnected(r: Random, inputs: number, least?: number): Int16Case {
  const outputs = r.int(1, 9);
  const sums: Sums = {
    op: 'FULLY_CONNECTED',
    ...{ x: [1, inputs], weights: [outputs, inputs], y: [1, outputs], channels: outputs, dimension: 0 },
    options: { weightsFormat: 0, keepDims: 0 },
    each(output, add) {
      for (let i = 0; i < inputs; i++) add(i, output * inputs + i);
    },
  };
  return weighted(r, sums, least);
}

/** Each operator that requantizes number by number. */
export function rescaled(r: Random): Int16Case[] {
  const shape = [1, 40];
  const [from, to] = [Math.fround(2 ** r.real(-13, -9)), Math.fround(2 ** r.real(-13, -9))];
  const one = (op: string, result: TfliteTensorSpec, fn: (q: number, i: number) => bigint, options?: Record<string, number>, x = value('x', shape, from), slopes?: TfliteTensorSpec): Int16Case => ({
    label: `${op} of ${x.type} from ${x.scales![0]} to ${result.type} ${result.scales![0]}`,
    spec: {
      tensors: [x, result, ...(slopes ? [slopes] : [])],
      operators: [{ op, inputs: slopes ? [0, 2] : [0], outputs: [1], ...(options && { options }) }],
      ...{ inputs: [0], outputs: [1] },
    },
    reference: ([q]) => {
      const [lo, hi] = result.type === 'INT8' ? [-128, 127] : [-32768, 32767];
      return q!.map((v, i) => Math.max(lo, Math.min(hi, Number(fn(v, i)))));
    },
  }); // prettier-ignore
  const y = value('y', shape, to);
  const quotient = bigMultiplier(Math.fround(from / to));
  const alpha = Math.fround(r.real(0.01, 0.5)) * (r.bool(0.8) ? 1 : -1);
  const slope = bigMultiplier(Math.fround(Math.fround(from * Math.abs(alpha)) / to));
  const [zero, coarse] = [r.int(-128, 127), Math.fround(2 ** r.real(-5, -2))];
  const six = Math.round(Math.fround(6 / from));
  const slopes = Array.from({ length: 40 }, () => r.int(-128, 127));
  const byElement = { ...value('slopes', shape, coarse, 'INT8'), data: slopes };
  const elementSlope = bigMultiplier((from * coarse) / to);
  return [
    one('PRELU', y, (q, i) => (q < 0 ? roundedTwice(q * slopes[i]!, elementSlope) : roundedTwice(q, bigMultiplier(from / to))), undefined, undefined, byElement), // prettier-ignore
    one('QUANTIZE', y, (q) => roundedTwice(q, bigMultiplier(from / to))),
    one('QUANTIZE', value('y', shape, coarse, 'INT8', zero), (q) => roundedTwice(q, bigMultiplier(from / coarse)) + BigInt(zero)), // prettier-ignore
    one('QUANTIZE', y, (q) => roundedTwice(q - zero, bigMultiplier(coarse / to)), undefined, value('x', shape, coarse, 'INT8', zero)), // prettier-ignore
    one('ABS', y, (q) => roundedTwice(Math.abs(q), quotient)),
    one('RELU', y, (q) => (q < 0 ? 0n : roundedTwice(q, quotient))),
    one('RELU6', value('y', shape, from), (q) => BigInt(Math.max(0, Math.min(six, q)))),
    one('LEAKY_RELU', y, (q) => q >= 0 ? roundedTwice(q, quotient) : (alpha < 0 ? -1n : 1n) * roundedTwice(q, slope), { alpha }), // prettier-ignore
  ];
}

/** A sum, difference or product of two values. */
export function pair(r: Random, op: 'ADD' | 'SUB' | 'MUL'): Int16Case {
  const shape = [1, 30];
  const activation = r.pick(ACTIVATIONS);
  const [a, b] = [Math.fround(2 ** r.real(-13, -9)), Math.fround(2 ** r.real(-13, -9))];
  const y = Math.fround(op === 'MUL' ? a * b * 2 ** r.real(5, 16) : Math.max(a, b) * 2 ** r.real(-1, 2));
  const round = op === 'SUB' ? Math.fround : (v: number): number => v;
  const twice = 2 * Math.max(a, b);
  const clamp = clampOf(y, activation);
  return {
    label: `${op} of ${a} and ${b} to ${y}, ${activation}`,
    spec: {
      tensors: [value('a', shape, a), value('b', shape, b), value('y', shape, y)],
      operators: [{ op, inputs: [0, 1], outputs: [2], options: { activation: ACTIVATIONS.indexOf(activation) } }], // prettier-ignore
      ...{ inputs: [0, 1], outputs: [2] },
    },
    reference: ([p, q]) =>
      p!.map((v, i) => {
        if (op === 'MUL') return clamp(roundedTwice(v * q![i]!, bigMultiplier((a * b) / y)));
        const first = Number(roundedTwice(v * 2 ** 15, bigMultiplier(round(a / twice))));
        const second = Number(roundedTwice(q![i]! * 2 ** 15, bigMultiplier(round(b / twice))));
        const out = bigMultiplier(round(twice / round(2 ** 15 * y)));
        return clamp(roundedTwice(op === 'ADD' ? first + second : first - second, out));
      }),
  };
}

/** What is a table's, or of many numbers: goldens tell what it computes, and here the board's code is held to the interpreter. */
export function others(r: Random): Int16Case[] {
  const scale = Math.fround(r.pick([2 ** -12, 2 ** -11, 2 ** r.real(-14, -8)]));
  const unit = 2 ** -15;
  const one = (op: string, x: TfliteTensorSpec, y: TfliteTensorSpec, options?: Record<string, number>, axes?: number[]): Int16Case => ({
    label: `${op} of ${x.type} ${x.shape.join('x')} in ${x.scales![0]}`,
    spec: {
      tensors: [x, y, { name: 'axes', shape: [axes?.length ?? 0], type: 'INT32', data: axes ?? [] }],
      operators: [{ op, inputs: axes ? [0, 2] : [0], outputs: [1], ...(options && { options }) }],
      ...{ inputs: [0], outputs: [1] },
    },
  }); // prettier-ignore
  const [rows, n] = [r.int(1, 3), r.int(1, 20)];
  const image = value('x', [1, 5, 4, 3], scale);
  const window = { padding: r.int(0, 1), strideW: 1, strideH: 2, filterW: r.int(1, 3), filterH: 2, activation: r.int(0, 3) }; // prettier-ignore
  const height = window.padding === 0 ? 3 : 2;
  const pooled = value('y', [1, height, window.padding === 0 ? 4 : 5 - window.filterW, 3], scale);
  return [
    one('LOGISTIC', value('x', [1, 60], scale), value('y', [1, 60], unit)),
    one('TANH', value('x', [1, 60], scale), value('y', [1, 60], unit)),
    one('SOFTMAX', value('x', [1, rows, n], scale), value('y', [1, rows, n], unit), { beta: r.real(0.5, 2) }), // prettier-ignore
    one('SOFTMAX', value('x', [1, rows, n], 0.1, 'INT8', 3), value('y', [1, rows, n], unit / 2, 'INT16', -32768), { beta: 1 }), // prettier-ignore
    one('AVERAGE_POOL_2D', image, pooled, window),
    one('MAX_POOL_2D', image, pooled, window),
    one('MEAN', image, value('y', [1, 3], scale * r.real(0.3, 1)), { keepDims: 0 }, [1, 2]),
    one('SUM', image, value('y', [1, 5, 3], scale * r.real(1, 4)), { keepDims: 0 }, [2]),
  ];
}
