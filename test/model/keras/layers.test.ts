import { keras } from '../../../extension/model/formats/keras.ts';
import { type NodeSpec, onnxModel, type TensorSpec } from '../onnxBuilder.ts';
import { graphAgrees, random } from '../oracle.ts';
import { type Form, FORMS, input, kerasFile, type LayerSpec, type ModelSpec } from './kerasBuilder.ts';
import { node, permuted, positive, tensor, weightsOf } from './twins.ts';

/** The same in Keras and in ONNX: `x` goes in, `y` comes out. */
interface Twin {
  readonly keras: ModelSpec;
  readonly onnx: readonly NodeSpec[];
  readonly constants?: Readonly<Record<string, TensorSpec>>;
  readonly shape: readonly number[];
}

const next = random(3);

const weights = weightsOf(next);

/** A model of one layer behind its input. */
function one(shape: readonly number[], layer: Omit<LayerSpec, 'name'>): ModelSpec {
  return { layers: [input('x', shape), { ...layer, name: 'y' }] };
}

const FORTH = [0, 3, 1, 2];
const BACK = [0, 2, 3, 1];

/** Nodes from `a` to `b` on channels-first maps, between transposes. */
function nchw(nodes: readonly NodeSpec[], rank = 4): NodeSpec[] {
  const [forth, back] =
    rank === 4
      ? [FORTH, BACK]
      : [
          [0, 2, 1],
          [0, 2, 1],
        ];
  return [
    { op: 'Transpose', inputs: ['x'], outputs: ['a'], attributes: { perm: { ints: forth! } } },
    ...nodes,
    { op: 'Transpose', inputs: ['b'], outputs: ['y'], attributes: { perm: { ints: back! } } },
  ];
}

/** Layers whose maps may have their channels first. */
const ORDERED =
  /^(?:Conv|DepthwiseConv|SeparableConv|MaxPooling|AveragePooling|Global|ZeroPadding|Cropping2D|UpSampling2D|Resizing|Flatten)/;

/** The same layer on a map with its channels first: between transposes. What is no map any more has one order only. */
function channelsFirst({ keras, onnx, constants = {}, shape }: Twin, outputRank: number): Twin {
  const orders = (rank: number) => {
    const last = rank - 1;
    const spatial = Array.from({ length: rank - 2 }, (_, k) => k + 1);
    return { toLast: [0, ...spatial.map((k) => k + 1), 1], toFirst: [0, last, ...spatial] };
  };
  const moved = [shape.at(-1)!, ...shape.slice(0, -1)];
  const layer = keras.layers[1]!;
  const config = { ...layer.config, data_format: 'channels_first' };
  const perms = { in: orders(shape.length + 1).toLast, out: orders(outputRank).toFirst };
  const renamed = (name: string) => (name === 'x' || name === 'y' ? `${name}_last` : name);
  return {
    shape: moved,
    keras: { layers: [input('x', moved), { ...layer, config }] },
    constants,
    onnx: [
      node('Transpose', ['x'], 'x_last', { perm: { ints: perms.in } }),
      ...onnx.map((n) => ({ ...n, inputs: n.inputs.map(renamed), outputs: n.outputs.map(renamed) })),
      outputRank < 3
        ? node('Identity', ['y_last'], 'y')
        : node('Transpose', ['y_last'], 'y', { perm: { ints: perms.out } }),
    ],
  };
}

/** Those of the twins that work on maps, with their channels first. */
function channelsFirstTwins(all: Readonly<Record<string, Twin>>): Record<string, Twin> {
  const flat = /^Flatten|^Global(?!.*keepdims)/;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => ORDERED.test(name))
      .map(([name, twin]) => [
        `${name}, channels first`,
        channelsFirst(twin, flat.test(name) ? 2 : twin.shape.length + 1),
      ]),
  );
}

function activationTwin(
  name: string | object,
  onnx: readonly NodeSpec[],
  constants: Twin['constants'] = {},
): Twin {
  const kernel = weights(5, 6);
  const bias = weights(6);
  return {
    shape: [5],
    keras: one([5], {
      type: 'Dense',
      config: { units: 6, activation: name },
      weights: [
        ['kernel', kernel],
        ['bias', bias],
      ],
    }),
    onnx: [node('Gemm', ['x', 'w', 'b'], 'a'), ...onnx],
    constants: { w: tensor(kernel), b: tensor(bias), ...constants },
  };
}

function convTwin(
  shape: number[],
  kernelShape: number[],
  config: Record<string, unknown>,
  attributes: NodeSpec['attributes'],
): Twin {
  const kernel = weights(...kernelShape);
  const filters = kernelShape.at(-1)!;
  const bias = weights(filters);
  const spatial = kernelShape.length - 2;
  const order = spatial === 2 ? [3, 2, 0, 1] : [2, 1, 0];
  const all = { filters, kernel_size: kernelShape.slice(0, spatial), ...config };
  return {
    shape,
    keras: one(shape, {
      type: `Conv${spatial}D`,
      config: all,
      weights: [
        ['kernel', kernel],
        ['bias', bias],
      ],
    }),
    onnx: nchw([node('Conv', ['a', 'w', 'bias'], 'b', attributes)], spatial + 2),
    constants: { w: permuted(kernel, order), bias: tensor(bias) },
  };
}

function convTransposeTwin(
  shape: number[],
  kernelShape: number[],
  config: Record<string, unknown>,
  attributes: NodeSpec['attributes'],
): Twin {
  const kernel = weights(...kernelShape);
  const spatial = kernelShape.length - 2;
  const filters = kernelShape.at(-2)!;
  const bias = weights(filters);
  const all = { filters, kernel_size: kernelShape.slice(0, spatial), ...config };
  return {
    shape,
    keras: one(shape, {
      type: `Conv${spatial}DTranspose`,
      config: all,
      weights: [
        ['kernel', kernel],
        ['bias', bias],
      ],
    }),
    onnx: nchw([node('ConvTranspose', ['a', 'w', 'bias'], 'b', attributes)], spatial + 2),
    constants: { w: permuted(kernel, spatial === 2 ? [3, 2, 0, 1] : [2, 1, 0]), bias: tensor(bias) },
  };
}

/** x[...]: how Keras 2 and Keras 3 write it. */
function indexTwin(
  shape: number[],
  indices: readonly (
    number | null | 'ellipsis' | readonly [start: number | null, stop: number | null, step?: number]
  )[],
  onnx: readonly NodeSpec[],
  constants: Twin['constants'],
): (old: boolean) => Twin {
  const written = (form: Form): unknown[] =>
    indices.map((index) => {
      if (index === 'ellipsis') return { class_name: '__ellipsis__', config: {} };
      if (index === null || typeof index === 'number') return index;
      const [start, stop, step = null] = index;
      return form === 'h5'
        ? { start, stop, step }
        : { class_name: '__slice__', config: { start, stop, step } };
    });
  const brackets = { h5: written('h5'), keras: written('keras') };
  return (old) => ({
    shape,
    keras: {
      layers: [
        input('x', shape),
        old
          ? { type: 'SlicingOpLambda', name: 'y', config: { function: '__operators__.getitem' }, calls: [['x']], indices: brackets } // prettier-ignore
          : { type: 'GetItem', name: 'y', module: 'keras.src.ops.numpy', calls: [['x']], indices: brackets },
      ],
      ends: { inputs: ['x'], outputs: ['y'] },
    },
    onnx,
    constants,
  });
}

function depthwiseTwin(
  shape: number[],
  kernelShape: number[],
  config: Record<string, unknown>,
  attributes: NodeSpec['attributes'],
): Twin {
  const kernel = weights(...kernelShape);
  const spatial = kernelShape.length - 2;
  const [channels, multiplier] = kernelShape.slice(-2) as [number, number];
  const bias = weights(channels * multiplier);
  // [.., channels, multiplier] → [channels, multiplier, ..]
  const moved = permuted(kernel, spatial === 2 ? [2, 3, 0, 1] : [1, 2, 0]);
  const all = { kernel_size: kernelShape.slice(0, spatial), depth_multiplier: multiplier, ...config };
  return {
    shape,
    keras: one(shape, {
      type: `DepthwiseConv${spatial}D`,
      config: all,
      weights: [
        ['depthwise_kernel', kernel],
        ['bias', bias],
      ],
    }),
    onnx: nchw(
      [node('Conv', ['a', 'w', 'bias'], 'b', { group: { i: channels }, ...attributes })],
      spatial + 2,
    ),
    constants: {
      w: { dims: [channels * multiplier, 1, ...kernelShape.slice(0, spatial)], floats: moved.floats! },
      bias: tensor(bias),
    },
  };
}

function separableTwin(spatial: 1 | 2): Twin {
  const size = spatial === 2 ? [3, 2] : [3];
  const shape = spatial === 2 ? [7, 6, 3] : [9, 3];
  const kernel = weights(...size, 3, 2);
  const points = weights(...size.map(() => 1), 6, 5);
  const bias = weights(5);
  const moved = permuted(kernel, spatial === 2 ? [2, 3, 0, 1] : [1, 2, 0]);
  return {
    shape,
    keras: one(shape, {
      type: `SeparableConv${spatial}D`,
      config: {
        filters: 5,
        kernel_size: size,
        strides: size.map(() => 2),
        padding: 'same',
        depth_multiplier: 2,
        activation: 'relu',
      },
      weights: [
        ['depthwise_kernel', kernel],
        ['pointwise_kernel', points],
        ['bias', bias],
      ],
    }),
    onnx: nchw(
      [
        node('Conv', ['a', 'w'], 'c', {
          group: { i: 3 },
          strides: { ints: size.map(() => 2) },
          auto_pad: { s: 'SAME_UPPER' },
        }),
        node('Conv', ['c', 'p', 'bias'], 'd'),
        node('Relu', ['d'], 'b'),
      ],
      spatial + 2,
    ),
    constants: {
      w: { dims: [6, 1, ...size], floats: moved.floats! },
      p: permuted(points, spatial === 2 ? [3, 2, 0, 1] : [2, 1, 0]),
      bias: tensor(bias),
    },
  };
}

function poolTwin(
  type: string,
  shape: number[],
  config: object,
  op: string,
  attributes: NodeSpec['attributes'],
): Twin {
  return {
    shape,
    keras: one(shape, { type, config }),
    onnx: nchw([node(op, ['a'], 'b', attributes)], shape.length + 1),
  };
}

function globalTwin(type: string, shape: number[], op: string, keepdims: boolean): Twin {
  const axes = shape.slice(0, -1).map((_, k) => k + 1);
  const attributes = { axes: { ints: axes }, keepdims: { i: Number(keepdims) } };
  return {
    shape,
    keras: one(shape, { type, config: { keepdims } }),
    onnx: [node(op, ['x'], 'y', attributes)],
  };
}

function batchNormTwin(
  shape: number[],
  axis: number | number[],
  channelAxis: number,
  scale: boolean,
  center: boolean,
): Twin {
  const channels = shape[channelAxis - 1]!;
  const [gamma, beta, mean] = [weights(channels), weights(channels), weights(channels)];
  const variance = positive(weights(channels));
  const forth = [0, channelAxis, ...shape.map((_, k) => k + 1).filter((k) => k !== channelAxis)];
  const back = forth.map((_, k) => forth.indexOf(k));
  const plain = (value: number): TensorSpec => ({
    dims: [channels],
    floats: new Array<number>(channels).fill(value),
  });
  return {
    shape,
    keras: one(shape, {
      type: 'BatchNormalization',
      config: { axis, scale, center, epsilon: 0.01 },
      weights: [
        ...(scale ? [['gamma', gamma] as const] : []),
        ...(center ? [['beta', beta] as const] : []),
        ['moving_mean', mean],
        ['moving_variance', variance],
      ],
    }),
    onnx: [
      node('Transpose', ['x'], 'a', { perm: { ints: forth } }),
      node('BatchNormalization', ['a', 'g', 'o', 'm', 'v'], 'b', { epsilon: { f: 0.01 } }),
      node('Transpose', ['b'], 'y', { perm: { ints: back } }),
    ],
    constants: {
      g: scale ? tensor(gamma) : plain(1),
      o: center ? tensor(beta) : plain(0),
      m: tensor(mean),
      v: tensor(variance),
    },
  };
}

function simple(
  shape: number[],
  layer: Omit<LayerSpec, 'name'>,
  onnx: readonly NodeSpec[],
  constants: Twin['constants'] = {},
): Twin {
  return { shape, keras: one(shape, layer), onnx, constants };
}

/** Two convolutions of the same input, joined by a layer or an operation. */
function mergeTwin(
  type: string,
  config: object,
  onnx: readonly NodeSpec[],
  constants: Twin['constants'] = {},
): Twin {
  return {
    shape: [4, 3, 2],
    keras: {
      layers: [
        input('x', [4, 3, 2]),
        { type: 'ReLU', name: 'a', calls: [['x']] },
        { type: 'Activation', name: 'b', config: { activation: 'tanh' }, calls: [['x']] },
        { type, name: 'y', config, calls: [['a', 'b', 'x']] },
      ],
      ends: { inputs: ['x'], outputs: ['y'] },
    },
    onnx: [node('Relu', ['x'], 'a'), node('Tanh', ['x'], 'b'), ...onnx],
    constants,
  };
}

const scalarOf = (value: number): TensorSpec => ({ dims: [], floats: [value] });

const clip = (from: string, to: string, min: number, max: number): [NodeSpec, Twin['constants'] & object] => [
  node('Clip', [from, 'low', 'high'], to),
  { low: scalarOf(min), high: scalarOf(max) },
];

/** Layers that normalize, beside the arithmetic of their definitions. */
function normalizationTwins(): Record<string, Twin> {
  const [gamma, beta] = [weights(6), weights(6)];
  const both = [['gamma', gamma] as const, ['beta', beta] as const];
  const over = (x: string, axes: readonly number[]): NodeSpec[] => [
    node('ReduceMean', [x], 'mean', { axes: { ints: axes } }),
    node('Sub', [x, 'mean'], 'd'),
    node('Mul', ['d', 'd'], 'q'),
    node('ReduceMean', ['q'], 'variance', { axes: { ints: axes } }),
    node('Add', ['variance', 'e'], 'v'),
    node('Sqrt', ['v'], 'deviation'),
    node('Div', ['d', 'deviation'], 'n'),
  ];
  const affine = (x: string): NodeSpec[] => [
    node('Mul', [x, 'g'], 'scaled'),
    node('Add', ['scaled', 'o'], 'y'),
  ];
  const constants = { e: scalarOf(0.01), g: tensor(gamma), o: tensor(beta) };
  return {
    LayerNormalization: simple(
      [4, 6],
      { type: 'LayerNormalization', config: { axis: [-1], epsilon: 0.01 }, weights: both },
      [...over('x', [2]), ...affine('n')],
      constants,
    ),
    'GroupNormalization in 2 groups': simple(
      [4, 3, 6],
      { type: 'GroupNormalization', config: { groups: 2, axis: -1, epsilon: 0.01 }, weights: both },
      [
        node('Reshape', ['x', 'apart'], 'a'),
        ...over('a', [1, 2, 4]),
        node('Reshape', ['n', 'together'], 't'),
        ...affine('t'),
      ],
      {
        ...constants,
        apart: { dims: [5], ints: [1, 4, 3, 2, 3] },
        together: { dims: [4], ints: [1, 4, 3, 6] },
      },
    ),
    UnitNormalization: simple([4, 6], { type: 'UnitNormalization', config: { axis: -1 } }, [
      node('ReduceL2', ['x'], 'l', { axes: { ints: [2] } }),
      node('Div', ['x', 'l'], 'y'),
    ]),
  };
}

/** Activations beside what they are in ONNX. */
function functionTwins(): Record<string, Twin> {
  const numbers = { half: scalarOf(0.5), one: scalarOf(1), four: scalarOf(4), root: scalarOf(Math.SQRT1_2) };
  const softplus = node('Softplus', ['n'], 's');
  const bodies: Record<string, NodeSpec[]> = {
    elu: [node('Elu', ['a'], 'y')],
    selu: [node('Selu', ['a'], 'y')],
    celu: [node('Celu', ['a'], 'y')],
    gelu: [
      node('Mul', ['a', 'root'], 'r'),
      node('Erf', ['r'], 'e'),
      node('Add', ['e', 'one'], 'p'),
      node('Mul', ['p', 'half'], 'h'),
      node('Mul', ['a', 'h'], 'y'),
    ],
    log_softmax: [node('LogSoftmax', ['a'], 'y')],
    mish: [node('Softplus', ['a'], 's'), node('Tanh', ['s'], 't'), node('Mul', ['a', 't'], 'y')],
    exponential: [node('Exp', ['a'], 'y')],
    softplus: [node('Softplus', ['a'], 'y')],
    softsign: [node('Softsign', ['a'], 'y')],
    soft_shrink: [node('Shrink', ['a'], 'y', { lambd: { f: 0.5 }, bias: { f: 0.5 } })],
    hard_shrink: [node('Shrink', ['a'], 'y', { lambd: { f: 0.5 } })],
    log_sigmoid: [node('Neg', ['a'], 'n'), softplus, node('Neg', ['s'], 'y')],
    tanh_shrink: [node('Tanh', ['a'], 't'), node('Sub', ['a', 't'], 'y')],
    sparse_sigmoid: [node('HardSigmoid', ['a'], 'y', { alpha: { f: 0.5 }, beta: { f: 0.5 } })],
    squareplus: [
      node('Mul', ['a', 'a'], 'q'),
      node('Add', ['q', 'four'], 'p'),
      node('Sqrt', ['p'], 'r'),
      node('Add', ['a', 'r'], 's'),
      node('Mul', ['s', 'half'], 'y'),
    ],
    // max(a, ((min(a, 1) + 1)+)² / 4)
    sparse_plus: [
      node('Min', ['a', 'one'], 'm'),
      node('Add', ['m', 'one'], 'p'),
      node('Relu', ['p'], 'r'),
      node('Mul', ['r', 'r'], 'q'),
      node('Div', ['q', 'four'], 'd'),
      node('Max', ['a', 'd'], 'y'),
    ],
  };
  return Object.fromEntries(
    Object.entries(bodies).map(([name, nodes]) => {
      const read = new Set(nodes.flatMap((n) => n.inputs));
      const constants = Object.fromEntries(Object.entries(numbers).filter(([c]) => read.has(c)));
      return [`Dense with ${name}`, activationTwin(name, nodes, constants)];
    }),
  );
}

function twins(form: Form): Record<string, Twin> {
  const rows = weights(4, 3);
  const slopes = weights(2, 3);
  const mean = weights(3);
  const variance = positive(weights(3));
  const [relu6, limits] = clip('a', 'y', 0, 6);
  const [limited, limit2] = clip('a', 'y', -100, 2);
  const old = form === 'h5';
  return {
    'Dense without bias, on rows': {
      shape: [5, 4],
      keras: one([5, 4], {
        type: 'Dense',
        config: { units: 3, use_bias: false },
        weights: [['kernel', rows]],
      }),
      onnx: [node('MatMul', ['x', 'w'], 'y')],
      constants: { w: tensor(rows) },
    },
    'Dense with relu': activationTwin('relu', [node('Relu', ['a'], 'y')]),
    'Dense with sigmoid': activationTwin('sigmoid', [node('Sigmoid', ['a'], 'y')]),
    'Dense with tanh': activationTwin('tanh', [node('Tanh', ['a'], 'y')]),
    'Dense with softmax': activationTwin('softmax', [node('Softmax', ['a'], 'y')]),
    'Dense with relu6': activationTwin('relu6', [relu6], limits),
    'Dense with leaky_relu': activationTwin('leaky_relu', [
      node('LeakyRelu', ['a'], 'y', { alpha: { f: 0.2 } }),
    ]),
    'Dense with hard_sigmoid': activationTwin('hard_sigmoid', [
      node('HardSigmoid', ['a'], 'y', { alpha: { f: old ? 0.2 : 1 / 6 }, beta: { f: 0.5 } }),
    ]),
    'Dense with swish': activationTwin('swish', [node('Sigmoid', ['a'], 's'), node('Mul', ['a', 's'], 'y')]),
    'Dense with hard_silu': activationTwin('hard_silu', [
      node('HardSigmoid', ['a'], 's', { alpha: { f: 1 / 6 }, beta: { f: 0.5 } }),
      node('Mul', ['a', 's'], 'y'),
    ]),
    ...functionTwins(),
    'Dense with a layer as activation': activationTwin(
      { class_name: 'LeakyReLU', config: { name: 'l', [old ? 'alpha' : 'negative_slope']: 0.4 } },
      [node('LeakyRelu', ['a'], 'y', { alpha: { f: 0.4 } })],
    ),
    'Dense with a serialized function': activationTwin(
      { class_name: 'function', config: 'relu', module: 'builtins' },
      [node('Relu', ['a'], 'y')],
    ),
    'Conv2D same, strides 2, odd': convTwin(
      [7, 9, 3],
      [3, 3, 3, 5],
      { strides: [2, 2], padding: 'same' },
      { strides: { ints: [2, 2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    'Conv2D same, strides 2, even': convTwin(
      [8, 6, 3],
      [3, 2, 3, 5],
      { strides: 2, padding: 'same' },
      { strides: { ints: [2, 2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    'Conv2D valid, dilated': convTwin(
      [9, 8, 2],
      [2, 3, 2, 4],
      { dilation_rate: [2, 2] },
      { dilations: { ints: [2, 2] } },
    ),
    'Conv2D in groups': convTwin([5, 5, 4], [3, 3, 2, 6], { groups: 2 }, { group: { i: 2 } }),
    'Conv1D same': convTwin(
      [11, 3],
      [4, 3, 5],
      { padding: 'same', strides: [2] },
      { strides: { ints: [2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    'Conv1D causal, dilated': convTwin(
      [11, 3],
      [3, 3, 5],
      { padding: 'causal', dilation_rate: [2] },
      { dilations: { ints: [2] }, pads: { ints: [4, 0] } },
    ),
    'DepthwiseConv2D, multiplier 2': depthwiseTwin(
      [7, 6, 3],
      [3, 3, 3, 2],
      { strides: [2, 2], padding: 'same' },
      { strides: { ints: [2, 2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    DepthwiseConv1D: depthwiseTwin([9, 3], [3, 3, 1], {}, {}),
    SeparableConv2D: separableTwin(2),
    SeparableConv1D: separableTwin(1),
    'MaxPooling2D valid': poolTwin(
      'MaxPooling2D',
      [7, 6, 3],
      { pool_size: [2, 2], strides: null },
      'MaxPool',
      { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
    ),
    'MaxPooling2D same': poolTwin(
      'MaxPooling2D',
      [7, 6, 3],
      { pool_size: [3, 3], strides: [2, 2], padding: 'same' },
      'MaxPool',
      { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    'AveragePooling2D same': poolTwin(
      'AveragePooling2D',
      [7, 6, 3],
      { pool_size: [3, 2], strides: [2, 1], padding: 'same' },
      'AveragePool',
      { kernel_shape: { ints: [3, 2] }, strides: { ints: [2, 1] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    MaxPooling1D: poolTwin('MaxPooling1D', [9, 3], { pool_size: [2], strides: [2] }, 'MaxPool', {
      kernel_shape: { ints: [2] },
      strides: { ints: [2] },
    }),
    'AveragePooling1D same': poolTwin(
      'AveragePooling1D',
      [9, 3],
      { pool_size: 4, strides: 2, padding: 'same' },
      'AveragePool',
      { kernel_shape: { ints: [4] }, strides: { ints: [2] }, auto_pad: { s: 'SAME_UPPER' } },
    ),
    GlobalAveragePooling2D: globalTwin('GlobalAveragePooling2D', [4, 3, 5], 'ReduceMean', false),
    'GlobalMaxPooling2D with keepdims': globalTwin('GlobalMaxPooling2D', [4, 3, 5], 'ReduceMax', true),
    GlobalAveragePooling1D: globalTwin('GlobalAveragePooling1D', [6, 5], 'ReduceMean', false),
    GlobalMaxPooling1D: globalTwin('GlobalMaxPooling1D', [6, 5], 'ReduceMax', false),
    BatchNormalization: batchNormTwin([4, 3, 5], [3], 3, true, true),
    'BatchNormalization without scale': batchNormTwin([4, 3, 5], -1, 3, false, true),
    'BatchNormalization without offset, of another axis': batchNormTwin([4, 3, 5], 1, 1, true, false),
    'BatchNormalization of a row': batchNormTwin([6], [1], 1, true, true),
    'ReLU with max_value': simple(
      [4, 2],
      { type: 'ReLU', config: { max_value: 6, negative_slope: 0, threshold: 0 } },
      [clip('x', 'y', 0, 6)[0]],
      limits,
    ),
    'ReLU with slope and max_value': simple(
      [4, 2],
      { type: 'ReLU', config: { max_value: 2, negative_slope: 0.3 } },
      [node('LeakyRelu', ['x'], 'a', { alpha: { f: 0.3 } }), limited],
      limit2,
    ),
    'ReLU with a threshold': simple(
      [4, 2],
      { type: 'ReLU', config: { max_value: 2.5, negative_slope: 0.3, threshold: 0.7 } },
      [
        node('ThresholdedRelu', ['x'], 'a', { alpha: { f: 0.7 } }),
        node('Sub', ['x', 't'], 'd'),
        node('Min', ['d', 'zero'], 'm'),
        node('Mul', ['m', 'slope'], 'b'),
        node('Add', ['a', 'b'], 's'),
        node('Min', ['s', 'most'], 'y'),
      ],
      { t: scalarOf(0.7), zero: scalarOf(0), slope: scalarOf(0.3), most: scalarOf(2.5) },
    ),
    ELU: simple([4, 2], { type: 'ELU', config: { alpha: 0.4 } }, [
      node('Elu', ['x'], 'y', { alpha: { f: 0.4 } }),
    ]),
    ThresholdedReLU: simple([4, 2], { type: 'ThresholdedReLU', config: { theta: 0.4 } }, [
      node('ThresholdedRelu', ['x'], 'y', { alpha: { f: 0.4 } }),
    ]),
    LeakyReLU: simple([4, 2], { type: 'LeakyReLU', config: old ? { alpha: 0.1 } : { negative_slope: 0.1 } }, [
      node('LeakyRelu', ['x'], 'y', { alpha: { f: 0.1 } }),
    ]),
    PReLU: simple(
      [4, 2, 3],
      {
        type: 'PReLU',
        config: { shared_axes: [1] },
        weights: [['alpha', { shape: [1, 2, 3], data: slopes.data }]],
      },
      [node('PRelu', ['x', 's'], 'y')],
      { s: { dims: [2, 3], floats: slopes.data } },
    ),
    'Softmax over another axis': simple([4, 3], { type: 'Softmax', config: { axis: 1 } }, [
      node('Softmax', ['x'], 'y', { axis: { i: 1 } }),
    ]),
    Rescaling: simple(
      [4, 3],
      { type: 'Rescaling', config: { scale: 0.5, offset: [1, 2, 3] } },
      [node('Mul', ['x', 'h'], 'a'), node('Add', ['a', 'o'], 'y')],
      { h: scalarOf(0.5), o: { dims: [3], floats: [1, 2, 3] } },
    ),
    'Normalization, adapted': simple(
      [4, 3],
      {
        type: 'Normalization',
        config: { axis: [-1] },
        weights: [
          ['mean', mean],
          ['variance', variance],
          ['count', { shape: [], data: [7], type: 'int32' }],
        ],
      },
      [node('Sub', ['x', 'm'], 'a'), node('Div', ['a', 'd'], 'y')],
      { m: tensor(mean), d: { dims: [3], floats: variance.data.map(Math.sqrt) } },
    ),
    'Normalization, given and inverted': simple(
      [4, 3],
      {
        type: 'Normalization',
        config: { axis: [-1], mean: [[1, 2, 3]], variance: [[4, 9, 16]], invert: true },
      },
      [node('Mul', ['x', 'd'], 'a'), node('Add', ['a', 'm'], 'y')],
      { m: { dims: [3], floats: [1, 2, 3] }, d: { dims: [3], floats: [2, 3, 4] } },
    ),
    ZeroPadding2D: simple(
      [3, 4, 2],
      {
        type: 'ZeroPadding2D',
        config: {
          padding: [
            [0, 1],
            [2, 3],
          ],
        },
      },
      [node('Pad', ['x', 'p'], 'y')],
      { p: { dims: [8], ints: [0, 0, 2, 0, 0, 1, 3, 0] } },
    ),
    'ZeroPadding2D of two numbers': simple(
      [3, 4, 2],
      { type: 'ZeroPadding2D', config: { padding: [1, 2] } },
      [node('Pad', ['x', 'p'], 'y')],
      { p: { dims: [8], ints: [0, 1, 2, 0, 0, 1, 2, 0] } },
    ),
    ZeroPadding1D: simple(
      [5, 2],
      { type: 'ZeroPadding1D', config: { padding: [2, 1] } },
      [node('Pad', ['x', 'p'], 'y')],
      { p: { dims: [6], ints: [0, 2, 0, 0, 1, 0] } },
    ),
    Cropping2D: simple(
      [6, 7, 2],
      {
        type: 'Cropping2D',
        config: {
          cropping: [
            [0, 1],
            [2, 3],
          ],
        },
      },
      [node('Slice', ['x', 's', 'e', 'a'], 'y')],
      { s: { dims: [2], ints: [0, 2] }, e: { dims: [2], ints: [5, 4] }, a: { dims: [2], ints: [1, 2] } },
    ),
    'Cropping1D of one number': simple(
      [6, 2],
      { type: 'Cropping1D', config: { cropping: 2 } },
      [node('Slice', ['x', 's', 'e', 'a'], 'y')],
      { s: { dims: [1], ints: [2] }, e: { dims: [1], ints: [4] }, a: { dims: [1], ints: [1] } },
    ),
    'x[:, -1]': indexTwin([4, 3], [[null, null], -1], [node('Gather', ['x', 'i'], 'y', { axis: { i: 1 } })], {
      i: { dims: [], ints: [-1] },
    })(old),
    'x[:, None, 1:, ..., ::-2]': indexTwin(
      [4, 2, 5],
      [[null, null], null, [1, null], 'ellipsis', [null, null, -2]],
      [node('Slice', ['x', 's', 'e', 'a', 't'], 'b'), node('Unsqueeze', ['b', 'n'], 'y')],
      {
        s: { dims: [2], ints: [1, -1] },
        e: { dims: [2], ints: [9, -9] },
        a: { dims: [2], ints: [1, 3] },
        t: { dims: [2], ints: [1, -2] },
        n: { dims: [1], ints: [1] },
      },
    )(old),
    'Conv2DTranspose, valid': convTransposeTwin(
      [4, 3, 2],
      [3, 2, 5, 2],
      { strides: [2, 1] },
      { strides: { ints: [2, 1] } },
    ),
    'Conv2DTranspose, valid, with gaps': convTransposeTwin(
      [4, 3, 2],
      [1, 2, 3, 2],
      { strides: [3, 2] },
      { strides: { ints: [3, 2] }, output_padding: { ints: [2, 0] } },
    ),
    'Conv2DTranspose, same': convTransposeTwin(
      [4, 3, 2],
      [3, 4, 3, 2],
      { strides: [2, 2], padding: 'same' },
      { strides: { ints: [2, 2] }, pads: { ints: [0, 1, 1, 1] } },
    ),
    'Conv2DTranspose, same, with output_padding': convTransposeTwin(
      [4, 3, 2],
      [3, 3, 3, 2],
      { strides: [2, 3], padding: 'same', output_padding: [1, 2] },
      { strides: { ints: [2, 3] }, output_padding: { ints: [1, 2] }, pads: { ints: [0, 0, 2, 2] } },
    ),
    'Conv2DTranspose, dilated': convTransposeTwin(
      [4, 3, 2],
      [3, 2, 3, 2],
      { dilation_rate: [2, 2], padding: 'same' },
      { dilations: { ints: [2, 2] }, pads: { ints: [2, 1, 2, 1] } },
    ),
    Conv1DTranspose: convTransposeTwin(
      [5, 2],
      [4, 3, 2],
      { strides: 3, padding: 'same' },
      { strides: { ints: [3] }, pads: { ints: [0, 1] } },
    ),
    'UpSampling2D, nearest': simple(
      [3, 2, 2],
      { type: 'UpSampling2D', config: { size: [2, 3], interpolation: 'nearest' } },
      [node('Resize', ['x', '', 's'], 'y', { mode: { s: 'nearest' } })],
      { s: { dims: [4], floats: [1, 2, 3, 1] } },
    ),
    'UpSampling2D, bilinear': simple(
      [3, 2, 2],
      { type: 'UpSampling2D', config: { size: [2, 3], interpolation: 'bilinear' } },
      nchw([node('Resize', ['a', '', 's'], 'b', { mode: { s: 'linear' } })]),
      { s: { dims: [4], floats: [1, 1, 2, 3] } },
    ),
    UpSampling1D: simple(
      [4, 2],
      { type: 'UpSampling1D', config: { size: 3 } },
      [node('Resize', ['x', '', 's'], 'y', { mode: { s: 'nearest' } })],
      { s: { dims: [3], floats: [1, 3, 1] } },
    ),
    'Resizing, smaller and larger': simple(
      [6, 3, 2],
      { type: 'Resizing', config: { height: 4, width: 5 } },
      nchw([node('Resize', ['a', '', '', 's'], 'b', { mode: { s: 'linear' } })]),
      { s: { dims: [4], ints: [1, 2, 4, 5] } },
    ),
    RepeatVector: simple(
      [4],
      { type: 'RepeatVector', config: { n: 3 } },
      [node('Unsqueeze', ['x', 'a'], 'b'), node('Tile', ['b', 'r'], 'y')],
      { a: { dims: [1], ints: [1] }, r: { dims: [3], ints: [1, 3, 1] } },
    ),
    Flatten: simple([3, 4, 2], { type: 'Flatten' }, [node('Flatten', ['x'], 'y')]),
    Reshape: simple(
      [3, 4, 2],
      { type: 'Reshape', config: { target_shape: [2, -1] } },
      [node('Reshape', ['x', 's'], 'y')],
      { s: { dims: [3], ints: [1, 2, -1] } },
    ),
    Permute: simple([3, 4, 2], { type: 'Permute', config: { dims: [3, 1, 2] } }, [
      node('Transpose', ['x'], 'y', { perm: { ints: [0, 3, 1, 2] } }),
    ]),
    'Add of three': mergeTwin('Add', {}, [node('Sum', ['a', 'b', 'x'], 'y')]),
    'Average of three': mergeTwin(
      'Average',
      {},
      [node('Sum', ['a', 'b', 'x'], 's'), node('Div', ['s', 'n'], 'y')],
      { n: scalarOf(3) },
    ),
    'Multiply of three': mergeTwin('Multiply', {}, [
      node('Mul', ['a', 'b'], 'm'),
      node('Mul', ['m', 'x'], 'y'),
    ]),
    'Maximum of three': mergeTwin('Maximum', {}, [node('Max', ['a', 'b', 'x'], 'y')]),
    'Minimum of three': mergeTwin('Minimum', {}, [node('Min', ['a', 'b', 'x'], 'y')]),
    ...normalizationTwins(),
    'Concatenate along rows': mergeTwin('Concatenate', { axis: 1 }, [
      node('Concat', ['a', 'b', 'x'], 'y', { axis: { i: 1 } }),
    ]),
    'Concatenate along channels': mergeTwin('Concatenate', {}, [
      node('Concat', ['a', 'b', 'x'], 'y', { axis: { i: 3 } }),
    ]),
    'what does nothing at inference': {
      shape: [4, 2],
      keras: {
        layers: [
          input('x', [4, 2]),
          ...[
            'Dropout',
            'SpatialDropout1D',
            'GaussianNoise',
            'GaussianDropout',
            'AlphaDropout',
            'ActivityRegularization',
          ].map((type) => ({ type, name: type })),
          { type: 'ReLU', name: 'y' },
        ],
      },
      onnx: [node('Relu', ['x'], 'y')],
    },
    'an operator with a number': {
      shape: [4, 2],
      keras: {
        layers: [
          input('x', [4, 2]),
          old
            ? { type: 'TFOpLambda', name: 'y', config: { function: 'math.multiply' }, calls: [['x', 3]] }
            : { type: 'Multiply', name: 'y', module: 'keras.src.ops.numpy', calls: [['x', 3]] },
        ],
        ends: { inputs: ['x'], outputs: ['y'] },
      },
      onnx: [node('Mul', ['x', 'n'], 'y')],
      constants: { n: scalarOf(3) },
    },
    'Subtract, of outputs that come in another order': {
      shape: [3],
      keras: {
        layers: [
          { type: 'Subtract', name: 'y', calls: [['b', 'a']] },
          { type: 'Activation', name: 'b', config: { activation: 'tanh' }, calls: [['a']] },
          { type: 'ReLU', name: 'a', calls: [['x']] },
          input('x', [3]),
        ],
        ends: { inputs: ['x'], outputs: ['y'] },
      },
      onnx: [node('Relu', ['x'], 'a'), node('Tanh', ['a'], 'b'), node('Sub', ['b', 'a'], 'y')],
    },
  };
}

describe('model: layers of Keras beside onnxruntime', () => {
  for (const form of FORMS) {
    const all = twins(form);
    for (const [name, twin] of Object.entries({ ...all, ...channelsFirstTwins(all) })) {
      it(`${name} (${form})`, async () => {
        const onnx = onnxModel({
          nodes: twin.onnx,
          inputs: [{ name: 'x', shape: [1, ...twin.shape] }],
          outputs: ['y'],
          initializers: twin.constants ?? {},
        });
        const graph = await keras.read(kerasFile(twin.keras, form), { name: 'test' });
        await graphAgrees(graph, onnx, { scale: 3 });
      });
    }
  }
});
