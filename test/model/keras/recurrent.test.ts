import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { type NodeSpec, onnxModel, type TensorSpec } from '../onnxBuilder.ts';
import { graphAgrees, kinds, random } from '../oracle.ts';
import { type Form, FORMS, input, kerasFile, type LayerSpec, type WeightSpec } from './kerasBuilder.ts';
import { type Weights, weightsOf } from './twins.ts';

const [TIME, FEATURES, UNITS] = [5, 3, 4];

type Type = 'LSTM' | 'GRU' | 'SimpleRNN';

/** Of each class: its operator in ONNX, and for each gate there its place in Keras. */
const OPERATORS: Readonly<Record<Type, { op: string; order: readonly number[] }>> = {
  LSTM: { op: 'LSTM', order: [0, 3, 1, 2] },
  GRU: { op: 'GRU', order: [0, 1, 2] },
  SimpleRNN: { op: 'RNN', order: [0] },
};

const next = random(5);

const dataset = weightsOf(next);

interface Cell {
  readonly kernel: Weights;
  readonly recurrent: Weights;
  readonly bias?: Weights;
}

function cellOf(type: Type, { bias = true, resetAfter = false } = {}): Cell {
  const columns = OPERATORS[type].order.length * UNITS;
  const [kernel, recurrent] = [dataset(FEATURES, columns), dataset(UNITS, columns)];
  return bias
    ? { kernel, recurrent, bias: resetAfter ? dataset(2, columns) : dataset(columns) }
    : { kernel, recurrent };
}

/** @param names where Keras 2 and Keras 3 have them */
function weightsOfCell(
  { kernel, recurrent, bias }: Cell,
  [old, part]: readonly [string, string],
): WeightSpec[] {
  return [
    [`${old}/kernel`, kernel, part],
    [`${old}/recurrent_kernel`, recurrent, part],
    ...(bias ? [[`${old}/bias`, bias, part] as const] : []),
  ];
}

/** The gates of cells, a direction each, as ONNX has them. */
function tensorsOf(type: Type, cells: readonly Cell[]): Record<string, TensorSpec> {
  const { order } = OPERATORS[type];
  const rows = (data: Float32Array, inputs: number): number[] =>
    order.flatMap((gate) =>
      Array.from({ length: UNITS }, (_, u) => gate * UNITS + u).flatMap((column) =>
        Array.from({ length: inputs }, (_, i) => data[i * order.length * UNITS + column]!),
      ),
    );
  const biases = ({ bias }: Cell): number[] => {
    const all = order.length * UNITS;
    if (!bias) return new Array<number>(2 * all).fill(0);
    const second =
      bias.shape.length === 2 ? rows(bias.data.subarray(all), 1) : new Array<number>(all).fill(0);
    return [...rows(bias.data.subarray(0, all), 1), ...second];
  };
  const count = cells.length;
  return {
    w: {
      dims: [count, order.length * UNITS, FEATURES],
      floats: cells.flatMap((c) => rows(c.kernel.data, FEATURES)),
    },
    r: {
      dims: [count, order.length * UNITS, UNITS],
      floats: cells.flatMap((c) => rows(c.recurrent.data, UNITS)),
    },
    b: { dims: [count, 2 * order.length * UNITS], floats: cells.flatMap(biases) },
    back: { dims: [1], ints: [-1] },
    end: { dims: [1], ints: [-99] },
    zero: { dims: [1], ints: [0] },
    row: { dims: [2], ints: [1, -1] },
    rows: { dims: [3], ints: [1, TIME, -1] },
    two: { dims: [], floats: [2] },
  };
}

function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: NodeSpec['attributes'] = {},
): NodeSpec {
  return { op, inputs, outputs, attributes };
}

/** A recurrent operator over the time-major input. */
function recurrent(
  op: string,
  outputs: readonly string[],
  attributes: NodeSpec['attributes'] = {},
): NodeSpec {
  return node(op, ['t', 'w', 'r', 'b'], outputs, { hidden_size: { i: UNITS }, ...attributes });
}

const TO_TIME = node('Transpose', ['x'], ['t'], { perm: { ints: [1, 0, 2] } });

/** A layer alone in a model, in both forms of files, beside its ONNX twin; `y` comes out. */
async function beside(
  form: Form,
  layer: Omit<LayerSpec, 'name'>,
  onnx: readonly NodeSpec[],
  constants: Record<string, TensorSpec>,
): Promise<string[]> {
  const spec = { layers: [input('x', [TIME, FEATURES]), { ...layer, name: 'y' }] };
  const model = onnxModel({
    nodes: [TO_TIME, ...onnx],
    inputs: [{ name: 'x', shape: [1, TIME, FEATURES] }],
    outputs: ['y'],
    initializers: constants,
  });
  const graph = await keras.read(kerasFile(spec, form), { name: 'test' });
  return kinds(await graphAgrees(graph, model, { tolerance: 1e-5 }));
}

async function refusal(form: Form, layer: Omit<LayerSpec, 'name'>): Promise<string> {
  const spec = { layers: [input('x', [TIME, FEATURES]), { ...layer, name: 'y' }] };
  try {
    await keras.read(kerasFile(spec, form), { name: 'test' });
  } catch (e) {
    assert.ok(e instanceof UserError && e.code === 'model', String(e));
    return e.message;
  }
  assert.fail('not refused');
}

describe('model: recurrent layers of Keras beside onnxruntime', () => {
  for (const form of FORMS) {
    for (const type of ['LSTM', 'GRU', 'SimpleRNN'] as const) {
      const { op } = OPERATORS[type];
      const scope = [
        type === 'SimpleRNN' ? 'simple_rnn_cell' : `${type.toLowerCase()}_cell_1`,
        'cell',
      ] as const;

      it(`${type}, its last state, without bias too (${form})`, async () => {
        for (const bias of [true, false]) {
          const cell = cellOf(type, { bias });
          const made = await beside(
            form,
            {
              type,
              config: { units: UNITS, use_bias: bias, reset_after: false },
              weights: weightsOfCell(cell, scope),
            },
            [recurrent(op, ['', 'h']), node('Reshape', ['h', 'row'], ['y'])],
            tensorsOf(type, [cell]),
          );
          assert.deepEqual(made, ['recurrent']);
        }
      });

      it(`${type}, all states, forward and backward, with other functions (${form})`, async () => {
        for (const backward of [true, false]) {
          const cell = cellOf(type);
          const hard = { alpha: form === 'h5' ? 0.2 : 1 / 6, beta: 0.5 };
          const gates = type !== 'SimpleRNN';
          const names = [...(gates ? ['HardSigmoid'] : []), 'Relu', ...(type === 'LSTM' ? ['Relu'] : [])];
          await beside(
            form,
            {
              type,
              config: {
                units: UNITS,
                return_sequences: true,
                go_backwards: backward,
                activation: { class_name: 'function', config: 'relu' },
                recurrent_activation: 'hard_sigmoid',
                reset_after: false,
              },
              weights: weightsOfCell(cell, scope),
            },
            [
              recurrent(op, ['s'], {
                direction: { s: backward ? 'reverse' : 'forward' },
                activations: { strings: names },
                ...(gates ? { activation_alpha: { floats: [hard.alpha] }, activation_beta: { floats: [hard.beta] } } : {}), // prettier-ignore
              }),
              node('Reshape', ['s', 'rows'], ['o']),
              // go_backwards leaves the states in the order in which they were computed
              backward
                ? node('Slice', ['o', 'back', 'end', 'one', 'back'], ['y'])
                : node('Identity', ['o'], ['y']),
            ],
            { ...tensorsOf(type, [cell]), one: { dims: [1], ints: [1] } },
          );
        }
      });

      it(`${type} in both directions, merged in each way (${form})`, async () => {
        const merges: Record<string, readonly NodeSpec[]> = {
          concat: [node('Concat', ['f', 'g'], ['y'], { axis: { i: -1 } })],
          sum: [node('Add', ['f', 'g'], ['y'])],
          mul: [node('Mul', ['f', 'g'], ['y'])],
          ave: [node('Add', ['f', 'g'], ['m']), node('Div', ['m', 'two'], ['y'])],
        };
        for (const [mode, merge] of Object.entries(merges)) {
          for (const sequences of [true, false]) {
            const cells = [cellOf(type), cellOf(type)];
            const [old] = scope;
            await beside(
              form,
              {
                type: 'Bidirectional',
                config: {
                  merge_mode: mode,
                  layer: {
                    class_name: type,
                    config: { name: 'inner', units: UNITS, return_sequences: sequences, reset_after: false },
                  },
                },
                weights: [
                  ...weightsOfCell(cells[0]!, [`forward_inner/${old}`, 'forward_layer/cell']),
                  ...weightsOfCell(cells[1]!, [`backward_inner/${old}`, 'backward_layer/cell']),
                ],
              },
              [
                recurrent(op, sequences ? ['s', ''] : ['', 's'], {
                  direction: { s: 'bidirectional' },
                }),
                node('Split', ['s'], ['p', 'q'], { axis: { i: sequences ? 1 : 0 } }),
                ...['p', 'q'].map((name, k) =>
                  node('Reshape', [name, sequences ? 'rows' : 'row'], [['f', 'g'][k]!]),
                ),
                ...merge,
              ],
              tensorsOf(type, cells),
            );
          }
        }
      });
    }

    it(`GRU with reset_after (${form})`, async () => {
      const cell = cellOf('GRU', { resetAfter: true });
      await beside(
        form,
        {
          type: 'GRU',
          config: { units: UNITS, reset_after: true, return_sequences: true },
          weights: weightsOfCell(cell, ['gru_cell', 'cell']),
        },
        [recurrent('GRU', ['s'], { linear_before_reset: { i: 1 } }), node('Reshape', ['s', 'rows'], ['y'])],
        tensorsOf('GRU', [cell]),
      );
    });

    it(`TimeDistributed of a dense layer is one on every time step (${form})`, async () => {
      const [kernel, bias] = [dataset(FEATURES, 2), dataset(2)];
      const made = await beside(
        form,
        {
          type: 'TimeDistributed',
          config: { layer: { class_name: 'Dense', config: { name: 'd', units: 2, activation: 'tanh' } } },
          weights: [
            ['kernel', kernel, 'layer'],
            ['bias', bias, 'layer'],
          ],
        },
        [node('MatMul', ['x', 'k'], ['m']), node('Add', ['m', 'c'], ['a']), node('Tanh', ['a'], ['y'])],
        { k: { dims: [FEATURES, 2], floats: kernel.data }, c: { dims: [2], floats: bias.data } },
      );
      assert.deepEqual(made, ['reshape', 'conv2d', 'activation', 'reshape']);
    });

    it(`a recurrent layer in a model in a model finds its weights (${form})`, async () => {
      const cell = cellOf('LSTM');
      const dense = dataset(UNITS, 2);
      const inner = {
        layers: [
          input('in', [TIME, FEATURES]),
          {
            type: 'LSTM',
            name: 'lstm',
            config: { units: UNITS },
            weights: weightsOfCell(cell, ['lstm_cell', 'cell']),
          },
          {
            type: 'Dense',
            name: 'd',
            config: { units: 2, use_bias: false },
            weights: [['kernel', dense] as const],
          },
        ],
      };
      await beside(
        form,
        { type: 'Sequential', model: inner },
        [
          recurrent('LSTM', ['', 'h']),
          node('Reshape', ['h', 'row'], ['v']),
          node('MatMul', ['v', 'k'], ['y']),
        ],
        { ...tensorsOf('LSTM', [cell]), k: { dims: [UNITS, 2], floats: dense.data } },
      );
    });

    it(`what is not computed is refused by layer and reason (${form})`, async () => {
      const gru = (config: object): Omit<LayerSpec, 'name'> => ({
        type: 'GRU',
        config: { units: UNITS, ...config },
        weights: weightsOfCell(cellOf('GRU'), ['gru_cell', 'cell']),
      });
      const around = (layer: object, more = {}): Omit<LayerSpec, 'name'> => ({
        type: 'Bidirectional',
        config: { layer, ...more },
      });
      const inner = { class_name: 'GRU', config: { units: UNITS } };
      for (const [layer, expected] of [
        [gru({ stateful: true }), /^GRU layer 'y' keeps its state from one sample to the next/],
        [gru({ time_major: true }), /has time before the batch/],
        [gru({ recurrent_activation: 'tanh' }), /has the recurrent_activation tanh/],
        [gru({ activation: 'softsign' }), /has the activation softsign/],
        [gru({ reset_after: true }), /has weights \[12\] in the file, where \[2, 12\] are needed/],
        [around({ class_name: 'Dense', config: {} }), /around a layer of the class 'Dense'/],
        [around(inner), /has 0 weights in the file; 6 are needed/],
        [
          around({ ...inner, config: { ...inner.config, go_backwards: true } }),
          /is around layers of which the first goes backwards/,
        ],
        [around(inner, { backward_layer: inner }), /or the second does not/],
        [{ type: 'Masking' }, /Masking, which is not supported: which time steps/],
        [
          { type: 'TimeDistributed', config: { layer: { class_name: 'Conv2D', config: {} } } },
          /TimeDistributed, which is not supported: of layers that are repeated over time/,
        ],
        [{ type: 'LSTMCell' }, /LSTMCell, which is not supported: of recurrent layers GRU/],
      ] as const) {
        assert.match(await refusal(form, layer), expected);
      }
    });
  }
});
