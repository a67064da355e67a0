/**
 * What TensorFlow Lite's float operators compute, after its documentation: written plainly over indices, apart from the importer and
 * its passes.
 */
import type { TfliteOperatorSpec, TfliteSpec, TfliteTensorSpec } from './writer.ts';

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** All tensors that are known when the operators have run. @param inputs in the order of the file */
export function referenceOf(spec: TfliteSpec, inputs: readonly (readonly number[])[]): Map<number, Tensor> {
  const known = new Map<number, Tensor>();
  spec.tensors.forEach((t, k) => {
    if (t.data) known.set(k, { shape: t.shape, data: realNumbers(t) });
  });
  spec.inputs.forEach((k, i) => known.set(k, { shape: spec.tensors[k]!.shape, data: inputs[i]! }));
  for (const operator of spec.operators) {
    const operands = operator.inputs.map((k) => (k < 0 ? undefined : known.get(k)!));
    const made = several(operator, operands) ?? [compute(operator, operands)];
    operator.outputs.forEach((k, i) => known.set(k, made[i]!));
  }
  return known;
}

function size(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** Visits all indices of a shape in row-major order. */
function each(shape: readonly number[], visit: (index: readonly number[]) => void): void {
  const walk = (index: number[]): void => {
    if (index.length === shape.length) return visit(index);
    for (let i = 0; i < shape[index.length]!; i++) walk([...index, i]);
  };
  walk([]);
}

function at(t: Tensor, index: readonly number[]): number {
  return t.data[index.reduce((p, i, k) => p * t.shape[k]! + i, 0)]!;
}

function made(shape: readonly number[], value: (index: readonly number[]) => number): Tensor {
  const data: number[] = [];
  each(shape, (index) => data.push(value(index)));
  return { shape, data };
}

function half(bits: number): number {
  const exponent = (bits & 0x7c00) >> 10;
  const magnitude =
    exponent === 0 ? (bits & 1023) / 2 ** 24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -magnitude : magnitude;
}

function realNumbers(t: TfliteTensorSpec): number[] {
  const { data, scales, zeroPoints, dimension = 0, sparsity } = t;
  const raw = t.type === 'FLOAT16' ? data!.map(half) : data!.map((v) => (t.type ? v : Math.fround(v)));
  const dense = sparsity ? denseOf(t, raw) : raw;
  if (!scales) return dense;
  const inner = size(t.shape.slice(dimension + 1));
  return dense.map((q, i) => {
    const c = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    return Math.fround(scales[c]!) * (q - (zeroPoints?.[c] ?? 0));
  });
}

/** A matrix of blocks of columns: level 0 rows, level 1 blocks, level 2 the columns of a block. */
function denseOf(t: TfliteTensorSpec, stored: readonly number[]): number[] {
  const [rows, columns] = t.shape as [number, number];
  const [, { segments, indices }, { size: block }] = t.sparsity!.levels as [
    unknown,
    { segments: number[]; indices: number[] },
    { size: number },
  ];
  const dense = new Array<number>(rows * columns).fill(t.zeroPoints?.[0] ?? 0);
  for (let r = 0; r < rows; r++) {
    for (let j = segments[r]!; j < segments[r + 1]!; j++) {
      for (let k = 0; k < block; k++) dense[r * columns + indices[j]! * block + k] = stored[j * block + k]!;
    }
  }
  return dense;
}

function fused(kind: number | number[] | undefined, v: number): number {
  if (kind === 1) return Math.max(v, 0);
  if (kind === 2) return Math.min(1, Math.max(-1, v));
  if (kind === 3) return Math.min(6, Math.max(0, v));
  return kind === 4 ? Math.tanh(v) : v;
}

/** The share of the normal distribution below v: its density summed in small steps from where nothing is left. */
function normal(v: number): number {
  const [least, step] = [-8, 1 / 256];
  if (v <= least) return 0;
  const n = Math.ceil((Math.min(v, -least) - least) / step);
  const h = (Math.min(v, -least) - least) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const middle = least + (i + 0.5) * h;
    // Simpson's rule
    const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    sum += (h / 6) * (density(middle - h / 2) + 4 * density(middle) + density(middle + h / 2));
  }
  return sum;
}

const ELEMENTWISE: Readonly<Record<string, (v: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  COS: Math.cos,
  ELU: (v) => (v < 0 ? Math.exp(v) - 1 : v),
  EXP: Math.exp,
  FLOOR: Math.floor,
  GELU: (v) => v * normal(v),
  LOG: Math.log,
  ROUND: (v) => Math.round(v), // halves do not occur in random numbers
  RSQRT: (v) => v ** -0.5,
  SIGN: Math.sign,
  SIN: Math.sin,
  SQRT: Math.sqrt,
  HARD_SWISH: (v) => (v * Math.min(6, Math.max(0, v + 3))) / 6,
  LOGISTIC: (v) => 1 / (1 + Math.exp(-v)),
  NEG: (v) => -v,
  RELU: (v) => fused(1, v),
  RELU6: (v) => fused(3, v),
  RELU_0_TO_1: (v) => Math.min(1, Math.max(0, v)),
  RELU_N1_TO_1: (v) => fused(2, v),
  SQUARE: (v) => v * v,
  TANH: Math.tanh,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  ADD: (a, b) => a + b,
  SUB: (a, b) => a - b,
  MUL: (a, b) => a * b,
  DIV: (a, b) => a / b,
  MAXIMUM: Math.max,
  MINIMUM: Math.min,
  PRELU: (a, b) => (a < 0 ? a * b : a),
  SQUARED_DIFFERENCE: (a, b) => (a - b) ** 2,
};

function lstm(activation: number | undefined, operands: readonly Tensor[]): Tensor {
  const x = operands[0]!;
  const [, time, features] = x.shape as [number, number, number];
  const units = operands[1]!.shape[0]!;
  let hidden = new Array<number>(units).fill(0);
  let state = hidden;
  const data = Array.from({ length: time }, (_, t) => {
    const now = x.data.slice(t * features, (t + 1) * features);
    const gate = (k: number, u: number): number =>
      now.reduce((sum, v, i) => sum + v * at(operands[1 + k]!, [u, i]), operands[12 + k]!.data[u]!) +
      hidden.reduce((sum, v, i) => sum + v * at(operands[5 + k]!, [u, i]), 0);
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    const next = state.map(
      (c, u) => sigmoid(gate(1, u)) * c + sigmoid(gate(0, u)) * fused(activation, gate(2, u)),
    );
    hidden = next.map((c, u) => sigmoid(gate(3, u)) * fused(activation, c));
    state = next;
    return hidden;
  });
  return { shape: [1, time, units], data: data.flat() };
}

/** What operators with several outputs compute; undefined of any other. */
function several(
  { op, options, outputs }: TfliteOperatorSpec,
  operands: readonly (Tensor | undefined)[],
): Tensor[] | undefined {
  const x = operands[op === 'SPLIT' ? 1 : 0]!;
  const from = (given: number): number => (given < 0 ? given + x.shape.length : given);
  if (op === 'UNPACK') {
    const axis = from(options!['axis'] as number);
    return outputs.map((_, i) =>
      made(x.shape.toSpliced(axis, 1), (index) => at(x, index.toSpliced(axis, 0, i))),
    );
  }
  if (op !== 'SPLIT' && op !== 'SPLIT_V') return undefined;
  const axis = from(operands[op === 'SPLIT' ? 0 : 2]!.data[0]!);
  const size = x.shape[axis]!;
  const given = op === 'SPLIT' ? outputs.map(() => size / outputs.length) : operands[1]!.data;
  const rest = given.reduce((n, d) => n - Math.max(d, 0), size);
  let begin = 0;
  return given.map((d) => {
    const part = d === -1 ? rest : d;
    const first = begin;
    begin += part;
    return made(x.shape.with(axis, part), (index) => at(x, index.with(axis, index[axis]! + first)));
  });
}

function compute(operator: TfliteOperatorSpec, operands: readonly (Tensor | undefined)[]): Tensor {
  const { op } = operator;
  const o = (operator.options ?? {}) as Record<string, number>;
  const x = operands[0]!;
  const second = operands[1];
  if (op === 'GELU' && o['approximate']) {
    const cubic = (v: number): number => Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3);
    return { shape: x.shape, data: x.data.map((v) => v / (1 + Math.exp(-2 * cubic(v)))) };
  }
  if (op === 'POW') return { shape: x.shape, data: x.data.map((v) => v ** second!.data[0]!) };
  const f = ELEMENTWISE[op];
  if (f) return { shape: x.shape, data: x.data.map(f) };
  const pair = BINARY[op];
  if (pair) return broadcast(x, second!, (a, b) => fused(o['activation'], pair(a, b)));
  switch (op) {
    case 'DEQUANTIZE':
    case 'DENSIFY':
      return x;
    case 'LEAKY_RELU':
      return { shape: x.shape, data: x.data.map((v) => (v < 0 ? v * Math.fround(o['alpha']!) : v)) };
    case 'SOFTMAX':
      return softmax(x, Math.fround(o['beta']!));
    case 'LOG_SOFTMAX': {
      const { shape, data } = softmax(x, 1);
      return { shape, data: data.map(Math.log) };
    }
    case 'L2_NORMALIZATION': {
      const n = x.shape.at(-1)!;
      const rows = x.data.map((_, i) => Math.hypot(...x.data.slice(i - (i % n), i - (i % n) + n)));
      return {
        shape: x.shape,
        data: x.data.map((v, i) => fused(o['activation'], v / Math.max(rows[i]!, 1e-6))),
      };
    }
    case 'CONV_2D':
    case 'DEPTHWISE_CONV_2D':
      return convolution(op, o, x, second!, operands[2]);
    case 'TRANSPOSE_CONV':
      return transposed(o, x.data, second!, operands[2]!, operands[3]);
    case 'AVERAGE_POOL_2D':
    case 'MAX_POOL_2D':
      return pooling(op, o, x);
    case 'FULLY_CONNECTED': {
      const [outputs, inputs] = second!.shape as [number, number];
      const shape = o['keepDims'] ? [...x.shape.slice(0, -1), outputs] : [x.data.length / inputs, outputs];
      const rows = { shape: [x.data.length / inputs, inputs], data: x.data };
      const y = made([rows.shape[0]!, outputs], ([r, m]) => {
        let sum = operands[2]?.data[m!] ?? 0;
        for (let i = 0; i < inputs; i++) sum += at(rows, [r!, i]) * at(second!, [m!, i]);
        return fused(o['activation'], sum);
      });
      return { shape, data: y.data };
    }
    case 'UNIDIRECTIONAL_SEQUENCE_LSTM':
      return lstm(o['activation'], operands as readonly Tensor[]);
    case 'MEAN':
    case 'SUM':
    case 'REDUCE_MAX':
    case 'REDUCE_MIN':
      return reduction(op, o['keepDims'] === 1, x, second!.data);
    case 'RESHAPE': {
      const wanted = second?.data ?? (operator.options!['shape'] as number[]);
      const known = wanted.filter((d) => d !== -1).reduce((n, d) => n * d, 1);
      return { shape: wanted.map((d) => (d === -1 ? x.data.length / known : d)), data: x.data };
    }
    case 'SQUEEZE': {
      const axes = operator.options!['axes'] as number[];
      const isGone = (d: number, k: number): boolean =>
        d === 1 && (axes.length === 0 || axes.includes(k) || axes.includes(k - x.shape.length));
      return { shape: x.shape.filter((d, k) => !isGone(d, k)), data: x.data };
    }
    case 'EXPAND_DIMS': {
      const axis = second!.data[0]!;
      return { shape: x.shape.toSpliced(axis < 0 ? axis + x.shape.length + 1 : axis, 0, 1), data: x.data };
    }
    case 'TRANSPOSE': {
      const perm = second!.data;
      return made(
        perm.map((k) => x.shape[k]!),
        (index) => at(x, x.shape.map((_, k) => index[perm.indexOf(k)]!)), // prettier-ignore
      );
    }
    case 'PAD':
    case 'PADV2': {
      const pads = second!.data;
      const shape = x.shape.map((d, k) => d + pads[2 * k]! + pads[2 * k + 1]!);
      return made(shape, (index) => {
        const from = index.map((i, k) => i - pads[2 * k]!);
        return from.every((i, k) => i >= 0 && i < x.shape[k]!) ? at(x, from) : (operands[2]?.data[0] ?? 0);
      });
    }
    case 'CONCATENATION':
      return concatenation(operands as Tensor[], o['axis']!, o['activation']);
    case 'PACK': {
      const rank = x.shape.length + 1;
      const axis = o['axis']! < 0 ? o['axis']! + rank : o['axis']!;
      return made(x.shape.toSpliced(axis, 0, operands.length), (index) =>
        at(operands[index[axis]!]!, index.toSpliced(axis, 1)),
      );
    }
    case 'SHAPE':
      return { shape: [x.shape.length], data: x.shape };
    case 'STRIDED_SLICE':
      return stridedSlice(o, x, second!.data, operands[2]!.data, operands[3]!.data);
    case 'RESIZE_NEAREST_NEIGHBOR':
    case 'RESIZE_BILINEAR':
      return resized(op, o, x, second!.data);
    case 'SLICE':
      return made(
        operands[2]!.data.map((d, k) => (d === -1 ? x.shape[k]! - second!.data[k]! : d)),
        (index) => at(x, index.map((i, k) => i + second!.data[k]!)), // prettier-ignore
      );
    case 'GATHER': {
      const axis = o['axis']! < 0 ? o['axis']! + x.shape.length : o['axis']!;
      const rank = second!.shape.length;
      return made(x.shape.toSpliced(axis, 1, ...second!.shape), (index) =>
        at(x, index.toSpliced(axis, rank, at(second!, index.slice(axis, axis + rank)))),
      );
    }
    case 'SPACE_TO_DEPTH': {
      const [b, c] = [o['block']!, x.shape[3]!];
      return made([1, x.shape[1]! / b, x.shape[2]! / b, c * b * b], ([, i, j, k]) => {
        const pixel = Math.floor(k! / c);
        return at(x, [0, i! * b + Math.floor(pixel / b), j! * b + (pixel % b), k! % c]);
      });
    }
    case 'DEPTH_TO_SPACE': {
      const [b, c] = [o['block']!, x.shape[3]! / o['block']! ** 2];
      return made([1, x.shape[1]! * b, x.shape[2]! * b, c], ([, i, j, k]) =>
        at(x, [0, Math.floor(i! / b), Math.floor(j! / b), ((i! % b) * b + (j! % b)) * c + k!]),
      );
    }
    case 'REVERSE_V2':
      return made(x.shape, (index) => at(x, index.map((i, k) => (second!.data.includes(k) ? x.shape[k]! - 1 - i : i)))); // prettier-ignore
    case 'TILE':
      return made(x.shape.map((d, k) => d * second!.data[k]!), (index) => at(x, index.map((i, k) => i % x.shape[k]!))); // prettier-ignore
    case 'BROADCAST_TO':
      return broadcast(
        x,
        { shape: second!.data, data: new Array<number>(size(second!.data)).fill(0) },
        (a) => a,
      );
    case 'MIRROR_PAD': {
      const pads = second!.data;
      // the dimension, and its mirror image without (0) or with (1) the element at the mirror
      const mirror = (i: number, d: number): number =>
        i < 0 ? -i - o['mode']! : i >= d ? 2 * d - 2 - i + o['mode']! : i;
      return made(
        x.shape.map((d, k) => d + pads[2 * k]! + pads[2 * k + 1]!),
        (index) => at(x, index.map((i, k) => mirror(i - pads[2 * k]!, x.shape[k]!))), // prettier-ignore
      );
    }
    default:
      throw new Error(`the reference has no ${op}`);
  }
}

function resized(op: string, o: Record<string, number>, x: Tensor, sizes: readonly number[]): Tensor {
  /** The two neighbours along an axis, and how much the second counts. */
  const neighbours = (i: number, axis: 0 | 1): [number, number, number] => {
    const [from, to] = [x.shape[axis + 1]!, sizes[axis]!];
    const isAligned = o['alignCorners'] === 1 && to > 1;
    const scale = Math.fround(isAligned ? (from - 1) / (to - 1) : from / to);
    if (op === 'RESIZE_NEAREST_NEIGHBOR') {
      const position = Math.fround((i + (o['halfPixelCenters'] ? 0.5 : 0)) * scale);
      const k = Math.min(
        from - 1,
        isAligned || o['alignCorners'] ? Math.round(position) : Math.floor(position),
      );
      return [k, k, 0];
    }
    const position = o['halfPixelCenters'] ? (i + 0.5) * scale - 0.5 : i * scale;
    const low = Math.max(0, Math.floor(position));
    return [low, Math.min(from - 1, Math.ceil(position)), position - low];
  };
  return made([1, ...sizes, x.shape[3]!], ([, i, j, c]) => {
    const [y0, y1, v] = neighbours(i!, 0);
    const [x0, x1, h] = neighbours(j!, 1);
    const row = (y: number): number => at(x, [0, y, x0, c!]) * (1 - h) + at(x, [0, y, x1, c!]) * h;
    return row(y0) * (1 - v) + row(y1) * v;
  });
}

/** As TensorFlow documents it: the index of an element, one number of begin, end and strides after the other. */
function stridedSlice(
  o: Record<string, number>,
  x: Tensor,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
): Tensor {
  const bit = (mask: string, k: number): boolean => ((o[mask] ?? 0) & (1 << k)) !== 0;
  /** For each dimension of x its positions; for each of the result the dimension of x, or -1 for a new one. */
  const positions: number[][] = [];
  const from: number[] = [];
  const whole = (): void => {
    from.push(positions.length);
    positions.push(Array.from({ length: x.shape[positions.length]! }, (_, i) => i));
  };
  begin.forEach((b, k) => {
    const d = x.shape[positions.length]!;
    if (bit('ellipsisMask', k)) {
      const later = begin.filter((_, j) => j > k && !bit('newAxisMask', j)).length;
      while (positions.length < x.shape.length - later) whole();
    } else if (bit('newAxisMask', k)) from.push(-1);
    else if (bit('shrinkAxisMask', k)) positions.push([b < 0 ? b + d : b]);
    else {
      const s = strides[k]!;
      const start = bit('beginMask', k) ? (s > 0 ? 0 : d - 1) : b < 0 ? b + d : b;
      const stop = bit('endMask', k) ? (s > 0 ? d : -1) : end[k]! < 0 ? end[k]! + d : end[k]!;
      const list: number[] = [];
      for (let i = start; (s > 0 ? i < stop : i > stop) && i >= 0 && i < d; i += s) list.push(i);
      from.push(positions.length);
      positions.push(list);
    }
  });
  while (positions.length < x.shape.length) whole();
  return made(
    from.map((k) => (k < 0 ? 1 : positions[k]!.length)),
    (index) => at(x, positions.map((list, k) => list[from.includes(k) ? index[from.indexOf(k)]! : 0]!)), // prettier-ignore
  );
}

function broadcast(a: Tensor, b: Tensor, fn: (a: number, b: number) => number): Tensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const lead = (t: Tensor): number[] => [...new Array<number>(rank - t.shape.length).fill(1), ...t.shape];
  const [sa, sb] = [lead(a), lead(b)];
  const pick = (t: Tensor, shape: number[], index: readonly number[]): number =>
    at({ shape, data: t.data }, index.map((i, k) => (shape[k] === 1 ? 0 : i))); // prettier-ignore
  return made(
    sa.map((d, k) => Math.max(d, sb[k]!)),
    (index) => fn(pick(a, sa, index), pick(b, sb, index)),
  );
}

function softmax(x: Tensor, beta: number): Tensor {
  const n = x.shape.at(-1)!;
  const row = (i: number): readonly number[] => x.data.slice(i - (i % n), i - (i % n) + n);
  return {
    shape: x.shape,
    data: x.data.map((v, i) => 1 / row(i).reduce((sum, w) => sum + Math.exp(beta * (w - v)), 0)),
  };
}

/** How many outputs an axis has, and how much of the padding is before the map. */
function placed(
  o: Record<string, number>,
  axis: 'H' | 'W',
  length: number,
  kernel: number,
): [number, number] {
  const stride = o[`stride${axis}`]!;
  const span = (kernel - 1) * (o[`dilation${axis}`] ?? 1) + 1;
  if (o['padding'] === 1) return [Math.floor((length - span) / stride) + 1, 0];
  const out = Math.ceil(length / stride);
  return [out, Math.floor(Math.max(0, (out - 1) * stride + span - length) / 2)];
}

function convolution(
  op: 'CONV_2D' | 'DEPTHWISE_CONV_2D',
  o: Record<string, number>,
  x: Tensor,
  w: Tensor,
  bias: Tensor | undefined,
): Tensor {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [kh, kw] = [w.shape[1]!, w.shape[2]!];
  const [oh, top] = placed(o, 'H', height, kh);
  const [ow, left] = placed(o, 'W', width, kw);
  const outputs = op === 'CONV_2D' ? w.shape[0]! : w.shape[3]!;
  const perGroup = op === 'CONV_2D' ? w.shape[3]! : 1;
  const outputsPerGroup = outputs / (channels / perGroup);
  return made([1, oh, ow, outputs], ([, y, col, m]) => {
    let sum = bias?.data[m!] ?? 0;
    const first = Math.floor(m! / outputsPerGroup) * perGroup;
    each([kh, kw, perGroup], ([i, j, c]) => {
      const row = y! * o['strideH']! - top + i! * (o['dilationH'] ?? 1);
      const column = col! * o['strideW']! - left + j! * (o['dilationW'] ?? 1);
      if (row < 0 || row >= height || column < 0 || column >= width) return;
      const weight = op === 'CONV_2D' ? at(w, [m!, i!, j!, c!]) : at(w, [0, i!, j!, m!]);
      sum += weight * at(x, [0, row, column, first + c!]);
    });
    return fused(o['activation'], sum);
  });
}

/** Every output looks for the inputs that reach it. */
function transposed(
  o: Record<string, number>,
  shape: readonly number[],
  w: Tensor,
  x: Tensor,
  bias: Tensor | undefined,
): Tensor {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [kh, kw] = [w.shape[1]!, w.shape[2]!];
  const top = o['padding'] === 1 ? 0 : placed(o, 'H', shape[1]!, kh)[1];
  const left = o['padding'] === 1 ? 0 : placed(o, 'W', shape[2]!, kw)[1];
  return made(shape, ([, y, column, m]) => {
    let sum = bias?.data[m!] ?? 0;
    each([height, width, channels], ([i, j, c]) => {
      const ky = y! + top - i! * o['strideH']!;
      const kx = column! + left - j! * o['strideW']!;
      if (ky < 0 || ky >= kh || kx < 0 || kx >= kw) return;
      sum += at(w, [m!, ky, kx, c!]) * at(x, [0, i!, j!, c!]);
    });
    return fused(o['activation'], sum);
  });
}

function pooling(op: 'AVERAGE_POOL_2D' | 'MAX_POOL_2D', o: Record<string, number>, x: Tensor): Tensor {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [oh, top] = placed(o, 'H', height, o['filterH']!);
  const [ow, left] = placed(o, 'W', width, o['filterW']!);
  return made([1, oh, ow, channels], ([, y, col, c]) => {
    const seen: number[] = [];
    each([o['filterH']!, o['filterW']!], ([i, j]) => {
      const [row, column] = [y! * o['strideH']! - top + i!, col! * o['strideW']! - left + j!];
      if (row >= 0 && row < height && column >= 0 && column < width) seen.push(at(x, [0, row, column, c!]));
    });
    const value = op === 'MAX_POOL_2D' ? Math.max(...seen) : seen.reduce((a, b) => a + b, 0) / seen.length;
    return fused(o['activation'], value);
  });
}

function reduction(op: string, keep: boolean, x: Tensor, given: readonly number[]): Tensor {
  const axes = new Set(given.map((a) => (a < 0 ? a + x.shape.length : a)));
  const kept = x.shape.map((d, k) => (axes.has(k) ? 1 : d));
  const y = made(kept, (index) => {
    const seen: number[] = [];
    each(
      x.shape.map((d, k) => (axes.has(k) ? d : 1)),
      (inner) => seen.push(at(x, index.map((i, k) => i + inner[k]!))), // prettier-ignore
    );
    if (op === 'REDUCE_MAX') return Math.max(...seen);
    if (op === 'REDUCE_MIN') return Math.min(...seen);
    const sum = seen.reduce((a, b) => a + b, 0);
    return op === 'SUM' ? sum : sum / seen.length;
  });
  return { shape: keep ? kept : x.shape.filter((_, k) => !axes.has(k)), data: y.data };
}

function concatenation(operands: readonly Tensor[], given: number, activation: number | undefined): Tensor {
  const first = operands[0]!.shape;
  const axis = given < 0 ? given + first.length : given;
  const total = operands.reduce((n, t) => n + t.shape[axis]!, 0);
  return made(first.with(axis, total), (index) => {
    let i = index[axis]!;
    let k = 0;
    while (i >= operands[k]!.shape[axis]!) i -= operands[k++]!.shape[axis]!;
    return fused(activation, at(operands[k]!, index.with(axis, i)));
  });
}
