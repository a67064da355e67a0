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
  const form = random.pick(FORMS);
  const spec = randomNetwork(random);
  const bytesOf = (file: Uint8Array) =>
    mutated(random, { corpus: [file, file, random.pick(files)], tokens: TOKENS });
  const edits: Record<string, () => Edits> = {
    config: () => ({ config: (json) => Buffer.from(mutatedJson(random, json)).toString('utf8') }),
    words: () => ({ config: (json) => Buffer.from(bytesOf(Buffer.from(json))).toString('utf8') }),
    weights: () => ({ weights: bytesOf }),
  };
  const kind = random.pick(['file', 'file', 'config', 'config', 'words', 'weights'] as const);
  if (kind === 'file') return bytesOf(kerasFile(spec, form));
  return kerasFile(spec, kind === 'weights' ? 'keras' : form, edits[kind]!());
}

/** A small network of many kinds of layers, Sequential or Functional, with a model in it or none. */
function randomNetwork(random: Random): ModelSpec {
  const numbers = (...shape: number[]): DatasetSpec => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => random.int(1, 9) / 8 - 0.4),
  });
  if (random.bool(0.25)) return recurrentNetwork(random, numbers);
  const [channels, filters] = [random.int(1, 3), random.int(1, 4)];
  const padding = random.pick(['same', 'valid']);
  const conv: LayerSpec = {
    type: 'Conv2D',
    name: 'conv',
    config: { filters, kernel_size: [3, 2], strides: [random.int(1, 2), 1], padding, activation: 'relu' },
    weights: [
      ['kernel', numbers(3, 2, channels, filters)],
      ['bias', numbers(filters)],
    ],
  };
  const depthwise: LayerSpec = {
    type: 'DepthwiseConv2D',
    name: 'deep',
    config: { kernel_size: 2, padding: 'same', use_bias: false },
    weights: [['depthwise_kernel', numbers(2, 2, filters, 1)]],
  };
  const norm: LayerSpec = {
    type: 'BatchNormalization',
    name: 'norm',
    config: { axis: [3] },
    weights: ['gamma', 'beta', 'mean']
      .map((name) => [name, numbers(filters)] as const)
      .concat([['variance', { shape: [filters], data: new Array<number>(filters).fill(1) }]]),
  };
  const middle = random.pick([
    { type: 'MaxPooling2D', name: 'pool', config: { pool_size: 2, padding: 'same' } },
    {
      type: 'ZeroPadding2D',
      name: 'pad',
      config: {
        padding: [
          [1, 0],
          [0, 2],
        ],
      },
    },
    { type: 'LeakyReLU', name: 'leaky', config: { negative_slope: 0.1 } },
    { type: 'Dropout', name: 'drop', config: { rate: 0.5 } },
  ]);
  const end: LayerSpec[] = [
    { type: 'GlobalAveragePooling2D', name: 'mean' },
    {
      type: 'Dense',
      name: 'dense',
      config: { units: 3, use_bias: false, activation: random.pick(['softmax', 'linear', 'tanh']) },
      weights: [['kernel', numbers(filters, 3)]],
    },
  ];
  const body = random.bool() ? [conv, depthwise, norm, middle, ...end] : [conv, middle, norm, ...end];
  const first = input('x', [random.int(4, 8), random.int(4, 8), channels]);
  if (random.bool()) return { layers: [first, ...body] };
  return functional(first, body);
}

/** A recurrent layer over time steps, in one direction or both, and a dense layer on each of them or on the last. */
function recurrentNetwork(random: Random, numbers: (...shape: number[]) => DatasetSpec): ModelSpec {
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
