import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { optimize } from '../../../extension/model/passes/optimize.ts';
import { onnxModel } from '../onnxBuilder.ts';
import { graphAgrees, kinds, random, randomFloats } from '../oracle.ts';
import { type DatasetSpec, hdf5File } from './hdf5Builder.ts';
import { FORMS, input, kerasFile, type LayerSpec, type ModelSpec, type WeightSpec } from './kerasBuilder.ts';

const next = random(5);
const matrix = (rows: number, columns: number): WeightSpec => [
  'kernel',
  { shape: [rows, columns], data: randomFloats(rows * columns, next) },
];
const dense = (name: string, weight: WeightSpec, calls?: LayerSpec['calls']): LayerSpec => ({
  type: 'Dense',
  name,
  config: { units: weight[1].shape[1], use_bias: false },
  weights: [weight],
  ...(calls ? { calls } : {}),
});
const matmul = (from: string, weight: string, to: string) => ({
  op: 'MatMul',
  inputs: [from, weight],
  outputs: [to],
});
const floats = ([, { shape, data }]: WeightSpec) => ({ dims: shape, floats: data });

async function refusal(bytes: Uint8Array): Promise<UserError> {
  const e: unknown = await keras.read(bytes, { name: 'test' }).catch((reason: unknown) => reason);
  assert.ok(e instanceof UserError, String((e as Error).stack));
  return e;
}

describe('model: networks of Keras', () => {
  const [a, b, c] = [matrix(4, 4), matrix(4, 4), matrix(4, 3)];

  for (const form of FORMS) {
    it(`a layer that is called twice has its weights twice (${form})`, async () => {
      const spec: ModelSpec = {
        layers: [
          input('x', [4]),
          dense('shared', a, [['x'], ['t']]),
          { type: 'Activation', name: 't', config: { activation: 'tanh' }, calls: [['shared']] },
          { type: 'Add', name: 'y', calls: [['shared@1', 't']] },
        ],
        ends: { inputs: ['x'], outputs: ['y'] },
      };
      const onnx = onnxModel({
        nodes: [
          matmul('x', 'a', 'p'),
          { op: 'Tanh', inputs: ['p'], outputs: ['t'] },
          matmul('t', 'a', 'q'),
          { op: 'Add', inputs: ['q', 't'], outputs: ['y'] },
        ],
        inputs: [{ name: 'x', shape: [1, 4] }],
        outputs: ['y'],
        initializers: { a: floats(a) },
      });
      const graph = await graphAgrees(await keras.read(kerasFile(spec, form), { name: 'test' }), onnx);
      assert.deepEqual(
        graph.nodes.map((n) => n.name),
        ['shared', 't', 'shared:1', 'y'],
      );
    });

    // most versions count a model's own call before those that others make of it
    for (const first of ['', '@1']) {
      it(`models in models, the inner one called ${first ? 'from 1 on' : 'from 0 on'} (${form})`, async () => {
        const inner: ModelSpec = {
          layers: [
            input('in', [4]),
            dense('d', a, [['in']]),
            dense('e', b, [['d']]),
            { type: 'Add', name: 'sum', calls: [['d', 'e']] },
          ],
          ends: { inputs: ['in'], outputs: ['sum'] },
        };
        const spec: ModelSpec = {
          layers: [
            input('x', [4]),
            { type: 'Functional', name: 'block', model: inner, calls: [['x']] },
            {
              type: 'Sequential',
              name: 'tail',
              model: { layers: [input('i', [4]), dense('d', c)] },
              calls: [[`block${first}`]],
            },
          ],
          ends: { inputs: ['x'], outputs: [`tail${first}`] },
        };
        const onnx = onnxModel({
          nodes: [
            matmul('x', 'a', 'd'),
            matmul('d', 'b', 'e'),
            { op: 'Add', inputs: ['d', 'e'], outputs: ['s'] },
            matmul('s', 'c', 'y'),
          ],
          inputs: [{ name: 'x', shape: [1, 4] }],
          outputs: ['y'],
          initializers: { a: floats(a), b: floats(b), c: floats(c) },
        });
        const graph = await graphAgrees(await keras.read(kerasFile(spec, form), { name: 'test' }), onnx);
        assert.deepEqual(
          graph.nodes.map((n) => n.name),
          ['block/d', 'block/e', 'block/sum', 'tail/d'],
        );
      });
    }

    it(`several inputs and outputs, weights of float16 (${form})`, async () => {
      const half: WeightSpec = ['kernel', { shape: [2, 2], data: [0.5, -1.25, 3, 0], type: 'float16' }];
      const spec: ModelSpec = {
        layers: [
          input('p', [2]),
          input('q', [2]),
          dense('y', half, [['p']]),
          { type: 'Subtract', name: 'z', calls: [['y', 'q']] },
        ],
        ends: { inputs: ['p', 'q'], outputs: ['z', 'y'] },
      };
      const onnx = onnxModel({
        nodes: [matmul('p', 'w', 'y'), { op: 'Sub', inputs: ['y', 'q'], outputs: ['z'] }],
        inputs: [
          { name: 'p', shape: [1, 2] },
          { name: 'q', shape: [1, 2] },
        ],
        outputs: ['z', 'y'],
        initializers: { w: floats(half) },
      });
      await graphAgrees(await keras.read(kerasFile(spec, form), { name: 'test' }), onnx);
    });

    it(`channels first: the transposes fold away, but for that of the input (${form})`, async () => {
      const first = { data_format: 'channels_first' };
      const tensor = (...shape: number[]): DatasetSpec => ({
        shape,
        data: randomFloats(
          shape.reduce((n, d) => n * d, 1),
          next,
        ),
      });
      const statistics: WeightSpec[] = [
        ['gamma', tensor(4)],
        ['beta', tensor(4)],
        ['mean', tensor(4)],
        ['variance', { shape: [4], data: new Array<number>(4).fill(1) }],
      ];
      const spec: ModelSpec = {
        layers: [
          input('x', [2, 6, 6]),
          {
            type: 'Conv2D',
            name: 'conv',
            config: { filters: 4, kernel_size: 3, use_bias: false, ...first },
            weights: [['kernel', tensor(3, 3, 2, 4)]],
          },
          { type: 'BatchNormalization', name: 'norm', config: { axis: 1 }, weights: statistics },
          { type: 'ReLU', name: 'relu' },
          { type: 'ZeroPadding2D', name: 'pad', config: { padding: [1, 0], ...first } }, // behind ReLU, the pooling's own
          { type: 'MaxPooling2D', name: 'pool', config: { pool_size: 2, ...first } },
          { type: 'Flatten', name: 'flat', config: first },
          dense('y', matrix(24, 3)),
        ],
      };
      const graph = optimize(await keras.read(kerasFile(spec, form), { name: 'test' }));
      assert.deepEqual(kinds(graph), ['transpose', 'conv2d', 'maxpool', 'dense']);
      assert.deepEqual(graph.inputs[0]!.shape, [1, 2, 6, 6]);
    });

    it(`every layer that is not supported is named, with why (${form})`, async () => {
      const { message, code } = await refusal(
        kerasFile(
          {
            layers: [
              input('x', [4, 4, 1]),
              { type: 'Lambda', name: 'code', config: { function: ['4wEAAA', null, null] } },
              { type: 'CenterCrop', name: 'cut' },
              {
                type: 'Conv2D',
                name: 'first',
                config: { dtype: { config: { name: 'int8_from_float32' } }, activation: 'sparsemax' },
              },
              { type: 'ConvLSTM2D', name: 'memory' },
            ],
          },
          form,
        ),
      );
      assert.equal(code, 'model');
      assert.equal(
        message,
        "The model has 5 layers that are not supported: 'code' (Lambda: it holds Python code, which is never run), " +
          "'cut' (CenterCrop: it is not computed), 'first' (Conv2D: its weights are integers already), " +
          "'first/sparsemax' (Activation: its function sparsemax is not computed), 'memory' (ConvLSTM2D: of recurrent layers GRU, LSTM and SimpleRNN are computed).",
      );
    });

    it(`what does not fit together is refused by layer (${form})`, async () => {
      const x = input('x', [4]);
      const of = async (...layers: LayerSpec[]) =>
        (await refusal(kerasFile({ layers: [x, ...layers] }, form))).message;
      assert.equal(
        await of(dense('d', matrix(3, 4))),
        "Dense layer 'd' has weights [3, 4] in the file, where [4, 4] are needed.",
      );
      assert.equal(
        await of({ type: 'Dense', name: 'd', config: { units: 2 } }),
        "Dense layer 'd' has 0 weights in the file; 2 are needed.",
      );
      assert.equal(
        await of({ type: 'Conv2D', name: 'c', config: { filters: 2, kernel_size: [1, 1] } }),
        "Conv2D layer 'c' works on a tensor of 2 dimensions; 4 are needed.",
      );
      const cut = async (indices: unknown): Promise<string> => {
        const one = { calls: [['x']], indices: { h5: indices, keras: indices } };
        const layer =
          form === 'h5'
            ? { type: 'SlicingOpLambda', name: 'y', ...one }
            : { type: 'GetItem', module: 'keras.src.ops.numpy', name: 'y', ...one };
        const spec = { layers: [x, layer], ends: { inputs: ['x'], outputs: ['y'] } };
        return (await refusal(kerasFile(spec, form))).message;
      };
      assert.equal(
        await of({ type: 'Flatten', name: 'f', config: { data_format: 'sideways' } }),
        "Flatten layer 'f' has the data_format 'sideways'; channels_last and channels_first are supported.",
      );
      assert.match(await cut([0, 7]), /layer 'y' picks element 7 of 4\.$/);
      assert.match(await cut([0, 0, 0]), /cuts 3 dimensions of \[1, 4\]/);
      assert.match(await cut([{ start: 'a' }]), /cut at something that is no number/);
      assert.match(await cut([true]), /something else than numbers and slices/);
      assert.match(
        await of({ type: 'Lambda', name: 'l' }),
        /^Layer 'l' is Lambda, which is not supported: it holds Python/,
      );
      assert.match(
        await of({ type: 'Reshape', name: 'r', config: { target_shape: [3] } }),
        /turns \[4\] into \[3\]/,
      );
      assert.match(
        await of({ type: 'Reshape', name: 'r', config: { target_shape: 'x' } }),
        /no list of numbers/,
      );
    });
  }

  it('weights of TensorFlow 2.13, which counts the groups of its layers twice', async () => {
    const spec: ModelSpec = {
      layers: [input('x', [4]), dense('one', a), { type: 'ReLU', name: 'r' }, dense('two', c)],
    };
    const group = ([, data]: WeightSpec) => ({ children: { vars: { children: { 0: data } } } });
    const layers = { children: { dense: group(a), re_lu: { children: { vars: {} } }, dense_2: group(c) } };
    const weights = () => hdf5File({ children: { _layer_checkpoint_dependencies: layers } });
    const onnx = onnxModel({
      nodes: [matmul('x', 'a', 'p'), { op: 'Relu', inputs: ['p'], outputs: ['r'] }, matmul('r', 'c', 'y')],
      inputs: [{ name: 'x', shape: [1, 4] }],
      outputs: ['y'],
      initializers: { a: floats(a), c: floats(c) },
    });
    await graphAgrees(await keras.read(kerasFile(spec, 'keras', { weights }), { name: 'test' }), onnx);
  });

  it('weights of a file that was saved on Windows, whose groups are joined with backslashes', async () => {
    const inner: ModelSpec = { layers: [input('t', [4]), dense('inside', b)] };
    const spec: ModelSpec = {
      layers: [input('x', [4]), dense('one', a), { type: 'Sequential', name: 'model', model: inner }],
    };
    const vars = ([, data]: WeightSpec) => ({ children: { vars: { children: { 0: data } } } });
    const empty = { children: { vars: { children: {} } } };
    const weights = (): Uint8Array =>
      hdf5File({
        children: {
          vars: { children: {} },
          'layers\\dense': vars(a),
          'layers\\sequential': empty,
          'layers\\sequential\\layers\\dense': vars(b),
        },
      });
    const onnx = onnxModel({
      nodes: [matmul('x', 'a', 'p'), matmul('p', 'b', 'y')],
      inputs: [{ name: 'x', shape: [1, 4] }],
      outputs: ['y'],
      initializers: { a: floats(a), b: floats(b) },
    });
    await graphAgrees(await keras.read(kerasFile(spec, 'keras', { weights }), { name: 'test' }), onnx);
    const lacking = (): Uint8Array =>
      hdf5File({
        children: { 'layers\\dense\\vars\\0\\none': empty, 'layers\\sequential\\layers\\dense': vars(b) },
      });
    assert.match(
      (await refusal(kerasFile(spec, 'keras', { weights: lacking }))).message,
      /The file is no whole HDF5 file/,
    );
  });

  it('a cell that reads itself, one that nothing makes, a size that is open', async () => {
    const functional = (layers: LayerSpec[], output = 'y'): Uint8Array =>
      kerasFile(
        { layers: [input('x', [4]), ...layers], ends: { inputs: ['x'], outputs: [output] } },
        'keras',
      );
    const add = (name: string, ...reads: string[]): LayerSpec => ({ type: 'Add', name, calls: [reads] });
    assert.match(
      (await refusal(functional([add('y', 'x', 'z'), add('z', 'y', 'x')]))).message,
      /reads what is made of its own/,
    );
    assert.match(
      (await refusal(functional([add('y', 'x', 'none')]))).message,
      /reads layer 'none', which it has not/,
    );
    assert.match((await refusal(functional([], 'x'))).message, /Output 'x' is an input of the model itself/);
    const open = kerasFile({ layers: [input('x', [null, 3]), { type: 'ReLU', name: 'y' }] }, 'h5');
    assert.match((await refusal(open)).message, /^Dimension 1 of input 'x' has no size\.$/);
    const batch = (json: string): string => json.replace('[null,3]', '[8,3]');
    const several = kerasFile({ layers: [input('x', [3]), { type: 'ReLU', name: 'y' }] }, 'h5', {
      config: batch,
    });
    assert.match((await refusal(several)).message, /^Input 'x' takes a batch of 8;/);
  });

  it('models in models without end, and a few that become very many', async () => {
    const file = (layers: string) =>
      hdf5File({
        attributes: {
          model_config: `{"class_name":"Sequential","config":{"build_input_shape":[null,4],"layers":${layers}}}`,
        },
        children: { model_weights: {} },
      });
    let deep = '[{"class_name":"ReLU","config":{"name":"r"}}]';
    for (let k = 0; k < 20; k++)
      deep = `[{"class_name":"Sequential","config":{"name":"s","layers":${deep}}}]`;
    assert.match((await refusal(file(deep))).message, /models in models in models/);
    // each called ten times by the next: a hundred thousand layers
    let many = '{"class_name":"ReLU","config":{"name":"r"}}';
    for (let k = 0; k < 6; k++) {
      const calls = Array.from(
        { length: 10 },
        (_, i) => `[["${i === 0 ? 'x' : 's'}",${Math.max(0, i - 1)},0,{}]]`,
      );
      const inner = `{"name":"s","layers":[{"class_name":"InputLayer","config":{"name":"x","batch_input_shape":[null,4]},"inbound_nodes":[]},${many.replace(/}$/, k === 0 ? ',"inbound_nodes":[[["x",0,0,{}]]]}' : `,"inbound_nodes":[${calls.join()}]}`)}],"input_layers":[["x",0,0]],"output_layers":[["${k === 0 ? 'r' : 's'}",${k === 0 ? 0 : 9},0]]}`;
      many = `{"class_name":"Functional","config":${inner}}`;
    }
    assert.match((await refusal(file(`[${many}]`))).message, /at most 10000 are read/);
  });

  it('files that are not the whole model', async () => {
    assert.match(
      (await refusal(hdf5File({ children: { layer_names: {} } }))).message,
      /holds no model of Keras; files of save_weights/,
    );
    const turned = hdf5File({
      attributes: { model_config: '{}', keras_version: '2.0.0', backend: 'theano' },
      children: { model_weights: {} },
    });
    assert.match((await refusal(turned)).message, /saved with Theano, which turns the kernels/);
    const own = hdf5File({
      attributes: { model_config: '{"class_name": "MyModel", "config": {"layers": []}}' },
      children: { model_weights: {} },
    });
    assert.match((await refusal(own)).message, /of the class 'MyModel'; Sequential and Functional/);
    for (const config of [
      '[]',
      '{',
      '{"class_name": "Sequential", "config": {"layers": [1]}}',
      '{"class_name": "Sequential"}',
    ]) {
      const file = hdf5File({ attributes: { model_config: config }, children: { model_weights: {} } });
      assert.match((await refusal(file)).message, /no whole Keras model|has no (list of layers|class)/);
    }
  });
});
