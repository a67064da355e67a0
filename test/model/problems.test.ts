import assert from 'node:assert/strict';
import type { UserError } from '../../extension/common/error.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';
import type { ReadFormat } from '../../extension/model/formats/format.ts';
import { importModel, lookAtModel } from '../../extension/model/formats/importModel.ts';
import { keras } from '../../extension/model/formats/keras.ts';
import { onnx } from '../../extension/model/formats/onnx.ts';
import { tflite } from '../../extension/model/formats/tflite.ts';
import { ModelRefusal } from '../../extension/model/import/modelRefusal.ts';
import { FORMS, input, kerasFile } from './keras/kerasBuilder.ts';
import { onnxModel, type NodeSpec } from './onnxBuilder.ts';
import { tfliteModel } from './tflite/writer.ts';

/** What a model is refused with; what it looks like is told beside the same error. */
async function refusal(format: ReadFormat, bytes: Uint8Array): Promise<ModelRefusal> {
  const error: unknown = await importModel(format, bytes, { name: 'test' }).catch((e: unknown) => e);
  assert.ok(error instanceof ModelRefusal, String(error));
  const looked = await lookAtModel(format, bytes, { name: 'test' });
  assert.ok('refusal' in looked);
  assert.deepEqual([looked.refusal.sentence, looked.sketch], [error.sentence, error.sketch]);
  for (const { node } of error.problems)
    assert.ok(error.sketch.nodes.some((n) => n.name === node), node); // prettier-ignore
  return error;
}

const told = ({ problems }: UserError): string[] =>
  problems.map(({ node, operator, label, why }) => `${node}: ${operator}: ${english(say`${label} ${why}`)}`);

const advice = ({ remedies }: UserError): string =>
  remedies.map((r) => (r.do === 'advice' ? english(r.sentence) : r.do)).join(' ');

const odd = (name: string, reads: string, makes: string): NodeSpec => ({
  op: 'Odd',
  name,
  inputs: [reads],
  outputs: [makes],
});

/** Refused for an attribute of another type. */
const leaky = (name: string, reads: string, makes: string): NodeSpec => ({
  op: 'LeakyRelu',
  name,
  inputs: [reads],
  outputs: [makes],
  attributes: { alpha: { s: 'steep' } },
});
const NO_FLOAT = "has an attribute 'alpha' of another type than float";

const X = { name: 'x', shape: [1, 4] };

describe('model: all that is wrong with a model at once', () => {
  it('ONNX: operators and what nodes ask for; nothing of what reads of them', async () => {
    const e = await refusal(
      onnx,
      onnxModel({
        inputs: [X],
        nodes: [
          odd('first', 'x', 'a'),
          leaky('', 'x', 'b'),
          { op: 'Add', name: 'behind', inputs: ['a', 'b'], outputs: ['c'] },
          leaky('last', 'x', 'd'),
          { op: 'Relu', name: 'fine', inputs: ['x'], outputs: ['e'] },
        ],
        outputs: ['c', 'd', 'e'],
        graphExtra: {
          valueInfo: [
            { name: 'a', type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 1 }, { dimValue: 8 }] } } } },
          ],
        },
      }),
    ); // prettier-ignore
    assert.deepEqual(told(e), [
      "first: Odd: Odd node 'first' is an operator that is not supported",
      `LeakyRelu_1: LeakyRelu: LeakyRelu node 'LeakyRelu_1' ${NO_FLOAT}`,
      `last: LeakyRelu: LeakyRelu node 'last' ${NO_FLOAT}`,
    ]);
    assert.equal(
      e.message,
      "The model has 3 nodes that are not supported as they are: Odd node 'first' is an operator that is not supported; " +
        `LeakyRelu node 'LeakyRelu_1' ${NO_FLOAT}; LeakyRelu node 'last' ${NO_FLOAT}.`,
    );
    assert.equal(
      advice(e),
      'Build the model without this operator. Change the model, or export it with other options.',
    );
    assert.equal(e.detail?.split('\n').length, 3);
    assert.deepEqual(
      e.sketch.nodes.map(({ name, operator, inputs, outputs }) => [
        name,
        operator,
        inputs,
        outputs[0]!.shape,
      ]),
      [
        ['first', 'Odd', ['x'], [1, 8]],
        ['LeakyRelu_1', 'LeakyRelu', ['x'], undefined],
        ['behind', 'Add', ['a', 'b'], undefined],
        ['last', 'LeakyRelu', ['x'], undefined],
        ['fine', 'Relu', ['x'], [1, 4]],
      ],
    );
    assert.deepEqual(e.sketch.inputs, [X]);
    assert.deepEqual(e.sketch.outputs.map((o) => o.name), ['c', 'd', 'e']); // prettier-ignore
  });

  it('one problem alone is told as ever', async () => {
    const e = await refusal(onnx, onnxModel({ inputs: [X], nodes: [leaky('l', 'x', 'y')], outputs: ['y'] }));
    assert.equal(e.message, `LeakyRelu node 'l' ${NO_FLOAT}.`);
    assert.equal(e.problems.length, 1);
    assert.equal(e.detail, undefined);
  });

  for (const form of FORMS) {
    it(`Keras: layers, and what layers ask for (${form})`, async () => {
      const layers = [
        input('x', [4]),
        { type: 'Dense', name: 'bare', config: { units: 2 } },
        { type: 'ReLU', name: 'behind' },
        { type: 'Lambda', name: 'code' },
      ];
      const e = await refusal(keras, kerasFile({ layers }, form));
      assert.deepEqual(told(e), [
        "bare: Dense: Dense layer 'bare' has 0 weights in the file; 2 are needed",
        "code: Lambda: Lambda layer 'code' is not supported: it holds Python code, which is never run",
      ]);
      assert.match(advice(e), /Save the model again.*Build the model without this layer/);
      assert.deepEqual(e.sketch.nodes.map((n) => n.name), ['bare', 'behind', 'code']); // prettier-ignore
    });
  }

  it('TensorFlow Lite: operators, and what operators ask for; the file tells every shape', async () => {
    const flows = Array.from({ length: 4 }, (_, k) => ({ name: `t${k}`, shape: [1, 4] }));
    const e = await refusal(
      tflite,
      tfliteModel({
        tensors: flows,
        operators: [
          { op: 'TRANSPOSE', inputs: [0], outputs: [1] },
          { op: 'ethos-u', inputs: [0], outputs: [2] },
          { op: 'ADD', inputs: [1, 2], outputs: [3] },
        ],
        inputs: [0],
        outputs: [3],
      }),
    );
    assert.deepEqual(told(e).slice(1), ["CUSTOM_1: ethos-u: ethos-u node 'CUSTOM_1' is compiled for an NPU"]);
    assert.equal(e.problems[0]!.node, 'TRANSPOSE_0');
    assert.match(advice(e), /before it was converted for the NPU/);
    assert.ok(e.sketch.nodes.every(({ outputs }) => outputs[0]!.shape?.join() === '1,4'));
  });

  it('what concerns no node leaves the model to be looked at, too', async () => {
    const relu = { op: 'Relu', name: 'r', inputs: ['x'], outputs: ['y'] };
    const open = await refusal(
      onnx,
      onnxModel({ inputs: [{ name: 'x', shape: [1, 'N'] }], nodes: [relu], outputs: ['y'] }),
    );
    assert.match(open.message, /Dimension 1 of input 'x' is the symbol 'N'/);
    assert.deepEqual(open.problems, []);
    assert.deepEqual(open.sketch.inputs, [{ name: 'x', shape: undefined }]);
    const wide = { name: 'x', shape: [1, 2 ** 24] };
    const nodes = [relu, { op: 'Relu', name: 's', inputs: ['y'], outputs: ['z'] }];
    const large = await refusal(onnx, onnxModel({ inputs: [wide], nodes, outputs: ['z'] }));
    assert.match(large.message, /activations have 50331648 elements together/);
    assert.deepEqual(large.sketch.nodes.map((n) => n.name), ['r', 's']); // prettier-ignore
  });

  it('thousands of problems: all operators, of the others so many as may be looked at', async () => {
    const nodes = Array.from({ length: 10_000 }, (_, k) =>
      k % 2 === 0 ? odd(`o${k}`, 'x', `y${k}`) : leaky(`l${k}`, 'x', `y${k}`),
    );
    const e = await refusal(
      onnx,
      onnxModel({ inputs: [X], nodes, outputs: nodes.map((n) => n.outputs[0]!) }),
    );
    assert.equal(e.problems.filter((p) => p.operator === 'Odd').length, 5000);
    assert.equal(e.problems.filter((p) => p.operator === 'LeakyRelu').length, 100);
    assert.match(e.message, /^The model has 5100 nodes .{100,500}; and 5097 more\.$/);
    assert.match(advice(e), / showProblems$/);
    assert.match(e.detail!, /\nand 4100 more$/);
  });

  it('a limit of the whole model ends the looking', async () => {
    const sum = { op: 'Sum', name: 'wide', inputs: Array<string>(60_000).fill('x'), outputs: ['a'] };
    const e = await refusal(
      onnx,
      onnxModel({
        inputs: [X],
        nodes: [leaky('l', 'x', 'b'), sum, leaky('m', 'x', 'c')],
        outputs: ['a', 'b', 'c'],
      }),
    );
    assert.deepEqual(e.problems.map((p) => p.node), ['l', 'wide']); // prettier-ignore
    assert.match(e.message, /Sum node 'wide' goes beyond what is handled: /);
  });
});
