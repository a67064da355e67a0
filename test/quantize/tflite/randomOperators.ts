import type { Random } from '../../support/random.ts';
import { type TfliteOperatorSpec, type TfliteTensorSpec, tfliteModel } from '../../model/tflite/writer.ts';

interface Params {
  readonly scale: number;
  readonly zero: number;
}

/** Operators on int8 that this makes networks of. */
export const RANDOM_OPERATORS = [
  'DEPTH_TO_SPACE',
  'LOG_SOFTMAX',
  'MAXIMUM',
  'MINIMUM',
  'REDUCE_MIN',
  'RESIZE_BILINEAR',
  'SPACE_TO_DEPTH',
  'SQUARED_DIFFERENCE',
] as const;
export type RandomOperator = (typeof RANDOM_OPERATORS)[number];

/** A file with one operator of random shapes, parameters and options. */
export function randomOperator(op: RandomOperator, random: Random): Uint8Array {
  return new Maker(random).file(op);
}

class Maker {
  readonly #random: Random;
  readonly #tensors: TfliteTensorSpec[] = [];
  readonly #inputs: number[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  file(op: RandomOperator): Uint8Array {
    const operator = this.#operator(op);
    return tfliteModel({
      tensors: this.#tensors,
      operators: [operator],
      inputs: this.#inputs,
      outputs: operator.outputs,
    });
  }

  #operator(op: RandomOperator): TfliteOperatorSpec {
    const r = this.#random;
    const shape = [r.pick([1, 1, 2]), r.int(1, 6), r.int(1, 6), r.int(1, 5)];
    const params = this.#params();
    switch (op) {
      case 'LOG_SOFTMAX':
        return this.#made(op, [this.#input(shape, params)], shape, { scale: 1 / 16, zero: 127 });
      case 'MAXIMUM':
      case 'MINIMUM':
      case 'SQUARED_DIFFERENCE': {
        const other = r.pick([shape, [1], shape.map((d, k) => (k === 2 ? 1 : d))]);
        const b = this.#params();
        const square = Math.max(params.scale, b.scale) ** 2 * 2 ** r.real(1, 9);
        const y = op === 'SQUARED_DIFFERENCE' ? { ...this.#params(), scale: square } : this.#params();
        return this.#made(op, [this.#input(shape, params), this.#operand(other, b)], shape, y);
      }
      case 'REDUCE_MIN': {
        const axes = [1, 2, 3].filter(() => r.bool());
        if (axes.length === 0) axes.push(r.int(1, 3));
        const result = shape.map((d, k) => (axes.includes(k) ? 1 : d));
        return this.#made(op, [this.#input(shape, params), this.#ints(axes)], result, params, {
          keepDims: 1,
        });
      }
      case 'RESIZE_BILINEAR': {
        const sizes = [r.int(1, 11), r.int(1, 11)];
        const how = r.int(0, 2);
        const options = { alignCorners: Number(how === 1), halfPixelCenters: Number(how === 2) };
        const result = [shape[0]!, ...sizes, shape[3]!];
        return this.#made(op, [this.#input(shape, params), this.#ints(sizes)], result, params, options);
      }
      case 'SPACE_TO_DEPTH':
      case 'DEPTH_TO_SPACE': {
        const block = r.int(1, 3);
        const [n, h, w, c] = shape as [number, number, number, number];
        const [small, large] = [
          [n, h, w, c * block * block],
          [n, h * block, w * block, c],
        ] as const;
        const [from, to] = op === 'DEPTH_TO_SPACE' ? [small, large] : [large, small];
        return this.#made(op, [this.#input([...from], params)], [...to], params, { block });
      }
    }
  }

  #made(
    op: string,
    inputs: number[],
    shape: number[],
    params: Params,
    options: Record<string, number> = {},
  ): TfliteOperatorSpec {
    return { op, inputs, outputs: [this.#quantized(shape, params)], options };
  }

  #params(): Params {
    return { scale: 2 ** this.#random.real(-7, 0), zero: this.#random.int(-128, 127) };
  }

  #tensor(spec: TfliteTensorSpec): number {
    return this.#tensors.push({ name: `t${this.#tensors.length}`, ...spec }) - 1;
  }

  #quantized(shape: number[], { scale, zero }: Params, data?: number[]): number {
    const spec: TfliteTensorSpec = { shape, type: 'INT8', scales: [Math.fround(scale)], zeroPoints: [zero] };
    return this.#tensor(data ? { ...spec, data } : spec);
  }

  #input(shape: number[], params: Params): number {
    const k = this.#quantized(shape, params);
    this.#inputs.push(k);
    return k;
  }

  /** A second input, or a constant. */
  #operand(shape: number[], params: Params): number {
    if (this.#random.bool()) return this.#input(shape, params);
    const data = Array.from({ length: shape.reduce((a, b) => a * b) }, () => this.#random.int(-128, 127));
    return this.#quantized(shape, params, data);
  }

  #ints(data: number[]): number {
    return this.#tensor({ shape: [data.length], type: 'INT32', data });
  }
}
