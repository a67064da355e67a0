import fc from 'fast-check';
import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { importOnnx } from '../../extension/model/formats/onnx/import.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import type { AttributeSpec, ModelSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';
import { onnxModel } from './onnxBuilder.ts';
import { agrees, graphAgrees, kinds, random, randomFloats, runs } from './oracle.ts';

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;
type Op = keyof typeof GATES;

interface Layer {
  readonly op: Op;
  readonly seed: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
}

const LAYER = fc.record({
  op: fc.constantFrom<Op>('LSTM', 'GRU', 'RNN'),
  seed: fc.integer(),
  time: fc.integer({ min: 1, max: 7 }),
  features: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 5 }),
  direction: fc.constantFrom('forward' as const, 'reverse' as const, 'bidirectional' as const),
});

const SEQUENCE: Layer = { op: 'GRU', seed: 1, time: 4, features: 3, units: 2, direction: 'forward' };

function weights({ op, seed, features, units, direction }: Layer): Record<string, TensorSpec> {
  const next = random(seed);
  const directions = direction === 'bidirectional' ? 2 : 1;
  const rows = GATES[op] * units;
  const tensor = (dims: readonly number[]): TensorSpec => ({
    dims,
    floats: randomFloats(dims.reduce((n, d) => n * d, 1), next), // prettier-ignore
  });
  return {
    w: tensor([directions, rows, features]),
    r: tensor([directions, rows, units]),
    b: tensor([directions, 2 * rows]),
  };
}

/** A time-major layer behind the transpose that exporters of batch-first networks write. */
function model(layer: Layer, node: Partial<NodeSpec> = {}, rest: Partial<ModelSpec> = {}): ModelSpec {
  const { op, time, features, units, direction } = layer;
  return {
    opset: 14,
    inputs: [{ name: 'x', shape: [1, time, features] }],
    outputs: ['y'],
    ...rest,
    initializers: { ...weights(layer), ...rest.initializers },
    nodes: [
      { op: 'Transpose', inputs: ['x'], outputs: ['rows'], attributes: { perm: { ints: [1, 0, 2] } } },
      {
        op,
        name: 'layer',
        inputs: ['rows', 'w', 'r', 'b'],
        outputs: ['y'],
        ...node,
        attributes: { hidden_size: { i: units }, direction: { s: direction }, ...node.attributes },
      },
      ...(rest.nodes ?? []),
    ],
  };
}

describe('model: recurrent layers of ONNX', () => {
  it('read time steps that are an input as it is', async () => {
    for (const op of ['LSTM', 'GRU', 'RNN'] as const) {
      const spec = model({ ...SEQUENCE, op }, { inputs: ['x', 'w', 'r', 'b'] });
      await agrees({ ...spec, inputs: [{ name: 'x', shape: [4, 1, 3] }], nodes: spec.nodes!.slice(1) });
    }
  });

  it('agree with onnxruntime for random shapes, directions, outputs, functions and biases', async () => {
    await fc.assert(
      fc.asyncProperty(
        LAYER,
        fc.constantFrom(['y', ''], ['', 'h'], ['y', 'h']),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('default', 'Relu', 'HardSigmoid', 'HardSigmoid 0.3 0.4'),
        async (layer, outputs, hasBias, linearBeforeReset, functions) => {
          const attributes: Record<string, AttributeSpec> = {};
          if (layer.op === 'GRU') attributes['linear_before_reset'] = { i: Number(linearBeforeReset) };
          if (functions !== 'default') {
            const [name, alpha, beta] = functions.split(' ');
            const gate = layer.op === 'RNN' ? [] : [name === 'Relu' ? 'Sigmoid' : name!];
            const candidate = name === 'Relu' || layer.op === 'RNN' ? [name!] : ['Tanh'];
            const names = [...gate, ...candidate, ...(layer.op === 'LSTM' ? ['Tanh'] : [])];
            const count = layer.direction === 'bidirectional' ? 2 : 1;
            attributes['activations'] = { strings: Array.from({ length: count }, () => names).flat() };
            if (alpha !== undefined) {
              attributes['activation_alpha'] = { floats: new Array<number>(count).fill(Number(alpha)) };
              attributes['activation_beta'] = { floats: new Array<number>(count).fill(Number(beta)) };
            }
          }
          const inputs = ['rows', 'w', 'r', ...(hasBias ? ['b'] : [])];
          await agrees(
            model(layer, { inputs, outputs, attributes }, { outputs: outputs.filter((name) => name !== '') }),
            { tolerance: 1e-5 },
          );
        },
      ),
      runs(150),
    );
  });

  it('with layout 1 are those with layout 0, their tensors transposed', async () => {
    for (const direction of ['forward', 'bidirectional'] as const) {
      const layer = { ...SEQUENCE, op: 'LSTM', direction } as const;
      const spec = model(layer, { outputs: ['all', 'last'] }, { outputs: ['y', 'h'] });
      const batchFirst = onnxModel({
        ...spec,
        nodes: [
          { op: 'LSTM', inputs: ['x', 'w', 'r', 'b'], outputs: ['y', 'h'], attributes: { ...spec.nodes[1]!.attributes, layout: { i: 1 } } }, // prettier-ignore
        ],
      });
      const timeFirst = onnxModel({
        ...spec,
        nodes: [
          ...spec.nodes,
          { op: 'Transpose', inputs: ['all'], outputs: ['y'], attributes: { perm: { ints: [2, 0, 1, 3] } } },
          { op: 'Transpose', inputs: ['last'], outputs: ['h'], attributes: { perm: { ints: [1, 0, 2] } } },
        ],
      });
      await graphAgrees(importOnnx(batchFirst, { name: 'test' }), timeFirst, { tolerance: 1e-5 });
    }
  });

  it('take states of zeros and full lengths, as torch.onnx.export and tf2onnx write them', async () => {
    // torch: zeros of a shape that is computed from the input's
    const zeros: NodeSpec[] = [
      { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
      { op: 'Gather', inputs: ['shape', 'zero'], outputs: ['batch'], attributes: { axis: { i: 0 } } },
      {
        op: 'Concat',
        inputs: ['one', 'batch', 'units'],
        outputs: ['wanted'],
        attributes: { axis: { i: 0 } },
      },
      { op: 'ConstantOfShape', inputs: ['wanted'], outputs: ['state'] },
    ];
    const tail: NodeSpec[] = [
      { op: 'Squeeze', inputs: ['all', 'one'], outputs: ['rows2'] },
      { op: 'Transpose', inputs: ['rows2'], outputs: ['y'], attributes: { perm: { ints: [1, 0, 2] } } },
    ];
    for (const op of ['LSTM', 'GRU', 'RNN'] as const) {
      const layer = { ...SEQUENCE, op };
      const states = op === 'LSTM' ? ['state', 'state'] : ['state'];
      const spec = model(
        layer,
        { inputs: ['rows', 'w', 'r', 'b', 'lengths', ...states], outputs: ['all'] },
        {
          initializers: {
            zero: { dims: [1], ints: [0] },
            one: { dims: [1], ints: [1] },
            units: { dims: [1], ints: [layer.units] },
            // int32 is what the operator takes
            lengths: { dims: [1], extra: { dataType: 6, int32Data: [layer.time] } },
          },
        },
      );
      const nodes = [...zeros, ...spec.nodes, ...tail];
      const graph = await agrees({ ...spec, nodes }, { tolerance: 1e-5 });
      assert.deepEqual(kinds(graph), ['recurrent'], 'nothing is moved around it');
    }
  });

  it('bidirectional ones are two and a concatenation', async () => {
    const spec = model({ ...SEQUENCE, direction: 'bidirectional' }, { outputs: ['', 'y'] });
    const graph = await agrees(spec, { tolerance: 1e-5 });
    assert.deepEqual(kinds(graph), ['recurrent', 'recurrent', 'concat', 'reshape']);
  });

  it('are refused by name for what they do not compute', () => {
    const refused = (layer: Layer, node: Partial<NodeSpec>, rest: Partial<ModelSpec> = {}): string => {
      try {
        importedOnnx(onnxModel(model(layer, node, rest)), { name: 'test' });
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'model', String(e));
        return e.message;
      }
      assert.fail('not refused');
    };
    const lstm = { ...SEQUENCE, op: 'LSTM' } as const;
    const attribute = (name: string, value: AttributeSpec) => ({ attributes: { [name]: value } });
    const ones = { dims: [1, 1, 2], floats: [1, 1] };
    const inputs = (k: number, name: string): Partial<NodeSpec> => {
      const all = new Array<string>(k).fill('');
      return { inputs: [...['rows', 'w', 'r', 'b', ...all].slice(0, k), name] };
    };
    const cases: readonly (readonly [string, RegExp])[] = [
      [refused(lstm, attribute('clip', { f: 3 })), /LSTM node 'layer' clips/],
      [refused(lstm, attribute('input_forget', { i: 1 })), /couples its input and forget gates/],
      [refused(lstm, { outputs: ['', '', 'y'] }), /asked for its last cell state/],
      [
        refused(lstm, inputs(7, 'p'), { initializers: { p: { dims: [1, 6], floats: [1, 1, 1, 1, 1, 1] } } }),
        /has peepholes/,
      ],
      [refused(SEQUENCE, inputs(5, 's'), { initializers: { s: ones } }), /hidden state that is not zero/],
      [
        refused(SEQUENCE, inputs(5, 's'), {
          inputs: [
            { name: 'x', shape: [1, 4, 3] },
            { name: 's', shape: [1, 1, 2] },
          ],
        }),
        /given its first hidden state at run time/,
      ],
      [
        refused(SEQUENCE, inputs(4, 'n'), { initializers: { n: { dims: [1], ints: [3] } } }),
        /reads 3 of 4 time steps/,
      ],
      [
        refused(SEQUENCE, attribute('activations', { strings: ['Sigmoid', 'Softsign'] })),
        /has the activation Softsign/,
      ],
      [refused(SEQUENCE, attribute('activations', { strings: ['Tanh', 'Tanh'] })), /has Tanh for its gates/],
      [refused(SEQUENCE, attribute('activations', { strings: ['Tanh'] })), /names 1 activations; 2/],
      [refused(SEQUENCE, attribute('hidden_size', { i: 3 })), /has 2 units in its weights and 3/],
      [refused(SEQUENCE, attribute('direction', { s: 'both' })), /has the direction 'both'/],
      [
        refused(SEQUENCE, {}, { initializers: { w: { dims: [1, 6, 2], floats: new Float32Array(12) } } }),
        /has weights \[1, 6, 2\]/,
      ],
    ];
    for (const [message, expected] of cases) assert.match(message, expected);
  });
});
