import type { Random } from '../../support/random.ts';
import type { TfliteSpec, TfliteTensorSpec } from './writer.ts';

/** Largest side of a map and most channels: small, so that many models are tried. */
const MOST_SIDE = 7;
const MOST_CHANNELS = 5;

/** Fused activations, most often none. */
const ACTIVATIONS = [0, 0, 0, 1, 2, 3, 4];

/**
 * A random TensorFlow Lite model in float that is valid: a chain of up to eight operators with branches; weights are float32, float16
 * behind DEQUANTIZE, int8 with scales, or sparse behind DENSIFY.
 */
export function randomTflite(random: Random): TfliteSpec {
  return new Maker(random).model();
}

class Maker {
  readonly #random: Random;
  readonly #spec: TfliteSpec = { tensors: [], operators: [], inputs: [], outputs: [] };
  /** Tensors that flow. */
  readonly #flows: number[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  model(): TfliteSpec {
    const r = this.#random;
    const shape = r.bool(0.7)
      ? [r.bool(0.9) ? 1 : 2, r.int(1, MOST_SIDE), r.int(1, MOST_SIDE), r.int(1, MOST_CHANNELS)]
      : [r.bool() ? 1 : r.int(2, 4), ...Array.from({ length: r.int(1, 2) }, () => r.int(1, 9))];
    const signature = shape[0] === 1 && r.bool() ? { signature: [-1, ...shape.slice(1)] } : {};
    this.#spec.inputs.push(this.#tensor({ name: 'serving_default_x:0', shape, ...signature }));
    this.#flows.push(0);
    for (let n = r.int(1, 8); n > 0; n--) this.#grow(this.#flows.at(-1)!);
    this.#spec.outputs.push(this.#flows.at(-1)!);
    const second = r.pick(this.#flows);
    if (r.bool(0.2) && second !== 0 && second !== this.#spec.outputs[0]) this.#spec.outputs.push(second);
    return this.#spec;
  }

  #shape(k: number): number[] {
    return this.#spec.tensors[k]!.shape;
  }

  #tensor(t: TfliteTensorSpec): number {
    const name = this.#random.bool(0.8) ? `net/layer_${this.#spec.tensors.length};net/other` : '';
    return this.#spec.tensors.push({ name, ...t }) - 1;
  }

  #ints(data: number[], shape = [data.length]): number {
    return this.#tensor({ shape, type: this.#random.pick(['INT32', 'INT32', 'INT64']), data });
  }

  #numbers(shape: readonly number[], min = -1, max = 1): number[] {
    return [...this.#random.floats(shape.reduce((a, b) => a * b, 1), min, max)]; // prettier-ignore
  }

  #floats(shape: number[], min?: number, max?: number): number {
    return this.#tensor({ shape, data: this.#numbers(shape, min, max) });
  }

  /** Weights in one of their forms. @param channel the dimension of scales of their own */
  #weights(shape: number[], channel: number): number {
    const r = this.#random;
    switch (r.int(0, 4)) {
      case 0: {
        // halves with exponents around that of 1
        const data = this.#numbers(shape).map(
          () => r.int(0, 1023) | (r.int(10, 15) << 10) | (r.int(0, 1) << 15),
        );
        return this.#made('DEQUANTIZE', [this.#tensor({ shape, type: 'FLOAT16', data })], shape);
      }
      case 1: {
        const scales = r.bool() ? [r.real(0.001, 0.02)] : Array.from({ length: shape[channel]! }, () => r.real(0.001, 0.02)); // prettier-ignore
        const data = this.#numbers(shape).map(() => r.int(-127, 127));
        const zeroPoints = scales.map(() => (r.bool() ? 0 : r.int(-9, 9)));
        return this.#tensor({ shape, type: 'INT8', data, scales, zeroPoints, dimension: channel });
      }
      case 2:
        return shape.length === 2 ? this.#made('DENSIFY', [this.#sparse(shape)], shape) : this.#floats(shape);
      default:
        return this.#floats(shape);
    }
  }

  /** A matrix of which some blocks of columns are stored. */
  #sparse(shape: number[]): number {
    const r = this.#random;
    const [rows, columns] = shape as [number, number];
    const block = r.pick([1, 2, 4].filter((n) => columns % n === 0));
    const segments = [0];
    const indices: number[] = [];
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns / block; i++) if (r.bool()) indices.push(i);
      segments.push(indices.length);
    }
    const bytes = indices.length > 255 ? 4 : r.pick([1, 2, 4] as const);
    const levels = [{ size: rows }, { segments, indices, bytes }, { size: block }];
    const data = this.#numbers([indices.length * block]);
    // a tensor without data is one that flows
    if (data.length === 0) return this.#floats(shape);
    return this.#tensor({ shape, data, sparsity: { order: [0, 1, 2], blockMap: [1], levels } });
  }

  /** An operator of which nothing is known to flow on. */
  #made(
    op: string,
    inputs: number[],
    shape: number[],
    options: Record<string, number | number[]> = {},
    type?: 'INT32',
  ): number {
    // prettier-ignore
    const output = this.#tensor(type ? { shape, type } : { shape });
    this.#spec.operators.push({ op, inputs, outputs: [output], options });
    return output;
  }

  #flow(
    op: string,
    inputs: number[],
    shape: number[],
    options: Record<string, number | number[]> = {},
  ): void {
    this.#flows.push(this.#made(op, inputs, shape, options));
  }

  #grow(x: number): void {
    const r = this.#random;
    const shape = this.#shape(x);
    const rank = shape.length;
    const total = shape.reduce((a, b) => a * b, 1);
    const ofMaps = rank === 4 && shape[0] === 1;
    if (rank < 2) return this.#elementwise(x, shape);
    switch (r.int(ofMaps ? -3 : 4, 18)) {
      case -3:
        return this.#blocks(x, shape);
      case -2:
        return this.#transposed(x, shape);
      case -1:
        return this.#resize(x, shape);
      case 0:
      case 1:
        return this.#convolution(x);
      case 2:
        return this.#depthwise(x);
      case 3:
        return this.#pool(x);
      case 4:
      case 5: {
        const keepDims = r.int(0, 1);
        const inputs = keepDims ? shape.at(-1)! : r.pick([shape.at(-1)!, total]);
        const out = r.int(1, 6);
        const bias = r.bool() ? [this.#floats([out])] : r.bool() ? [-1] : [];
        const rows = keepDims ? shape.slice(0, -1) : [total / inputs];
        const activation = r.pick(ACTIVATIONS);
        const weights = this.#weights([out, inputs], 0);
        return this.#flow('FULLY_CONNECTED', [x, weights, ...bias], [...rows, out], { keepDims, activation });
      }
      case 6: {
        const axes = shape.map((_, k) => k).filter(() => r.bool());
        if (axes.length === 0) axes.push(rank - 1);
        const keepDims = r.int(0, 1);
        const result = keepDims
          ? shape.map((d, k) => (axes.includes(k) ? 1 : d))
          : shape.filter((_, k) => !axes.includes(k));
        const given = this.#ints(axes.map((a) => (r.bool() ? a : a - rank)));
        return this.#flow(r.pick(['MEAN', 'SUM', 'REDUCE_MAX', 'REDUCE_MIN']), [x, given], result, {
          keepDims,
        });
      }
      case 7:
        return this.#reshape(x, shape, total);
      case 8: {
        const perm = shape.map((_, k) => k);
        for (let k = rank - 1; k > 0; k--) {
          const other = r.int(0, k);
          [perm[k], perm[other]] = [perm[other]!, perm[k]!];
        }
        return this.#flow('TRANSPOSE', [x, this.#ints(perm)], perm.map((k) => shape[k]!)); // prettier-ignore
      }
      case 9: {
        const pads = shape.flatMap((_, k) => (k === 0 ? [r.int(0, 1), 0] : [r.int(0, 1), r.int(0, 2)]));
        const result = shape.map((d, k) => d + pads[2 * k]! + pads[2 * k + 1]!);
        const list = this.#ints(pads, [rank, 2]);
        if (r.bool()) return this.#flow('PAD', [x, list], result);
        return this.#flow('PADV2', [x, list, this.#floats([1])], result);
      }
      case 10:
        return this.#join(x, shape);
      case 11:
        if (r.bool(0.3)) return this.#flow('LOG_SOFTMAX', [x], shape);
        // of numbers that are nearly zero, the length of what is left of a cancellation decides
        if (x === 0 && r.bool(0.3))
          return this.#flow('L2_NORMALIZATION', [x], shape, { activation: r.pick(ACTIVATIONS) });
        return this.#flow('SOFTMAX', [x], shape, { beta: r.pick([1, 1, 0.5, 2]) });
      case 12:
        return this.#slice(x, shape);
      case 13:
        return this.#split(x, shape);
      case 14:
        return this.#repetition(x, shape);
      case 15:
        return rank === 3 && shape[0] === 1 ? this.#lstm(x, shape) : this.#elementwise(x, shape);
      default:
        return this.#elementwise(x, shape);
    }
  }

  #lstm(x: number, [, time, features]: readonly number[]): void {
    const r = this.#random;
    const units = r.int(1, 4);
    const four = (make: () => number): number[] => [make(), make(), make(), make()];
    const left = (count: number): number[] => new Array<number>(count).fill(-1);
    const state = (): number => this.#tensor({ shape: [1, units], isVariable: true });
    const inputs = [
      x,
      ...four(() => this.#weights([units, features!], 0)),
      ...four(() => this.#weights([units, units], 0)),
      ...left(3),
      ...four(() => this.#floats([units])),
      ...left(2),
      ...[state(), state()],
      ...(r.bool() ? left(4) : []),
    ];
    const activation = r.pick([4, 4, 1, 0]);
    this.#flow('UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, [1, time!, units], { activation });
  }

  /** Strides, dilations and padding of a window that fits; undefined when none does. */
  #window(shape: readonly number[], kernel: readonly number[], dilated: boolean) {
    const r = this.#random;
    const [dilationH, dilationW] = dilated ? [r.pick([1, 1, 2]), r.pick([1, 1, 2])] : [1, 1];
    const spans = [(kernel[0]! - 1) * dilationH + 1, (kernel[1]! - 1) * dilationW + 1];
    const padding = spans.every((s, k) => s <= shape[k + 1]!) ? r.int(0, 1) : 0;
    const [strideH, strideW] = [r.int(1, 2), r.int(1, 2)];
    const out = [strideH, strideW].map((s, k) =>
      padding === 0 ? Math.ceil(shape[k + 1]! / s) : Math.floor((shape[k + 1]! - spans[k]!) / s) + 1,
    );
    const options = { padding, strideH, strideW, activation: r.pick(ACTIVATIONS) };
    return { out, options: dilated ? { ...options, dilationH, dilationW } : options };
  }

  #convolution(x: number): void {
    const r = this.#random;
    const shape = this.#shape(x);
    const channels = shape[3]!;
    const groups = r.pick([1, 1, channels]);
    const outputs = groups * r.int(1, Math.max(1, MOST_CHANNELS / groups));
    const kernel = [r.int(1, 3), r.int(1, 3)];
    const { out, options } = this.#window(shape, kernel, true);
    const weights = this.#weights([outputs, ...kernel, channels / groups], 0);
    const bias = r.bool() ? [this.#floats([outputs])] : [];
    this.#flow('CONV_2D', [x, weights, ...bias], [1, ...out, outputs], options);
  }

  #transposed(x: number, shape: number[]): void {
    const r = this.#random;
    if (shape.reduce((a, b) => a * b) > 300) return this.#elementwise(x, shape);
    const kernel = [r.int(1, 4), r.int(1, 4)];
    const strides = [r.int(1, 3), r.int(1, 3)];
    const padding = r.int(0, 1);
    const outputs = r.int(1, MOST_CHANNELS);
    const sizes = strides.map((s, k) => {
      const n = shape[k + 1]!;
      // any size of which a convolution would make n elements
      return padding === 0 ? n * s - r.int(0, s - 1) : (n - 1) * s + kernel[k]! + r.int(0, s - 1);
    });
    const to = [1, ...sizes, outputs];
    const weights = this.#weights([outputs, ...kernel, shape[3]!], 0);
    const bias = r.bool() ? [this.#floats([outputs])] : [];
    const options = { padding, strideH: strides[0]!, strideW: strides[1]!, activation: r.pick(ACTIVATIONS) };
    this.#flow('TRANSPOSE_CONV', [this.#ints(to), weights, x, ...bias], to, options);
  }

  #depthwise(x: number): void {
    const r = this.#random;
    const shape = this.#shape(x);
    const multiplier = r.int(1, 3);
    const outputs = shape[3]! * multiplier;
    const kernel = [r.int(1, 3), r.int(1, 3)];
    const { out, options } = this.#window(shape, kernel, true);
    const weights = this.#weights([1, ...kernel, outputs], 3);
    const bias = r.bool() ? [this.#floats([outputs])] : [];
    this.#flow('DEPTHWISE_CONV_2D', [x, weights, ...bias], [1, ...out, outputs], { ...options, multiplier });
  }

  #pool(x: number): void {
    const r = this.#random;
    const shape = this.#shape(x);
    const kernel = [r.int(1, 3), r.int(1, 3)];
    const { out, options } = this.#window(shape, kernel, false);
    const filter = { filterH: kernel[0]!, filterW: kernel[1]! };
    this.#flow(r.pick(['MAX_POOL_2D', 'AVERAGE_POOL_2D']), [x], [1, ...out, shape[3]!], {
      ...options,
      ...filter,
    });
  }

  /** By a constant, by the options, or by a shape that is computed from the batch; SQUEEZE and EXPAND_DIMS. */
  #reshape(x: number, shape: number[], total: number): void {
    const r = this.#random;
    const to = r.pick([
      [1, total],
      [1, total, 1],
      [1, 1, total],
      ...(total % 2 === 0 ? [[1, 2, total / 2]] : []),
    ]);
    switch (r.int(0, 4)) {
      case 0:
        return this.#flow('RESHAPE', [x, this.#ints(to.with(-1, -1))], to);
      case 1:
        return this.#flow('RESHAPE', [x], to, { shape: to });
      case 2: {
        const list = this.#made('SHAPE', [x], [shape.length], {}, 'INT32');
        const ends = [0, 1, 1].map((v) => this.#ints([v]));
        const batch = this.#made('STRIDED_SLICE', [list, ...ends], [], { shrinkAxisMask: 1 }, 'INT32');
        const rest = to.slice(1).map((d) => this.#tensor({ shape: [], type: 'INT32', data: [d] }));
        if (shape[0] !== 1) return this.#elementwise(x, shape);
        const packed = this.#made(
          'PACK',
          [batch, ...rest],
          [to.length],
          { count: to.length, axis: 0 },
          'INT32',
        );
        return this.#flow('RESHAPE', [x, packed], to);
      }
      case 3: {
        if (shape.length > 4) return this.#elementwise(x, shape);
        const axis = r.int(-1, shape.length);
        const at = axis < 0 ? shape.length : axis;
        return this.#flow('EXPAND_DIMS', [x, this.#tensor({ shape: [], type: 'INT32', data: [axis] })], shape.toSpliced(at, 0, 1)); // prettier-ignore
      }
      default: {
        const ones = shape.flatMap((d, k) => (d === 1 && k > 0 ? [k] : []));
        if (ones.length === 0) return this.#elementwise(x, shape);
        const axis = r.pick(ones);
        return this.#flow('SQUEEZE', [x], shape.toSpliced(axis, 1), {
          axes: [r.bool() ? axis : axis - shape.length],
        });
      }
    }
  }

  /** SLICE, STRIDED_SLICE, GATHER and REVERSE_V2. */
  #slice(x: number, shape: number[]): void {
    const r = this.#random;
    const rank = shape.length;
    switch (r.int(0, 4)) {
      case 0: {
        const size = shape.map((d) => r.int(1, d));
        const begin = shape.map((d, k) => r.int(0, d - size[k]!));
        const given = size.map((d, k) => (begin[k]! + d === shape[k] && r.bool() ? -1 : d));
        return this.#flow('SLICE', [x, this.#ints(begin), this.#ints(given)], size);
      }
      case 1: {
        const axis = r.int(0, rank - 1);
        const indices = r.pick([[1], [3], [2, 2]]);
        const list = this.#ints(
          Array.from({ length: indices.reduce((a, b) => a * b) }, () => r.int(0, shape[axis]! - 1)),
          indices,
        );
        if (rank + indices.length > 6) return this.#elementwise(x, shape);
        return this.#flow('GATHER', [x, list], shape.toSpliced(axis, 1, ...indices), { axis: r.pick([axis, axis - rank]) }); // prettier-ignore
      }
      case 2: {
        const axes = [...shape.keys()].filter(() => r.bool());
        return this.#flow('REVERSE_V2', [x, this.#ints(axes)], shape);
      }
      default:
        return this.#stridedSlice(x, shape);
    }
  }

  /** Masks of all kinds, in front of and behind an ellipsis. */
  #stridedSlice(x: number, shape: number[]): void {
    const r = this.#random;
    const options = { beginMask: 1, endMask: 1, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    const [begin, end, strides] = [[0], [0], [1]];
    const result = [shape[0]!];
    const skip = r.bool(0.3) ? r.int(0, shape.length - 1) : 0;
    const say = (b: number, e: number, s: number): number => {
      end.push(e);
      strides.push(s);
      return 1 << (begin.push(b) - 1);
    };
    if (skip > 0) {
      options.ellipsisMask |= say(0, 0, 1);
      result.push(...shape.slice(1, 1 + skip));
    }
    const cut = skip > 0 ? shape.length - 1 - skip : r.int(0, shape.length - 1);
    for (const d of shape.slice(1 + skip, 1 + skip + cut)) {
      if (r.bool(0.15) && shape.length < 5) {
        options.newAxisMask |= say(0, 1, 1);
        result.push(1);
      }
      if (r.bool(0.2) && result.length > 1) {
        options.shrinkAxisMask |= say(r.int(-d, d - 1), r.pick([0, 1]), 1);
        continue;
      }
      const step = r.pick([1, 1, 2, -1]);
      const all = Array.from({ length: d }, (_, i) => i);
      const from = r.int(0, d - 1);
      const to = step > 0 ? r.int(from + 1, d + 1) : r.int(-1, from - 1);
      const picked = all.filter((i) =>
        step > 0 ? i >= from && i < to && (i - from) % step === 0 : i <= from && i > to,
      );
      const bit = say(r.bool() ? from : from - d, to < 0 ? -d - 1 : to, step);
      if (from === (step > 0 ? 0 : d - 1) && r.bool()) options.beginMask |= bit;
      if (to === (step > 0 ? d : -1) && r.bool()) options.endMask |= bit;
      result.push(picked.length);
    }
    result.push(...shape.slice(1 + skip + cut));
    const lists = [begin, end, strides].map((list) => this.#ints(list));
    this.#flow('STRIDED_SLICE', [x, ...lists], result, options);
  }

  /** SPLIT, SPLIT_V and UNPACK: of their outputs one or two go on. */
  #split(x: number, shape: number[]): void {
    const r = this.#random;
    const axis = r.int(0, shape.length - 1);
    const size = shape[axis]!;
    const place = this.#tensor({ shape: [], type: 'INT32', data: [r.pick([axis, axis - shape.length])] });
    const makes = (
      op: string,
      inputs: number[],
      shapes: number[][],
      options: Record<string, number>,
    ): void => {
      const outputs = shapes.map((s) => this.#tensor({ shape: s }));
      this.#spec.operators.push({ op, inputs, outputs, options: { ...options, count: outputs.length } });
      this.#flows.push(...(r.bool() ? outputs : [r.pick(outputs)]));
    };
    if (r.bool(0.3) && shape.length > 2) {
      return makes('UNPACK', [x], Array.from({ length: size }, () => shape.toSpliced(axis, 1)), { axis }); // prettier-ignore
    }
    if (r.bool()) {
      const count = r.pick([1, 2, 3].filter((n) => size % n === 0));
      return makes('SPLIT', [place, x], Array.from({ length: count }, () => shape.with(axis, size / count)), {}); // prettier-ignore
    }
    const first = r.int(1, size);
    const sizes = first === size ? [size] : [first, size - first];
    const given = r.bool() ? sizes : sizes.with(-1, -1);
    makes('SPLIT_V', [x, this.#ints(given), place], sizes.map((d) => shape.with(axis, d)), {}); // prettier-ignore
  }

  /** RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR; corners are aligned, or centres, or neither. */
  #resize(x: number, shape: number[]): void {
    const r = this.#random;
    if (shape.reduce((a, b) => a * b) > 300) return this.#elementwise(x, shape);
    const sizes = [r.int(1, 8), r.int(1, 8)];
    const aligned = r.int(0, 2);
    const options = { alignCorners: Number(aligned === 1), halfPixelCenters: Number(aligned === 2) };
    const op = r.pick(['RESIZE_NEAREST_NEIGHBOR', 'RESIZE_BILINEAR']);
    this.#flow(op, [x, this.#ints(sizes)], [1, ...sizes, shape[3]!], options);
  }

  /** SPACE_TO_DEPTH and DEPTH_TO_SPACE. */
  #blocks(x: number, shape: number[]): void {
    const r = this.#random;
    const [, h, w, c] = shape as [number, number, number, number];
    const toDepth = [1, 2, 3].filter((b) => h % b === 0 && w % b === 0);
    const toSpace = [1, 2].filter((b) => c % (b * b) === 0 && h * w * c < 300);
    if (r.bool() || toSpace.length === 0) {
      const block = toDepth.at(-1)!;
      return this.#flow('SPACE_TO_DEPTH', [x], [1, h / block, w / block, c * block * block], { block });
    }
    const block = toSpace.at(-1)!;
    this.#flow('DEPTH_TO_SPACE', [x], [1, h * block, w * block, c / (block * block)], { block });
  }

  /** TILE, BROADCAST_TO and MIRROR_PAD. */
  #repetition(x: number, shape: number[]): void {
    const r = this.#random;
    if (shape.reduce((a, b) => a * b) > 300) return this.#elementwise(x, shape);
    switch (r.int(0, 2)) {
      case 0: {
        const times = shape.map(() => r.pick([1, 1, 2, 3]));
        return this.#flow('TILE', [x, this.#ints(times)], shape.map((d, k) => d * times[k]!)); // prettier-ignore
      }
      case 1: {
        const result = shape.map((d, k) => (d === 1 && k > 0 ? r.int(1, 3) : d));
        return this.#flow('BROADCAST_TO', [x, this.#ints(result)], result);
      }
      default: {
        const mode = r.int(0, 1);
        const pads = shape.flatMap((d, k) => (k === 0 ? [0, Math.min(1, d + mode - 1)] : [r.int(0, d + mode - 1), r.int(0, Math.min(2, d + mode - 1))])); // prettier-ignore
        const result = shape.map((d, k) => d + pads[2 * k]! + pads[2 * k + 1]!);
        return this.#flow('MIRROR_PAD', [x, this.#ints(pads, [shape.length, 2])], result, { mode });
      }
    }
  }

  #join(x: number, shape: number[]): void {
    const r = this.#random;
    if (r.bool(0.3) && shape.length < 5) {
      const other = r.pick(this.#flows.filter((k) => this.#shape(k).join() === shape.join()));
      const axis = r.int(0, shape.length);
      return this.#flow('PACK', [x, other], shape.toSpliced(axis, 0, 2), { count: 2, axis });
    }
    const axis = r.int(0, shape.length - 1);
    const fits = (other: readonly number[]): boolean =>
      other.length === shape.length && other.every((d, k) => k === axis || d === shape[k]);
    const other = r.pick(this.#flows.filter((k) => fits(this.#shape(k))));
    const result = shape.with(axis, shape[axis]! + this.#shape(other)[axis]!);
    const options = { axis: r.bool() ? axis : axis - shape.length, activation: r.pick(ACTIVATIONS) };
    this.#flow('CONCATENATION', [x, other], result, options);
  }

  /** A function; one that is not defined everywhere reads what is surely positive. */
  #function(x: number, shape: number[]): void {
    const r = this.#random;
    const op = r.pick(['COS', 'ELU', 'GELU', 'LOG', 'POW', 'RSQRT', 'SIN', 'SQRT']);
    const options: Record<string, number> = op === 'GELU' ? { approximate: r.int(0, 1) } : {};
    if (!['LOG', 'POW', 'RSQRT', 'SQRT'].includes(op)) return this.#flow(op, [x], shape, options);
    const absolute = this.#made('ABS', [x], shape);
    const positive = this.#made('ADD', [absolute, this.#floats([], 0.5, 1)], shape);
    this.#flow(op, [positive, ...(op === 'POW' ? [this.#floats([], -1, 2)] : [])], shape);
  }

  #elementwise(x: number, shape: number[]): void {
    const r = this.#random;
    if (r.bool(0.4)) {
      const op = r.pick(['RELU', 'RELU6', 'RELU_N1_TO_1', 'RELU_0_TO_1', 'LOGISTIC', 'TANH', 'HARD_SWISH', 'NEG', 'ABS', 'SQUARE', 'LEAKY_RELU']); // prettier-ignore
      return this.#flow(op, [x], shape, op === 'LEAKY_RELU' ? { alpha: r.pick([0.1, 0.2, 0]) } : {});
    }
    if (r.bool(0.3)) return this.#function(x, shape);
    const same = this.#flows.filter((k) => this.#shape(k).join() === shape.join());
    if (r.bool(0.4))
      return this.#pair(r.pick(['ADD', 'SUB', 'MUL', 'MAXIMUM', 'MINIMUM', 'SQUARED_DIFFERENCE']), [x, r.pick(same)], shape); // prettier-ignore
    const broadcast = r.pick([[], [1], shape, shape.slice(-1)]);
    const other = this.#floats(broadcast, 0.5, 2);
    const op = r.pick(['ADD', 'SUB', 'MUL', 'DIV', 'MAXIMUM', 'MINIMUM', 'PRELU']);
    this.#pair(op, op !== 'DIV' && op !== 'PRELU' && r.bool(0.3) ? [other, x] : [x, other], shape);
  }

  /** An operator on two tensors, with a fused activation where it can have one. */
  #pair(op: string, operands: number[], shape: number[]): void {
    const activation = this.#random.pick(ACTIVATIONS);
    this.#flow(op, operands, shape, ['ADD', 'SUB', 'MUL', 'DIV'].includes(op) ? { activation } : {});
  }
}
