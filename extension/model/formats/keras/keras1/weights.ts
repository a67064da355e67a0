import { concat, transpose } from '../../../evaluate/move.ts';
import { elements } from '../../../graph.ts';
import { transposedShape } from '../../../indexing.ts';
import type { Dataset } from '../hdf5/dataset.ts';
import type { Hdf5Object } from '../hdf5/file.ts';
import { field, type JsonObject, text } from '../json.ts';
import { groupsOf, layerWeights, type LayerWeights, listedWeights, type WeightStore } from '../weights.ts';
import type { Keras1Facts } from './facts.ts';

/** What the names of weights have behind those of their layers: `lstm_1_W_i:0`. */
const SUFFIXES = [
  ...['W', 'U', 'b', 'gamma', 'beta', 'running_mean', 'running_std', 'alphas'],
  ...['depthwise_kernel', 'pointwise_kernel'],
  ...['W', 'U', 'b'].flatMap((weight) =>
    ['i', 'f', 'c', 'o', 'z', 'r', 'h'].map((gate) => `${weight}_${gate}`),
  ),
];

/** Of Keras 1: a group for each layer of the outermost model, with the weights of all layers below it, called after these. */
export function weightsOfKeras1(root: Hdf5Object): WeightStore {
  let below: ReadonlyMap<string, readonly Hdf5Object[]> | undefined;
  return ({ name }) => {
    const own = root.child(name);
    if (own) return layerWeights(listedWeights(own).map((weight) => own.child(weight)));
    below ??= byLayers(root);
    return layerWeights(below.get(name) ?? []);
  };
}

function byLayers(root: Hdf5Object): Map<string, Hdf5Object[]> {
  const found = new Map<string, Hdf5Object[]>();
  for (const group of groupsOf(root)) {
    for (const weight of listedWeights(group)) {
      const dataset = group.child(weight);
      const bare = weight.replace(/:[0-9]+$/, '');
      const suffix = SUFFIXES.find((s) => bare.endsWith(`_${s}`));
      if (!dataset || suffix === undefined) continue;
      const layer = bare.slice(0, -suffix.length - 1);
      const list = found.get(layer);
      if (list) list.push(dataset);
      else found.set(layer, [dataset]);
    }
  }
  return found;
}

/**
 * The weights of a layer in the order and the shapes that Keras 2 has: kernels [rows, columns, inputs, outputs], all gates in one.
 * @param layer as Keras 2 would have written it
 */
export function renewedWeights(
  layer: { readonly type: string; readonly config: JsonObject },
  weights: LayerWeights,
  { theano }: Keras1Facts,
): LayerWeights {
  const isFirst = text(layer.config, 'data_format') === 'channels_first';
  const turned = (kernel: Dataset): Dataset => (theano ? turnedRound(kernel) : kernel);
  switch (layer.type) {
    case 'Conv1D':
      return mapped(weights, 1, (kernel) => turned(withoutColumns(kernel, field(layer.config, 'filters'))));
    case 'Conv2D':
      return mapped(weights, 1, (kernel) => turned(isFirst ? transposed(kernel, [2, 3, 1, 0]) : kernel));
    case 'SeparableConv2D':
      return isFirst ? mapped(weights, 2, (kernel) => transposed(kernel, [2, 3, 1, 0])) : weights;
    case 'Conv2DTranspose':
      return mapped(weights, 1, (kernel) => transposed(kernel, isFirst ? [2, 3, 0, 1] : [0, 1, 3, 2]));
    case 'LSTM': // input, cell, forget, output
      return weights.count === 12 ? joined(weights, [0, 6, 3, 9]) : weights;
    case 'GRU':
      return weights.count === 9 ? joined(weights, [0, 3, 6]) : weights;
    case 'Bidirectional':
      return inHalves(layer.config, weights, { theano, order: undefined });
    default:
      return weights;
  }
}

/** @param count weights, the first ones, that become others */
function mapped(weights: LayerWeights, count: number, map: (dataset: Dataset) => Dataset): LayerWeights {
  const read = (k: number) => (k < count ? map(weights.read(k)) : weights.read(k));
  return { count: weights.count, read };
}

/** What has other dimensions is left as it is: its layer refuses it by its shape. */
function transposed(dataset: Dataset, perm: readonly number[]): Dataset {
  if (dataset.shape.length !== perm.length) return dataset;
  return { shape: transposedShape(dataset.shape, perm), data: transpose(dataset, perm) };
}

/** Kernels [length, 1, inputs, filters], or [filters, inputs, length, 1] before Keras 1.2, in one dimension. */
function withoutColumns(kernel: Dataset, filters: unknown): Dataset {
  const { shape } = kernel;
  const isOldest =
    shape.length === 4 && shape[0] === filters && shape[3] === 1 && (shape[1] !== 1 || filters !== 1);
  const { shape: rows, data } = isOldest ? transposed(kernel, [2, 3, 1, 0]) : kernel;
  return rows.length === 4 && rows[1] === 1 ? { shape: [rows[0]!, ...rows.slice(2)], data } : kernel;
}

/** A kernel [.., inputs, outputs] with its taps in the opposite order: a convolution instead of a correlation. */
function turnedRound({ shape, data }: Dataset): Dataset {
  const size = elements(shape.slice(-2));
  const taps = data.length / size;
  const to = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++) {
    to.set(data.subarray(tap * size, (tap + 1) * size), (taps - 1 - tap) * size);
  }
  return { shape, data: to };
}

/** Kernels, recurrent kernels and biases of all gates, each side by side. @param gates where each gate's three weights begin */
function joined(weights: LayerWeights, gates: readonly number[]): LayerWeights {
  const read = (k: number): Dataset => {
    const parts = gates.map((gate) => weights.read(gate + k));
    const [{ shape }] = parts as [Dataset, ...Dataset[]];
    if (parts.some((part) => part.shape.join() !== shape.join())) return parts[0]!;
    const whole = [...shape.slice(0, -1), (shape.at(-1) ?? 0) * gates.length];
    return { shape: whole, data: concat(parts, shape.length - 1, whole) };
  };
  return { count: 3, read };
}

/** Those of the layer forward, then those of the one backward. */
function inHalves(config: JsonObject, weights: LayerWeights, facts: Keras1Facts): LayerWeights {
  const type = text(field(config, 'layer'), 'class_name') ?? '';
  const count = weights.count / 2;
  if (!Number.isInteger(count) || type === 'Bidirectional') return weights;
  const half = (from: number) =>
    renewedWeights({ type, config: {} }, { count, read: (k) => weights.read(from + k) }, facts);
  const [forward, backward] = [half(0), half(count)];
  const read = (k: number) => (k < forward.count ? forward.read(k) : backward.read(k - forward.count));
  return { count: forward.count + backward.count, read };
}
