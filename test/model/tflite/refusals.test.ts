import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../extension/common/error.ts';
import { english } from '../../../extension/common/errors/sentence.ts';
import { productRoot } from '../../../extension/common/resources.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { tfliteEnds } from '../../../extension/model/formats/tflite/ends.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { readTflite } from '../../../extension/model/formats/tflite/model.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { elements } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { Random } from '../../support/random.ts';
import { randomLstm } from './statefulSpecs.ts';
import { type TfliteOperatorSpec, tfliteModel, type TfliteSpec, type TfliteTensorSpec } from './writer.ts';

/** A chain of operators on rows of 4, each of its own kind. */
function chain(
  operators: readonly (Partial<TfliteOperatorSpec> & { op: string })[],
  tensors: TfliteTensorSpec[] = [],
): TfliteSpec {
  const flows = Array.from({ length: operators.length + 1 }, (_, k) => ({ name: `t${k}`, shape: [1, 4] }));
  return {
    tensors: [...flows, ...tensors],
    operators: operators.map((o, k) => ({ outputs: [k + 1], ...o, inputs: o.inputs ?? [k] })),
    inputs: [0],
    outputs: [operators.length],
  };
}

function refusal(spec: TfliteSpec, defines?: Record<string, number>): UserError {
  try {
    finished(importTflite(tfliteModel(spec), { name: 'net', defines }));
  } catch (e) {
    assert.ok(e instanceof UserError, String(e));
    return e;
  }
  throw new Error('nothing was refused');
}

const advice = (e: UserError): string =>
  e.remedies.map((r) => (r.do === 'advice' ? english(r.sentence) : r.do)).join(' ');

describe('model/tflite: what is refused', () => {
  it('operators that are not supported: all of them, each with its place, and what helps', () => {
    const e = refusal(
      chain([
        { op: 'EMBEDDING_LOOKUP' },
        { op: 'RELU' },
        { op: 'FlexErf' },
        { op: 'EMBEDDING_LOOKUP' },
        { op: 'ethos-u' },
        { op: 'STABLEHLO_ADD' },
      ]),
    );
    assert.equal(
      e.message,
      'The model has 4 operators that are not supported: EMBEDDING_LOOKUP (operator 0), FlexErf, which only TensorFlow itself computes (operator 2), ethos-u, which is compiled for an NPU (operator 4), BUILTIN_163 (operator 5).',
    );
    assert.match(
      advice(e),
      /Ask for the file from before it was converted for the NPU.*TFLITE_BUILTINS.*Supported are ABS, ADD/,
    );
  });

  it('an LSTM of integers that would forget between inferences', () => {
    const spec = randomLstm(new Random(1), 'INT16');
    for (const tensor of spec.tensors.filter((t) => t.isVariable)) {
      tensor.data = new Array<number>(elements(tensor.shape)).fill(0);
      delete tensor.isVariable;
    }
    assert.match(
      refusal(spec).message,
      /has constants for its states, which only an LSTM of real numbers may have/,
    );
  });

  it('what an LSTM does beside the plain one, by name', () => {
    const matrix = { shape: [2, 3], data: [0, 0, 0, 0, 0, 0] };
    const square = { shape: [2, 2], data: [0, 0, 0, 0] };
    const row = { shape: [2], data: [0, 0] };
    const state = { shape: [1, 2], isVariable: true };
    const lstm = (
      change: Record<number, number>,
      options = {},
      first: TfliteTensorSpec = state,
    ): TfliteSpec => {
      const plain = [0, 1, 1, 1, 1, 2, 2, 2, 2, -1, -1, -1, 3, 3, 3, 3, -1, -1, 4, 5];
      const inputs = Array.from({ length: 24 }, (_, k) => change[k] ?? plain[k] ?? -1);
      return {
        tensors: [{ shape: [1, 4, 3] }, matrix, square, row, first, state, { shape: [1, 4, 2] }],
        operators: [
          {
            op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
            inputs,
            outputs: [6],
            options: { activation: 4, ...options },
          },
        ],
        inputs: [0],
        outputs: [6],
      };
    };
    for (const [spec, why] of [
      [lstm({ 9: 3 }), /has peepholes/],
      [lstm({ 16: 2 }), /projects its hidden state/],
      [lstm({ 20: 3 }), /normalizes its gates/],
      [lstm({ 1: -1 }), /couples its input and forget gates/],
      [lstm({}, { activation: 2 }), /has the activation RELU_N1_TO_1/],
      [lstm({}, {}, { shape: [1, 2], data: [1, 0] }), /begins with a state that is not zero/],
      [
        lstm({}, {}, { shape: [1, 2], data: [0, 0] }),
        /keeps one of its states and has a constant for the other/,
      ],
      [lstm({ 18: 0 }), /has no variable for its state/],
      [lstm({}, { timeMajor: 1 }), /reads a batch of 4 sequences/],
      [lstm({ 2: 2 }), /has weights of the shape \[2, 2\]; \[2, 3\] is needed/],
      [lstm({ 7: 3 }), /has recurrent weights of the shape \[2\]; \[2, 2\] is needed/],
      [lstm({ 13: 2 }), /has biases of the shape \[2, 2\]; \[2\] is needed/],
    ] as const) {
      assert.match(refusal(spec).message, why);
    }
  });

  it('files for NPUs and with custom operators, by name and with whom to ask', () => {
    for (const [op, what, helps] of [
      ['NeutronGraph', 'NeutronGraph, which is compiled for an NPU', /before it was converted for the NPU/],
      [
        'TFLite_Detection_PostProcess',
        'TFLite_Detection_PostProcess, a custom operator',
        /before its conversion/,
      ],
    ] as const) {
      const e = refusal(chain([{ op }]));
      assert.equal(e.message, `The model has an operator that is not supported: ${what} (operator 0).`);
      assert.match(advice(e), helps);
    }
  });

  it('not a network that is quantized already: its integers come along', () => {
    const bytes = new Uint8Array(
      readFileSync(path.join(productRoot, 'test/model/tflite/conv_pool_dense_i8.tflite')),
    );
    const graph = importTflite(bytes, { name: 'net' });
    assert.ok(isIntegerGraph(graph) && isIntegerGraph(finished(graph)));
    const [network] = readTflite(bytes).subgraphs;
    const [conv] = network!.operators;
    assert.ok(conv?.type === 'CONV_2D');
    const weights = network!.tensors[conv.inputs[1]!]!;
    assert.equal(weights.type, 'INT8');
    assert.equal(weights.quantization!.scales.length, weights.shape[0]);
    assert.equal(weights.data!.length, weights.shape.reduce((a, b) => a * b, 1)); // prettier-ignore
  });

  it('not a network in float whose ends are quantized: these are real numbers, what does not fit cut off', () => {
    const scaled = { type: 'INT8', scales: [0.5], zeroPoints: [2] } as const;
    const spec = chain([{ op: 'DEQUANTIZE' }, { op: 'NEG' }, { op: 'QUANTIZE' }]);
    for (const k of [0, 3]) Object.assign(spec.tensors[k]!, structuredClone(scaled));
    const bytes = tfliteModel(spec);
    assert.equal(tfliteEnds(bytes).isQuantized, false);
    const graph = finished(importTflite(bytes, { name: 'net' }));
    assert.deepEqual(
      graph.nodes.map((n) => (n.kind === 'mul' ? n.clamp : n.kind)),
      [{ min: -65, max: 62.5 }],
    );
    assert.ok(!isIntegerGraph(graph));
    // one that goes on with integers is no network in float, and this one none in integers
    const further = chain([{ op: 'DEQUANTIZE' }, { op: 'NEG' }, { op: 'QUANTIZE' }, { op: 'RELU' }]);
    for (const k of [0, 3, 4]) Object.assign(further.tensors[k]!, structuredClone(scaled));
    const mixed = importTflite(tfliteModel(further), { name: 'net' });
    assert.ok(isIntegerGraph(mixed));
    assert.throws(
      () => tfliteIntegers(mixed),
      (e) =>
        e instanceof UserError &&
        e.code === 'model' &&
        /quantized, and has an operator that is not computed in integers yet: NEG \(operator 1\)/.test(
          e.message,
        ),
    );
  });

  it('a quantized network that quantizes an input in two ways, or real numbers within it', () => {
    const int8 = (scale: number): TfliteTensorSpec => ({
      ...{ shape: [1, 4], type: 'INT8', scales: [scale], zeroPoints: [0] },
    });
    const real = { shape: [1, 4] };
    const network = (
      tensors: readonly TfliteTensorSpec[],
      ops: readonly (readonly [string, number[], number])[],
    ): TfliteSpec => ({
      tensors: tensors.map((t, k) => ({ name: `t${k}`, ...structuredClone(t) })),
      operators: ops.map(([op, inputs, output]) => ({ op, inputs, outputs: [output] })),
      inputs: [0],
      outputs: [tensors.length - 1],
    });
    const lowered = (spec: TfliteSpec) => () => {
      const graph = importTflite(tfliteModel(spec), { name: 'net' });
      assert.ok(isIntegerGraph(graph));
      return tfliteIntegers(graph);
    };
    const twice = (second: number): TfliteSpec =>
      network(
        [real, int8(0.5), int8(second), int8(1)],
        [
          ['QUANTIZE', [0], 1],
          ['QUANTIZE', [0], 2],
          ['ADD', [1, 2], 3],
        ],
      );
    lowered(twice(0.5))();
    const within = network(
      [int8(0.5), real, int8(0.25), int8(0.25)],
      [
        ['DEQUANTIZE', [0], 1],
        ['QUANTIZE', [1], 2],
        ['RELU', [2], 3],
      ],
    );
    for (const spec of [twice(0.25), within]) {
      assert.throws(
        lowered(spec),
        (e) => e instanceof UserError && e.code === 'model' && /quantizes real numbers/.test(e.message),
      );
    }
  });

  it('scales too far apart for its arithmetic, by the node', () => {
    const int8 = (name: string, scale: number): TfliteTensorSpec => ({
      ...{ name, shape: [1, 4], type: 'INT8', scales: [scale], zeroPoints: [0] },
    });
    const lowered = (op: string, x: number, y: number, options?: Record<string, number>) => {
      const two = ['ADD', 'SUB', 'MUL'].includes(op);
      const graph = importTflite(
        tfliteModel({
          tensors: [int8('x', x), int8('y', y)],
          operators: [{ op, inputs: two ? [0, 0] : [0], outputs: [1], ...(options && { options }) }],
          inputs: [0],
          outputs: [1],
        }),
        { name: 'net' },
      );
      assert.ok(isIntegerGraph(graph));
      return tfliteIntegers(graph);
    };
    for (const op of ['RELU', 'ABS', 'HARD_SWISH', 'ADD', 'SUB', 'MUL', 'LEAKY_RELU', 'QUANTIZE']) {
      lowered(op, 0.5, 0.25, op === 'LEAKY_RELU' ? { alpha: 0.1 } : undefined);
      for (const [x, y] of [
        [1e36, 1e-38],
        [1e20, 1e-20],
      ] as const) {
        // prettier-ignore
        assert.throws(
          () => lowered(op, x, y),
          (e) =>
            e instanceof UserError &&
            e.code === 'model' &&
            e.message.startsWith(`${op} node '${op}_0' has `) &&
            / scales too far apart for 32 bits\.$/.test(e.message),
          op,
        );
      }
    }
    assert.throws(() => lowered('ADD', 1, 2 ** -22), /scales too far apart for 32 bits/);
    lowered('ADD', 1, 2 ** -20);
  });

  it('what contradicts itself, by its place', () => {
    const relu = chain([{ op: 'RELU' }]);
    const changed = (change: (spec: TfliteSpec) => void): UserError => {
      const spec = structuredClone(relu);
      change(spec);
      return refusal(spec);
    };
    const cases: readonly (readonly [RegExp, (spec: TfliteSpec) => void])[] = [
      [/Operator 0, RELU, names tensor 7 of 2/, (s) => (s.operators[0]!.inputs = [7])],
      [/Operator 0, RELU, names tensor -1 of 2/, (s) => (s.operators[0]!.outputs = [-1])],
      [/The network names tensor 9 of 2/, (s) => (s.outputs = [9])],
      [/The model has no output/, (s) => (s.outputs = [])],
      [/The model lists output 't1' twice/, (s) => (s.outputs = [1, 1])],
      [/Tensor 1, 't1', has a dimension of -4/, (s) => (s.tensors[1]!.shape = [1, -4])],
      [/more than 16777216 elements/, (s) => (s.tensors[1]!.shape = [2 ** 20, 2 ** 20])],
      [/Tensor 0, 't0', has 8 bytes where its shape needs 16/, (s) => (s.tensors[0]!.data = [1, 2])],
      [/has 2 scales and 3 zero points/, (s) => Object.assign(s.tensors[0]!, { scales: [1, 1], zeroPoints: [0, 0, 0] })], // prettier-ignore
      [/has 3 dimensions in its signature, 2 in its shape/, (s) => (s.tensors[0]!.signature = [-1, 4, 4])],
      [/Dimension 1 of input 't0' has no size/, (s) => (s.tensors[0]!.signature = [-1, -1])],
      [/Input 't0' has elements of INT32; FLOAT32 is supported/, (s) => (s.tensors[0]!.type = 'INT32')],
      [
        /at most 10000 are read/,
        (s) => (s.operators = new Array<TfliteOperatorSpec>(10_001).fill(s.operators[0]!)),
      ],
      [/has the options of another operator/, (s) => Object.assign(s.operators[0]!, { op: 'ADD', inputs: [0, 0], optionsType: 1 })], // prettier-ignore
      [/The model has option 9, where NONE/, (s) => Object.assign(s.operators[0]!, { op: 'ADD', inputs: [0, 0], options: { activation: 9 } })], // prettier-ignore
      [/has the activation SIGN_BIT/, (s) => Object.assign(s.operators[0]!, { op: 'ADD', inputs: [0, 0], options: { activation: 5 } })], // prettier-ignore
      [/no whole TensorFlow Lite model/, (s) => (s.version = 2)],
    ];
    for (const [pattern, change] of cases) assert.match(changed(change).message, pattern);
    assert.match(refusal(relu, { N: 1 }).message, /no symbolic dimension 'N'/);
  });

  it('many tables that refer to one long list, before memory is spent on it', () => {
    // each tensor's name is as long as names may be: together more than is decoded
    const name = 'n'.repeat(60_000);
    const spec = chain([{ op: 'RELU' }], new Array<TfliteTensorSpec>(100).fill({ name, shape: [1] }));
    assert.match(refusal(spec).message, /asks for more than 4000000 names and numbers/);
  });

  it('sparse weights that do not fit their shape', () => {
    const weights = (sparsity: NonNullable<TfliteTensorSpec['sparsity']>): TfliteSpec =>
      chain(
        [{ op: 'FULLY_CONNECTED', inputs: [0, 2] }],
        [{ name: 'w', shape: [4, 4], data: [1, 2], sparsity }],
      );
    const rows = { size: 4 };
    const sparse = { segments: [0, 1, 1, 1, 2], indices: [3, 0] };
    const good = { order: [0, 1], blockMap: [], levels: [rows, sparse] };
    assert.ok(importTflite(tfliteModel(weights(good)), { name: 'net' }));
    const cases: readonly (readonly [RegExp, NonNullable<TfliteTensorSpec['sparsity']>])[] = [
      [/dimensions that it does not have/, { ...good, order: [0, 0] }],
      [
        /dimensions that it does not have/,
        { ...good, order: [0, 1, 2], blockMap: [2], levels: [rows, sparse, rows] },
      ],
      [/does not fit its shape/, { ...good, levels: [{ size: 3 }, sparse] }],
      [/does not fit its shape/, { ...good, levels: [rows, { ...sparse, indices: [4, 0] }] }],
      [/does not fit its shape/, { ...good, levels: [rows, { ...sparse, segments: [0, 2, 1, 1, 2] }] }],
      [/does not fit its shape/, { ...good, levels: [rows, { ...sparse, segments: [0, 1] }] }],
      [
        /has 8 bytes where its elements need 4/,
        { ...good, levels: [rows, { segments: [0, 1, 1, 1, 1], indices: [3] }] },
      ],
    ];
    for (const [pattern, bad] of cases) assert.match(refusal(weights(bad)).message, pattern);
  });

  it('signatures and metadata are read with what they name', () => {
    const spec = chain([{ op: 'RELU' }]);
    const bytes = tfliteModel({
      ...spec,
      signatures: [{ key: 'serving_default', inputs: { x: 0 }, outputs: { y: 1 } }],
      metadata: { min_runtime_version: '1.5.0' },
    });
    const { signatures, metadata } = readTflite(bytes);
    assert.deepEqual(signatures, [
      {
        key: 'serving_default',
        subgraph: 0,
        inputs: [{ name: 'x', tensor: 0 }],
        outputs: [{ name: 'y', tensor: 1 }],
      },
    ]);
    assert.deepEqual(metadata.map(({ name, data }) => [name, Buffer.from(data).toString()]), [
      ['min_runtime_version', '1.5.0'],
    ]); // prettier-ignore
  });
});
