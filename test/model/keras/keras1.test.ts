import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { type NodeSpec, onnxModel, type TensorSpec } from '../onnxBuilder.ts';
import { graphAgrees, random } from '../oracle.ts';
import { keras1File, type OldLayer, type OldModel } from './keras1Builder.ts';
import { node, permuted, positive, tensor, type Weights, weightsOf } from './twins.ts';

/*
 * Files of Keras 1 beside the same network in ONNX. Keras calls ONNX's own order of axes `th`, that of kernels and of Flatten
 * included. Where Theano computes, kernels are turned round.
 */

const weights = weightsOf(random(11));
const ints = (...list: number[]) => ({ ints: list });
const list = (...numbers: number[]): TensorSpec => ({ dims: [numbers.length], ints: numbers });

/** The input's shape, which the first layer has. */
const of = (...shape: number[]) => ({ batch_input_shape: [null, ...shape], input_dtype: 'float32' });

interface Twin {
  readonly nodes: readonly NodeSpec[];
  readonly constants?: Readonly<Record<string, TensorSpec>>;
  /** Of the inputs, by their names in ONNX. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

async function agree(model: OldModel, { nodes, constants = {}, shapes }: Twin): Promise<void> {
  const inputs = Object.entries(shapes).map(([name, shape]) => ({ name, shape: [1, ...shape] }));
  const onnx = onnxModel({ nodes, inputs, outputs: ['y'], initializers: constants });
  await graphAgrees(await keras.read(keras1File(model), { name: 'test' }), onnx);
}

async function refusal(...layers: OldLayer[]): Promise<string> {
  const bytes = keras1File({ layers, theano: layers[0]!.name === 'theano' });
  const e: unknown = await keras.read(bytes, { name: 'test' }).catch((reason: unknown) => reason);
  assert.ok(e instanceof UserError, String((e as Error).stack));
  return e.message;
}

/** A kernel [.., rows, columns] by half a turn. */
function turned({ shape, data }: Weights): TensorSpec {
  const taps = shape[2]! * shape[3]!;
  return { dims: shape, floats: data.map((_, i) => data[i - (i % taps) + (taps - 1 - (i % taps))]!) };
}

function convolution(name: string, kernel: Weights, config: object): OldLayer {
  const isFirst = 'dim_ordering' in config && config.dim_ordering === 'th';
  const [filters, , rows, columns] = isFirst ? kernel.shape : [kernel.shape[3], 0, ...kernel.shape];
  const sizes = { nb_filter: filters, nb_row: rows, nb_col: columns };
  const rest = { border_mode: 'valid', subsample: [1, 1], activation: 'linear', bias: false };
  return { type: 'Convolution2D', name, config: { ...sizes, ...rest, ...config }, weights: { W: kernel } };
}

function pooling(type: string, border_mode: string, dim_ordering: string, size: readonly number[]): OldLayer {
  return { type, name: type, config: { pool_size: size, strides: [2, 2], border_mode, dim_ordering } };
}

function normalization(channels: number, axis: number) {
  const [gamma, beta, mean] = [weights(channels), weights(channels), weights(channels)];
  const variance = positive(weights(channels));
  const layer: OldLayer = {
    type: 'BatchNormalization',
    name: 'norm',
    config: { mode: 0, axis, epsilon: 0.01 },
    weights: { gamma, beta, running_mean: mean, running_std: variance },
  };
  return { layer, constants: { g: tensor(gamma), o: tensor(beta), m: tensor(mean), v: tensor(variance) } };
}

describe('model: files of Keras 1', () => {
  for (const version of ['1.2.2', null]) {
    it(`a Sequential model in TensorFlow's order, its version ${version ?? 'left out'}`, async () => {
      const [kernel, bias, dense, denseBias] = [weights(3, 2, 2, 4), weights(4), weights(8, 3), weights(3)];
      const { layer: norm, constants } = normalization(4, -1);
      const conv = convolution('conv', kernel, {
        ...of(7, 5, 2),
        ...{ border_mode: 'same', subsample: [2, 2], dim_ordering: 'tf', activation: 'relu', bias: true },
      });
      const model: OldModel = {
        version,
        layers: [
          { ...conv, weights: { ...conv.weights, b: bias } },
          norm,
          { type: 'Dropout', name: 'drop', config: { p: 0.5 } },
          pooling('MaxPooling2D', 'valid', 'tf', [2, 2]),
          { type: 'Flatten', name: 'flat' },
          {
            type: 'Dense',
            name: 'dense',
            config: { output_dim: 3, activation: 'softmax', bias: true, input_dim: null },
            weights: { W: dense, b: denseBias },
          },
        ],
      };
      await agree(model, {
        shapes: { x: [7, 5, 2] },
        nodes: [
          node('Transpose', ['x'], 'a', { perm: ints(0, 3, 1, 2) }),
          node('Conv', ['a', 'w', 'b'], 'c', { strides: ints(2, 2), auto_pad: { s: 'SAME_UPPER' } }),
          node('Relu', ['c'], 'r'),
          node('BatchNormalization', ['r', 'g', 'o', 'm', 'v'], 'n', { epsilon: { f: 0.01 } }),
          node('MaxPool', ['n'], 'p', { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
          node('Transpose', ['p'], 'last', { perm: ints(0, 2, 3, 1) }),
          node('Flatten', ['last'], 'f'),
          node('Gemm', ['f', 'd', 'e'], 's'),
          node('Softmax', ['s'], 'y'),
        ],
        constants: {
          ...{ ...constants, w: permuted(kernel, [3, 2, 0, 1]), b: tensor(bias) },
          ...{ d: tensor(dense), e: tensor(denseBias) },
        },
      });
    });
  }

  it("Theano's order of axes, computed by TensorFlow: as ONNX has it", async () => {
    const [kernel, dense] = [weights(4, 2, 3, 3), weights(24, 3)];
    const { layer: norm, constants } = normalization(4, 1);
    const cropping = [[1, 0], [0, 0]]; // prettier-ignore
    const model: OldModel = {
      layers: [
        {
          type: 'ZeroPadding2D',
          name: 'z',
          config: { ...of(2, 6, 5), padding: { top_pad: 1, right_pad: 2 } },
        },
        convolution('c', kernel, { dim_ordering: 'th' }),
        norm,
        pooling('AveragePooling2D', 'same', 'th', [2, 2]),
        { type: 'Cropping2D', name: 'k', config: { cropping } },
        { type: 'Flatten', name: 'f' },
        { type: 'Dense', name: 'd', config: { output_dim: 3, bias: false }, weights: { W: dense } },
      ],
    };
    const pool = { kernel_shape: ints(2, 2), strides: ints(2, 2), auto_pad: { s: 'SAME_UPPER' } };
    await agree(model, {
      shapes: { x: [2, 6, 5] },
      nodes: [
        node('Pad', ['x', 'pads'], 'a'),
        node('Conv', ['a', 'w'], 'c'),
        node('BatchNormalization', ['c', 'g', 'o', 'm', 'v'], 'n', { epsilon: { f: 0.01 } }),
        node('AveragePool', ['n'], 'p', pool),
        node('Slice', ['p', 'from', 'to', 'axis'], 'k'),
        node('Flatten', ['k'], 'f'),
        node('MatMul', ['f', 'd'], 'y'),
      ],
      constants: {
        ...{ ...constants, pads: list(0, 0, 1, 0, 0, 0, 0, 2), w: tensor(kernel), d: tensor(dense) },
        ...{ from: list(1), to: list(9), axis: list(2) },
      },
    });
  });

  it('computed by Theano: kernels turned round, and paddings of its own', async () => {
    const [odd, even] = [weights(3, 2, 3, 5), weights(4, 3, 2, 4)];
    const same = { border_mode: 'same', dim_ordering: 'th', subsample: [2, 2] };
    const model: OldModel = {
      theano: true,
      layers: [
        convolution('odd', odd, { ...same, ...of(2, 20, 24) }),
        pooling('MaxPooling2D', 'same', 'th', [3, 2]),
        convolution('even', even, same),
      ],
    };
    // half a kernel on each side, and what is beyond ceil(size / stride) cut off
    const strides = { strides: ints(2, 2) };
    await agree(model, {
      shapes: { x: [2, 20, 24] },
      nodes: [
        node('Conv', ['x', 'w'], 'a', { ...strides, pads: ints(1, 2, 1, 2) }),
        node('MaxPool', ['a'], 'b', { ...strides, kernel_shape: ints(3, 2), pads: ints(1, 1, 1, 1) }),
        node('Slice', ['b', 'zeros', 'most', 'axes'], 'c'),
        node('Conv', ['c', 'v'], 'd', { ...strides, pads: ints(1, 2, 1, 2) }),
        node('Slice', ['d', 'zeros', 'last', 'axes'], 'y'),
      ],
      constants: {
        ...{ w: turned(odd), v: turned(even), zeros: list(0, 0), axes: list(2, 3) },
        ...{ most: list(5, 6), last: list(3, 3) },
      },
    });
  });

  for (const [name, shape, order] of [
    ['', [3, 1, 2, 4], [3, 2, 0]],
    [' before 1.2', [4, 2, 3, 1], [0, 1, 2]],
  ] as const) {
    it(`in one dimension, with a kernel as Keras${name} has it`, async () => {
      const kernel = weights(...shape);
      const dense = weights(4, 2);
      const conv = { nb_filter: 4, filter_length: 3, border_mode: 'valid', subsample_length: 2, bias: false };
      const model: OldModel = {
        layers: [
          {
            type: 'ZeroPadding1D',
            name: 'z',
            config: { ...of(9, 2), padding: { left_pad: 2, right_pad: 1 } },
          },
          { type: 'Convolution1D', name: 'c', config: conv, weights: { W: kernel } },
          { type: 'UpSampling1D', name: 'u', config: { length: 3 } },
          { type: 'MaxPooling1D', name: 'p', config: { pool_length: 4, stride: 2, border_mode: 'valid' } },
          {
            type: 'TimeDistributedDense',
            name: 'd',
            config: { output_dim: 2, bias: false },
            weights: { W: dense },
          },
        ],
      };
      const flat = permuted(kernel, [
        ...order,
        [0, 1, 2, 3].find((k) => !(order as readonly number[]).includes(k))!,
      ]);
      await agree(model, {
        shapes: { x: [9, 2] },
        nodes: [
          node('Transpose', ['x'], 'a', { perm: ints(0, 2, 1) }),
          node('Conv', ['a', 'w'], 'c', { strides: ints(2), pads: ints(2, 1) }),
          node('Resize', ['c', '', 's'], 'u', { mode: { s: 'nearest' } }),
          node('MaxPool', ['u'], 'p', { kernel_shape: ints(4), strides: ints(2) }),
          node('Transpose', ['p'], 'b', { perm: ints(0, 2, 1) }),
          node('MatMul', ['b', 'd'], 'y'),
        ],
        constants: { w: { ...flat, dims: [4, 2, 3] }, d: tensor(dense), s: { dims: [3], floats: [1, 1, 3] } },
      });
    });
  }

  for (const order of ['tf', 'th']) {
    it(`dilated, separable and transposed convolutions (${order})`, async () => {
      const last = order === 'tf';
      const oihw = (kernel: Weights) => permuted(kernel, last ? [3, 2, 0, 1] : [0, 1, 2, 3]);
      const kernel = last ? weights(3, 2, 2, 4) : weights(4, 2, 3, 2);
      const deep = last ? weights(2, 2, 4, 2) : weights(2, 4, 2, 2);
      const points = last ? weights(1, 1, 8, 3) : weights(3, 8, 1, 1);
      const up = last ? weights(3, 3, 3, 2) : weights(2, 3, 3, 3);
      const sized = (...size: number[]) => (last ? [...size.slice(1), size[0]!] : size);
      const dim_ordering = order;
      const separable = {
        nb_filter: 3,
        nb_row: 2,
        nb_col: 2,
        depth_multiplier: 2,
        border_mode: 'valid',
        bias: false,
      };
      const model: OldModel = {
        layers: [
          {
            ...convolution('c', kernel, { ...of(...sized(2, 8, 7)), dim_ordering, atrous_rate: [2, 1] }),
            type: 'AtrousConvolution2D',
          },
          {
            type: 'SeparableConvolution2D',
            name: 's',
            config: { ...separable, dim_ordering, subsample: [1, 1], activation: 'relu' },
            weights: { depthwise_kernel: deep, pointwise_kernel: points },
          },
          {
            ...convolution('t', up, {
              dim_ordering,
              subsample: [2, 2],
              output_shape: [null, ...sized(2, 8, 11)],
            }),
            type: 'Deconvolution2D',
          },
        ],
      };
      const wrapped = (nodes: NodeSpec[]): NodeSpec[] =>
        last
          ? [
              node('Transpose', ['x'], 'first', { perm: ints(0, 3, 1, 2) }),
              ...nodes,
              node('Transpose', ['up'], 'y', { perm: ints(0, 2, 3, 1) }),
            ]
          : [node('Identity', ['x'], 'first'), ...nodes, node('Identity', ['up'], 'y')];
      // [multiplier, channels, ..] of either order as [channels · multiplier, 1, ..]
      const groups = permuted(deep, last ? [2, 3, 0, 1] : [1, 0, 2, 3]);
      const inputsFirst = permuted(up, last ? [2, 3, 0, 1] : [1, 0, 2, 3]);
      await agree(model, {
        shapes: { x: sized(2, 8, 7) },
        nodes: wrapped([
          node('Conv', ['first', 'w'], 'c', { dilations: ints(2, 1) }),
          node('Conv', ['c', 'g'], 'd', { group: { i: 4 } }),
          node('Conv', ['d', 'p'], 'e'),
          node('Relu', ['e'], 'r'),
          node('ConvTranspose', ['r', 'u'], 'up', { strides: ints(2, 2), output_padding: ints(1, 0) }),
        ]),
        constants: { w: oihw(kernel), g: { ...groups, dims: [8, 1, 2, 2] }, p: oihw(points), u: inputsFirst },
      });
    });
  }

  it('LSTM and GRU with weights for each gate, in one direction and both', async () => {
    const [units, features] = [3, 2];
    const gates = (names: readonly string[]) =>
      Object.fromEntries(
        names.flatMap((gate) => [
          [`W_${gate}`, weights(features, units)],
          [`U_${gate}`, weights(units, units)],
          [`b_${gate}`, weights(units)],
        ]),
      );
    const [lstm, gru, back] = [gates(['i', 'c', 'f', 'o']), gates(['z', 'r', 'h']), gates(['z', 'r', 'h'])];
    const joined = (
      directions: readonly ReturnType<typeof gates>[],
      weight: string,
      order: readonly string[],
    ) => {
      const columns = weight === 'W' ? features : units;
      const dims = [directions.length, order.length * units, ...(weight === 'b' ? [] : [columns])];
      const floats = directions.flatMap((direction) =>
        order.flatMap((gate) => {
          const one = direction[`${weight}_${gate}`]!;
          return Array.from(weight === 'b' ? one.data : permuted(one, [1, 0]).floats!);
        }),
      );
      return { dims, floats };
    };
    const biases = (directions: readonly ReturnType<typeof gates>[], order: readonly string[]) => {
      const { dims, floats } = joined(directions, 'b', order);
      const rows = dims[1]!;
      const zeros = new Array<number>(rows).fill(0);
      const both = directions.flatMap((_, k) => [...floats.slice(k * rows, (k + 1) * rows), ...zeros]);
      return { dims: [dims[0]!, 2 * rows], floats: both };
    };
    const config = {
      output_dim: units,
      activation: 'tanh',
      inner_activation: 'hard_sigmoid',
      go_backwards: false,
    };
    const inner = { class_name: 'GRU', config: { ...config, name: 'gru', return_sequences: true } };
    const bidirectional = {
      ...Object.fromEntries(Object.entries(gru).map(([name, w]) => [`forward_${name}`, w])),
      ...Object.fromEntries(Object.entries(back).map(([name, w]) => [`backward_${name}`, w])),
    };
    const twin = (direction: string) => ({
      hidden_size: { i: units },
      activations: { strings: direction === 'forward' ? ['HardSigmoid', 'Tanh', 'Tanh'] : ['HardSigmoid', 'Tanh', 'HardSigmoid', 'Tanh'] }, // prettier-ignore
      activation_alpha: { floats: direction === 'forward' ? [0.2] : [0.2, 0.2] },
      activation_beta: { floats: direction === 'forward' ? [0.5] : [0.5, 0.5] },
      direction: { s: direction },
    });
    await agree(
      { layers: [{ type: 'LSTM', name: 'l', config: { ...of(5, features), ...config, return_sequences: false }, weights: lstm }] }, // prettier-ignore
      {
        shapes: { x: [5, features] },
        nodes: [
          node('Transpose', ['x'], 'time', { perm: ints(1, 0, 2) }),
          { op: 'LSTM', inputs: ['time', 'w', 'r', 'b'], outputs: ['', 'h'], attributes: twin('forward') },
          node('Squeeze', ['h', 'zero'], 'y'),
        ],
        constants: {
          w: joined([lstm], 'W', ['i', 'o', 'f', 'c']),
          r: joined([lstm], 'U', ['i', 'o', 'f', 'c']),
          b: biases([lstm], ['i', 'o', 'f', 'c']),
          zero: list(0),
        },
      },
    );
    await agree(
      { layers: [{ type: 'Bidirectional', name: 'l', config: { ...of(5, features), layer: inner, merge_mode: 'concat' }, weights: bidirectional }] }, // prettier-ignore
      {
        shapes: { x: [5, features] },
        nodes: [
          node('Transpose', ['x'], 'time', { perm: ints(1, 0, 2) }),
          { op: 'GRU', inputs: ['time', 'w', 'r', 'b'], outputs: ['s'], attributes: twin('bidirectional') },
          node('Transpose', ['s'], 't', { perm: ints(2, 0, 1, 3) }),
          node('Reshape', ['t', 'shape'], 'y'),
        ],
        constants: {
          w: joined([gru, back], 'W', ['z', 'r', 'h']),
          r: joined([gru, back], 'U', ['z', 'r', 'h']),
          b: biases([gru, back], ['z', 'r', 'h']),
          shape: list(1, 5, 2 * units),
        },
      },
    );
  });

  it('Merge in a functional model, whose models in it have their weights together', async () => {
    const dense = weights(3, 3);
    const merge = (name: string, mode: string, ...reads: string[]): OldLayer => ({
      type: 'Merge',
      name,
      config: { mode, mode_type: 'raw', concat_axis: 1, dot_axes: -1 },
      reads,
    });
    const model: OldModel = {
      layers: [
        { type: 'InputLayer', name: 'x', config: of(3) },
        { type: 'Dense', name: 'd', config: { output_dim: 3, bias: false }, weights: { W: dense }, reads: ['x'], group: 'model_2' }, // prettier-ignore
        merge('s', 'sum', 'd', 'x'),
        merge('p', 'mul', 's', 'd'),
        merge('a', 'ave', 'p', 'x'),
        merge('m', 'max', 'a', 'd'),
        merge('c', 'concat', 'm', 'x'),
      ],
      ends: { inputs: ['x'], outputs: ['c'] },
    };
    await agree(model, {
      shapes: { x: [3] },
      nodes: [
        node('MatMul', ['x', 'w'], 'd'),
        node('Add', ['d', 'x'], 's'),
        node('Mul', ['s', 'd'], 'p'),
        node('Mean', ['p', 'x'], 'a'),
        node('Max', ['a', 'd'], 'm'),
        node('Concat', ['m', 'x'], 'y', { axis: { i: 1 } }),
      ],
      constants: { w: tensor(dense) },
    });
  });

  it('a Sequential model that begins with a Merge of others', async () => {
    const [one, two] = [weights(3, 2), weights(4, 2)];
    const branch = (name: string, w: Weights): OldLayer[] => [
      { type: 'Dense', name, config: { ...of(w.shape[0]!), output_dim: 2, bias: false }, weights: { W: w } },
    ];
    const model: OldModel = {
      branches: [branch('one', one), branch('two', two)],
      layers: [
        { type: 'Merge', name: 'm', config: { mode: 'concat', concat_axis: -1 } },
        { type: 'Activation', name: 'r', config: { activation: 'tanh' } },
      ],
    };
    await agree(model, {
      shapes: { one_input: [3], two_input: [4] },
      nodes: [
        node('MatMul', ['one_input', 'v'], 'a'),
        node('MatMul', ['two_input', 'w'], 'b'),
        node('Concat', ['a', 'b'], 'c', { axis: { i: 1 } }),
        node('Tanh', ['c'], 'y'),
      ],
      constants: { v: tensor(one), w: tensor(two) },
    });
  });

  it('models in a model, whose names are not in the file', async () => {
    const [one, two] = [weights(3, 4), weights(4, 2)];
    const inner = (name: string, w: Weights): OldLayer => ({
      type: 'Dense',
      name,
      config: { ...of(w.shape[0]!), output_dim: w.shape[1], bias: false },
      weights: { W: w },
      group: 'together',
    });
    const model: OldModel = {
      layers: [{ type: 'Activation', name: 'r', config: { ...of(3), activation: 'relu' } }],
      nested: [[inner('one', one)], [inner('two', two)]],
    };
    await agree(model, {
      shapes: { x: [3] },
      nodes: [node('Relu', ['x'], 'r'), node('MatMul', ['r', 'v'], 'a'), node('MatMul', ['a', 'w'], 'y')],
      constants: { v: tensor(one), w: tensor(two) },
    });
  });

  it('what the file does not tell, and what Keras 2 has not, is refused by layer', async () => {
    const map = of(4, 4, 2);
    assert.equal(
      await refusal({ type: 'UpSampling2D', name: 'u', config: { ...map, size: [2, 2] } }),
      "UpSampling2D layer 'u' has maps whose order of axes Keras 1 leaves out of its files, and no other layer tells it.",
    );
    assert.equal(
      await refusal(
        { type: 'BatchNormalization', name: 'n', config: { ...map, mode: 1 } },
        { type: 'Merge', name: 'm', config: { mode: 'dot' } },
        { type: 'MaxoutDense', name: 'o', config: { output_dim: 2 } },
      ),
      "The model has 3 layers that are not supported: 'n' (BatchNormalization (mode 1): it is not computed), " +
        "'m' (Merge (dot): it is not computed), 'o' (MaxoutDense: it is not computed).",
    );
    // HDF5 takes it for a path
    const dense = { ...of(3), output_dim: 2, bias: false };
    assert.equal(
      await refusal({ type: 'Dense', name: 'a/b', config: dense, weights: { W: weights(3, 2) } }),
      "Dense layer 'a/b' has 0 weights in the file; 1 are needed.",
    );
    const up = { ...map, dim_ordering: 'tf', output_shape: [null, 9, 9, 2] };
    assert.match(
      await refusal({ ...convolution('t', weights(3, 3, 2, 2), up), type: 'Deconvolution2D' }),
      /^Conv2DTranspose layer 't' has an output of 9 elements, where 6 to 6 are possible\.$/,
    );
    assert.match(
      await refusal({ ...convolution('theano', weights(3, 3, 2, 2), up), type: 'Deconvolution2D' }),
      /^Layer 'theano' is Deconvolution2D \(Theano\), which is not supported/,
    );
    assert.match(
      await refusal(
        convolution('full', weights(3, 3, 2, 2), { ...map, dim_ordering: 'tf', border_mode: 'full' }),
      ),
      /pads in the way 'full'; valid, same and causal are supported\.$/,
    );
  });
});
