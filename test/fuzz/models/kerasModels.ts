import { readFileSync } from 'node:fs';
import { importModel } from '../../../extension/model/formats/importModel.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { LAYERS } from '../../../extension/model/formats/keras/layers.ts';
import type { DatasetSpec } from '../../model/keras/hdf5Builder.ts';
import {
  type Edits,
  FORMS,
  input,
  kerasFile,
  type LayerSpec,
  type ModelSpec,
} from '../../model/keras/kerasBuilder.ts';
import { keras1File, type OldLayer, type OldModel } from '../../model/keras/keras1Builder.ts';
import type { Random } from '../../support/random.ts';
import { randomOptions } from '../../support/randomCase.ts';
import type { Case, Fuzzer } from '../driver/fuzzer.ts';
import { mutatedJson } from '../driver/json.ts';
import { mutated } from '../driver/mutate.ts';
import { wayOf } from './pipeline.ts';

/** Words of both forms: classes, fields, signatures of HDF5. */
const TOKENS = [
  ...LAYERS.keys(),
  ...['GRU', 'Lambda', 'Functional', 'Sequential', 'channels_first', 'same', 'causal', 'relu6', 'softmax'],
  ...['Convolution2D', 'Merge', 'dim_ordering', 'th', 'tf', 'border_mode', 'nb_filter', 'output_dim'],
  ...[
    'weight_names',
    'model_config',
    'layer_names',
    'layers',
    'vars',
    'kernel:0',
    '__proto__',
    'constructor',
  ],
  ...['TREE', 'SNOD', 'HEAP', 'GCOL', 'OHDR', 'OCHK', '\xff\xff\xff\xff\xff\xff\xff\xff', '\0\0\0\0\0\0\0\0'],
  ...['*/', '\u202e', '模型'],
];

const FILES = [
  '../../../examples/mnist/mnist.h5',
  '../../../examples/mnist/mnist.keras',
  '../../model/keras/files/earliest.h5',
  '../../model/keras/files/latest.h5',
];

/**
 * Keras files in both forms: their bytes changed, their configuration changed as JSON is, the HDF5 file in a zip file changed. What
 * is taken goes the way to C.
 */
export const kerasModels: Fuzzer = {
  name: 'keras',
  short: 120,
  open: () => {
    const files = FILES.map((name) => new Uint8Array(readFileSync(new URL(name, import.meta.url))));
    const make = (random: Random): Case => {
      const changed = changedFile(random, files);
      const options = randomOptions(random);
      const read = () => importModel(keras, changed, { name: 'fuzzed' });
      return { label: 'a changed Keras model', input: changed, check: () => wayOf(read, options) };
    };
    return Promise.resolve(make);
  },
};

function changedFile(random: Random, files: readonly Uint8Array[]): Uint8Array {
  const form = random.pick([...FORMS, 'keras1'] as const);
  const made =
    form === 'keras1'
      ? fileOf(keras1File, randomOldNetwork(random))
      : fileOf((spec, edit) => kerasFile(spec, form, edit), randomNetwork(random));
  const bytesOf = (file: Uint8Array) =>
    mutated(random, { corpus: [file, file, random.pick(files)], tokens: TOKENS });
  const edits: Record<string, () => Edits> = {
    config: () => ({ config: (json) => Buffer.from(mutatedJson(random, json)).toString('utf8') }),
    words: () => ({ config: (json) => Buffer.from(bytesOf(Buffer.from(json))).toString('utf8') }),
    weights: () => ({ weights: bytesOf }),
  };
  const inner = form === 'keras' ? (['weights'] as const) : [];
  const kind = random.pick(['file', 'file', 'config', 'config', 'words', ...inner] as const);
  return kind === 'file' ? bytesOf(made({})) : made(edits[kind]!());
}

function fileOf<S>(write: (spec: S, edits: Edits) => Buffer, spec: S): (edits: Edits) => Buffer {
  return (edits) => write(spec, edits);
}

type Numbers = (...shape: number[]) => DatasetSpec;

function numbersOf(random: Random): Numbers {
  return (...shape) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => random.int(1, 9) / 8 - 0.4),
  });
}

/** A small network of many kinds of layers, Sequential or Functional, with a model in it or none. */
function randomNetwork(random: Random): ModelSpec {
  const numbers = numbersOf(random);
  if (random.bool(0.25)) return recurrentNetwork(random, numbers);
  if (random.bool(0.2)) return enlargingNetwork(random, numbers);
  const [channels, filters] = [random.int(1, 3), random.int(1, 4)];
  const padding = random.pick(['same', 'valid']);
  const isFirst = random.bool(0.3);
  const order = isFirst ? { data_format: 'channels_first' } : {};
  const conv: LayerSpec = {
    type: 'Conv2D',
    name: 'conv',
    config: {
      filters,
      kernel_size: [3, 2],
      strides: [random.int(1, 2), 1],
      padding,
      activation: 'relu',
      ...order,
    },
    weights: [
      ['kernel', numbers(3, 2, channels, filters)],
      ['bias', numbers(filters)],
    ],
  };
  const depthwise: LayerSpec = {
    type: 'DepthwiseConv2D',
    name: 'deep',
    config: { kernel_size: 2, padding: 'same', use_bias: false, ...order },
    weights: [['depthwise_kernel', numbers(2, 2, filters, 1)]],
  };
  const norm: LayerSpec = {
    type: 'BatchNormalization',
    name: 'norm',
    config: { axis: [isFirst ? 1 : 3] },
    weights: ['gamma', 'beta', 'mean']
      .map((name) => [name, numbers(filters)] as const)
      .concat([['variance', { shape: [filters], data: new Array<number>(filters).fill(1) }]]),
  };
  const middle = random.pick([
    { type: 'MaxPooling2D', name: 'pool', config: { pool_size: 2, padding: 'same', ...order } },
    {
      type: 'ZeroPadding2D',
      name: 'pad',
      config: {
        padding: [
          [1, 0],
          [0, 2],
        ],
        ...order,
      },
    },
    { type: 'LeakyReLU', name: 'leaky', config: { negative_slope: 0.1 } },
    { type: 'Dropout', name: 'drop', config: { rate: 0.5 } },
  ]);
  const end: LayerSpec[] = [
    { type: 'GlobalAveragePooling2D', name: 'mean', config: order },
    {
      type: 'Dense',
      name: 'dense',
      config: { units: 3, use_bias: false, activation: random.pick(['softmax', 'linear', 'tanh']) },
      weights: [['kernel', numbers(filters, 3)]],
    },
  ];
  const body = random.bool() ? [conv, depthwise, norm, middle, ...end] : [conv, middle, norm, ...end];
  const [rows, columns] = [random.int(4, 8), random.int(4, 8)];
  const first = input('x', isFirst ? [channels, rows, columns] : [rows, columns, channels]);
  if (random.bool()) return { layers: [first, ...body] };
  return functional(first, body);
}

/** Layers that make a map larger or smaller, in either order of axes, and normalize it. */
function enlargingNetwork(random: Random, numbers: Numbers): ModelSpec {
  const isFirst = random.bool();
  const order = { data_format: isFirst ? 'channels_first' : 'channels_last' };
  const [channels, filters] = [random.int(1, 3), random.int(1, 3)];
  const cropping = [[1, 0], [0, 1]]; // prettier-ignore
  const padding = random.pick(['same', 'valid']);
  const up: LayerSpec = {
    type: 'Conv2DTranspose',
    name: 'up',
    config: { filters, kernel_size: [2, 3], strides: 2, padding, use_bias: false, ...order },
    weights: [['kernel', numbers(2, 3, filters, channels)]],
  };
  const norm: LayerSpec = {
    type: random.pick(['GroupNormalization', 'LayerNormalization']),
    name: 'norm',
    config: { axis: isFirst ? 1 : -1, groups: 1 },
    weights: ['gamma', 'beta'].map((name) => [name, numbers(filters)] as const),
  };
  const interpolation = random.pick(['nearest', 'bilinear']);
  const rest: LayerSpec[] = [
    norm,
    { type: 'UpSampling2D', name: 'twice', config: { size: 2, interpolation, ...order } },
    { type: 'Cropping2D', name: 'cut', config: { cropping, ...order } },
    { type: 'Flatten', name: 'flat', config: order },
  ];
  const [rows, columns] = [random.int(1, 4), random.int(1, 4)];
  const first = input('x', isFirst ? [channels, rows, columns] : [rows, columns, channels]);
  return { layers: [first, up, ...rest.filter(() => random.bool(0.8))] };
}

/** A network as Keras 1 has them, computed by TensorFlow or Theano. */
function randomOldNetwork(random: Random): OldModel {
  const theano = random.bool(0.3);
  const numbers = numbersOf(random);
  if (random.bool(0.25)) return { theano, layers: [oldMemory(numbers)] };
  const isFirst = random.bool();
  const dim_ordering = isFirst ? 'th' : 'tf';
  const [channels, filters] = [random.int(1, 3), random.int(1, 4)];
  const size = [random.int(4, 8), random.int(4, 8)];
  const shape = isFirst ? [channels, ...size] : [...size, channels];
  const sizes = { nb_filter: filters, nb_row: 3, nb_col: 2, subsample: [random.int(1, 2), 1], dim_ordering };
  const border_mode = random.pick(['same', 'valid']);
  const conv: OldLayer = {
    type: 'Convolution2D',
    name: 'conv',
    config: { batch_input_shape: [null, ...shape], ...sizes, border_mode, bias: false, activation: 'relu' },
    weights: { W: isFirst ? numbers(filters, channels, 3, 2) : numbers(3, 2, channels, filters) },
  };
  const pool = { pool_size: [2, 2], strides: [2, 2], border_mode: 'same', dim_ordering };
  const middle: OldLayer = random.pick([
    { type: 'MaxPooling2D', name: 'pool', config: pool },
    { type: 'ZeroPadding2D', name: 'pad', config: { padding: { top_pad: 1, left_pad: 2 } } },
    { type: 'Dropout', name: 'drop', config: { p: 0.5 } },
  ]);
  const dense = { output_dim: 3, bias: false, activation: 'softmax' };
  const end: OldLayer[] = [
    { type: 'GlobalAveragePooling2D', name: 'mean', config: { dim_ordering } },
    { type: 'Dense', name: 'dense', config: dense, weights: { W: numbers(filters, 3) } },
  ];
  if (random.bool()) return { theano, layers: [conv, middle, ...end] };
  const mode = random.pick(['sum', 'concat', 'max']);
  const merge: OldLayer = { type: 'Merge', name: 'join', config: { mode, concat_axis: 1 } };
  return { theano, branches: [[conv], [{ ...conv, name: 'other' }]], layers: [merge, middle] };
}

/** An LSTM with weights for each gate. */
function oldMemory(numbers: Numbers): OldLayer {
  const weights = ['i', 'c', 'f', 'o'].flatMap((gate) => [
    [`W_${gate}`, numbers(3, 2)] as const,
    [`U_${gate}`, numbers(2, 2)] as const,
    [`b_${gate}`, numbers(2)] as const,
  ]);
  const functions = { activation: 'tanh', inner_activation: 'hard_sigmoid' };
  const config = { batch_input_shape: [null, 4, 3], output_dim: 2, ...functions };
  return { type: 'LSTM', name: 'memory', config, weights: Object.fromEntries(weights) };
}

/** A recurrent layer over time steps, in one direction or both, and a dense layer on each of them or on the last. */
function recurrentNetwork(random: Random, numbers: Numbers): ModelSpec {
  const [type, gates] = random.pick([
    ['LSTM', 4],
    ['GRU', 3],
    ['SimpleRNN', 1],
  ] as const);
  const [time, features, units] = [random.int(1, 6), random.int(1, 4), random.int(1, 4)];
  const config = { units, return_sequences: random.bool(), reset_after: false, go_backwards: false };
  const cell = (scope: string, part: string) =>
    [
      [`${scope}/kernel`, numbers(features, gates * units), part],
      [`${scope}/recurrent_kernel`, numbers(units, gates * units), part],
      [`${scope}/bias`, numbers(gates * units), part],
    ] as const;
  const both = random.bool();
  const layer: LayerSpec = both
    ? {
        type: 'Bidirectional',
        name: 'both',
        config: { layer: { class_name: type, config: { name: 'inner', ...config } }, merge_mode: 'concat' },
        weights: [
          ...cell('forward_inner/cell', 'forward_layer/cell'),
          ...cell('backward_inner/cell', 'backward_layer/cell'),
        ],
      }
    : { type, name: 'memory', config, weights: cell('cell', 'cell') };
  const dense: LayerSpec = {
    type: 'TimeDistributed',
    name: 'dense',
    config: { layer: { class_name: 'Dense', config: { name: 'inner', units: 2, use_bias: false } } },
    weights: [['kernel', numbers(both ? 2 * units : units, 2), 'layer']],
  };
  return { layers: [input('x', [time, features]), layer, ...(config.return_sequences ? [dense] : [])] };
}

/** The same as a Functional model, its first layer in a model of its own, with a branch around one layer. */
function functional(first: LayerSpec, body: readonly LayerSpec[]): ModelSpec {
  const [conv, ...rest] = body as [LayerSpec, ...LayerSpec[]];
  const { shape } = first.config as { shape: number[] };
  const inner: ModelSpec = { layers: [input('in', shape), conv] };
  let before = 'block';
  const chained = rest.map((layer): LayerSpec => {
    const call = { ...layer, calls: [[before]] };
    before = layer.name;
    return call;
  });
  const joined: LayerSpec = { type: 'Add', name: 'join', calls: [[before, before]] };
  return {
    layers: [first, { type: 'Sequential', name: 'block', model: inner, calls: [['x']] }, ...chained, joined],
    ends: { inputs: ['x'], outputs: ['join'] },
  };
}
