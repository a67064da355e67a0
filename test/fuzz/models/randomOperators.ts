import type { AttributeSpec } from '../../model/onnxBuilder.ts';
import type { Random } from '../../support/random.ts';

/** A value of a model so far; shapes are ONNX's, [1, C, H, W] or [1, n]. */
export interface Flow {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What adds nodes and constants to a random model. */
export interface Maker {
  readonly random: Random;
  /** Adds a node. @param outputs '' for the one that is returned, '-' for one that is left out, else a name */
  node(
    op: string,
    inputs: readonly string[],
    shape: readonly number[],
    attributes?: Record<string, AttributeSpec>,
    outputs?: readonly string[],
  ): Flow;
  floats(dims: readonly number[], min?: number, max?: number): string;
  ints(ints: readonly number[]): string;
}

/** Adds an operator or a few. @returns what goes on; undefined where none fits */
type Grow = (make: Maker, x: Flow) => Flow | undefined;

const onAxis = ({ shape }: Flow, axis: number, size: number): number[] =>
  shape.map((d, k) => (k === axis ? size : d));

const slice: Grow = (make, x) => {
  const r = make.random;
  const axis = r.int(1, x.shape.length - 1);
  const size = x.shape[axis]!;
  const step = r.pick([1, 1, 2, -1]);
  const [from, to] = step < 0 ? [size - 1, -size - 1] : [r.int(0, size - 1), size];
  const count = step < 0 ? size : Math.ceil((to - from) / step);
  const written = r.pick([axis, axis - x.shape.length]);
  const lists = [from, to, written, step].map((value) => make.ints([value]));
  return make.node('Slice', [x.name, ...lists], onAxis(x, axis, count));
};

const gather: Grow = (make, x) => {
  const r = make.random;
  const axis = r.int(1, x.shape.length - 1);
  const size = x.shape[axis]!;
  const picked = Array.from({ length: r.int(1, 4) }, () => r.int(-size, size - 1));
  return make.node('Gather', [x.name, make.ints(picked)], onAxis(x, axis, picked.length), {
    axis: { i: axis },
  });
};

const split: Grow = (make, x) => {
  const axis = make.random.int(1, x.shape.length - 1);
  const size = x.shape[axis]!;
  if (size < 2) return undefined;
  const first = make.random.int(1, size - 1);
  const parts = make.ints([first, size - first]);
  return make.node('Split', [x.name, parts], onAxis(x, axis, first), { axis: { i: axis } }, ['', 'rest']);
};

const tile: Grow = (make, x) => {
  const times = x.shape.map((_, k) => (k === 0 ? 1 : make.random.pick([1, 1, 2])));
  const shape = x.shape.map((d, k) => d * times[k]!);
  return make.node('Tile', [x.name, make.ints(times)], shape);
};

const expand: Grow = (make, x) => {
  const shape = x.shape.map((d, k) => (d === 1 && k > 0 ? make.random.int(1, 4) : d));
  return make.node('Expand', [x.name, make.ints(shape)], shape);
};

const resize: Grow = (make, x) => {
  const r = make.random;
  const shape = x.shape.map((d, k) => (k < 2 ? d : r.int(1, 2 * d)));
  const mode = r.pick(['nearest', 'linear']);
  const transform = r.pick(['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel']);
  const nearest = { nearest_mode: { s: r.pick(['floor', 'ceil', 'round_prefer_floor']) } };
  return make.node('Resize', [x.name, '', '', make.ints(shape)], shape, {
    mode: { s: mode },
    coordinate_transformation_mode: { s: transform },
    ...(mode === 'nearest' ? nearest : {}),
  });
};

const convTranspose: Grow = (make, x) => {
  const r = make.random;
  const [, c, h, w] = x.shape as [number, number, number, number];
  const out = r.int(1, 4);
  const kernel = [r.int(1, 3), r.int(1, 3)];
  const strides = [r.int(1, 3), r.int(1, 2)];
  const map = [h, w].map((d, k) => (d - 1) * strides[k]! + kernel[k]!);
  const operands = [x.name, make.floats([c, out, ...kernel]), make.floats([out])];
  return make.node('ConvTranspose', operands, [1, out, ...map], { strides: { ints: strides } });
};

const instanceNormalization: Grow = (make, x) => {
  const channels = [x.shape[1]!];
  return make.node('InstanceNormalization', [x.name, make.floats(channels), make.floats(channels)], x.shape);
};

const layerNormalization: Grow = (make, x) => {
  const last = [x.shape.at(-1)!];
  const operands = [x.name, make.floats(last), ...(make.random.bool() ? [make.floats(last)] : [])];
  return make.node('LayerNormalization', operands, x.shape, { axis: { i: -1 } });
};

const logSoftmax: Grow = (make, x) =>
  make.node('LogSoftmax', [x.name], x.shape, { axis: { i: make.random.pick([1, -1]) } });

const prelu: Grow = (make, x) => {
  const slopes = make.floats(x.shape.slice(1).map((d, k) => (k === 0 ? d : 1)));
  return make.node('PRelu', [x.name, slopes], x.shape);
};

/** All elements as time steps of a recurrent layer, whose last state or whole sequence goes on as a row. */
const recurrent: Grow = (make, x) => {
  const r = make.random;
  const count = x.shape.reduce((n, d) => n * d, 1);
  const time = r.pick([1, 2, 3, 4].filter((t) => count % t === 0));
  const features = count / time;
  if (features > 40) return undefined;
  const [op, gates] = r.pick([['LSTM', 4], ['GRU', 3], ['RNN', 1]] as const); // prettier-ignore
  const hidden = r.int(1, 4);
  const direction = r.pick(['forward', 'reverse', 'bidirectional']);
  const ways = direction === 'bidirectional' ? 2 : 1;
  const isWhole = r.bool();
  const shape = isWhole ? [time, ways, 1, hidden] : [ways, 1, hidden];
  const sequence = make.node('Reshape', [x.name, make.ints([time, 1, features])], [time, 1, features]);
  const weights = [features, hidden].map((columns) => make.floats([ways, gates * hidden, columns]));
  const biases = r.bool() ? [make.floats([ways, 2 * gates * hidden])] : [];
  const attributes = {
    hidden_size: { i: hidden },
    direction: { s: direction },
    ...(op === 'GRU' ? { linear_before_reset: { i: r.int(0, 1) } } : {}),
  };
  const operands = [sequence.name, ...weights, ...biases];
  const state = make.node(op, operands, shape, attributes, isWhole ? [''] : ['-', '']);
  const row = [1, shape.reduce((n, d) => n * d, 1)];
  return make.node('Reshape', [state.name, make.ints(row)], row);
};

const EVERYWHERE = [slice, gather, split, tile, expand, layerNormalization, logSoftmax, prelu, recurrent];
/** Operators of maps, and those of rows, beside those that randomModel.ts has. */
export const ON_MAPS: readonly Grow[] = [...EVERYWHERE, resize, convTranspose, instanceNormalization];
export const ON_ROWS: readonly Grow[] = EVERYWHERE;
