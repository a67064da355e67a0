import assert from 'node:assert/strict';
import { errorOf, UserError } from '../../../extension/common/error.ts';
import { english } from '../../../extension/common/errors/sentence.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { ModelRefusal } from '../../../extension/model/import/modelRefusal.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { inPlace } from '../../../extension/workflow/tasks/tasks.ts';
import { tfliteModel, type TfliteSpec, type TfliteTensorSpec } from '../../model/tflite/writer.ts';

const int8 = (name: string, scale = 0.5): TfliteTensorSpec => ({
  ...{ name, shape: [1, 4], type: 'INT8', scales: [scale], zeroPoints: [0] },
});

/** A network of int8 tensors; each operator makes the tensor that is called after its place: `t0`. */
function network(
  ops: readonly (readonly [op: string, reads: readonly number[], scale?: number])[],
): TfliteSpec {
  return {
    tensors: [int8('x'), ...ops.map(([, , scale], k) => int8(`t${k}`, scale))],
    operators: ops.map(([op, reads], k) => ({ op, inputs: [...reads], outputs: [k + 1] })),
    inputs: [0],
    outputs: [ops.length],
  };
}

function refusal(spec: TfliteSpec): ModelRefusal {
  const graph = importTflite(tfliteModel(spec), { name: 'net' });
  assert.ok(isIntegerGraph(graph));
  try {
    tfliteIntegers(graph);
  } catch (e) {
    assert.ok(e instanceof ModelRefusal, String(e));
    return e;
  }
  throw new Error('it is not refused');
}

/** NEG is no operator of integers here; a RELU whose scales are too far apart; what follows them, and an ADD that is sound. */
const MIXED = network([
  ['NEG', [0]],
  ['RELU', [1]],
  ['RELU', [0], 1e-30],
  ['ADD', [0, 0]],
  ['ADD', [4, 2]],
  ['ADD', [5, 3]],
]);

describe('quantize: TensorFlow Lite networks that cannot be computed in their integers', () => {
  it('a scale whose numbers are beyond float32 is none', () => {
    const { message } = refusal(network([['RELU', [0], 3e38]]));
    assert.match(message, /^RELU node 'RELU_0' has the scale 3\.0\d*e\+38\.$/);
  });

  it('an output of other parameters than its operator has is told with those of the file, uint8 too', () => {
    const message = (op: string, type: 'INT8' | 'UINT8', scale: number, zero: number): string => {
      const spec = network([[op, [0]]]);
      spec.operators[0]!.options = { beta: 1 };
      spec.tensors[0]!.type = type;
      spec.tensors[1] = { ...spec.tensors[1]!, type, scales: [scale], zeroPoints: [zero] };
      return refusal(spec).message;
    };
    const needs = (op: string, what: string): string =>
      `${op} node '${op}_0' has an output ${what} is needed.`;
    const log = (what: string): string => needs('LOG_SOFTMAX', what);
    assert.equal(message('LOG_SOFTMAX', 'INT8', 1 / 8, 127), log('of scale 0.125; 1/16'));
    assert.equal(message('LOG_SOFTMAX', 'INT8', 1 / 16, 0), log('with the zero point 0; 127'));
    assert.equal(message('LOG_SOFTMAX', 'UINT8', 1 / 16, 127), log('with the zero point 127; 255'));
    const soft = (what: string): string => needs('SOFTMAX', what);
    assert.equal(message('SOFTMAX', 'INT8', 1 / 128, -128), soft('of scale 0.0078125; 1/256'));
    assert.equal(message('SOFTMAX', 'INT8', 1 / 256, 0), soft('with the zero point 0; -128'));
    assert.equal(message('SOFTMAX', 'UINT8', 1 / 256, 128), soft('with the zero point 128; 0'));
  });

  it('every node is told, with why and what would be needed, and none that only follows one', () => {
    const e = refusal(MIXED);
    assert.deepEqual(
      e.problems.map(({ node, operator, label, why }) => [node, operator, english(label), english(why)]),
      [
        ['NEG_0', 'NEG', "NEG node 'NEG_0'", 'is not computed in integers yet'],
        ['RELU_2', 'RELU', "RELU node 'RELU_2'", 'has scales too far apart for 32 bits'],
      ],
    );
    assert.ok(e.problems.every(({ needed }) => needed.length === 1));
    assert.equal(
      e.message,
      "The model has 2 nodes that are not supported as they are: NEG node 'NEG_0' is not computed in integers yet; " +
        "RELU node 'RELU_2' has scales too far apart for 32 bits.",
    );
    assert.match(e.detail!, /NEG_0.*\n.*RELU_2/);
  });

  it('operators of one kind are one sentence, behind others too', () => {
    const e = refusal(network([['NEG', [0]], ['ABS', [1]], ['NEG', [2]]])); // prettier-ignore
    assert.equal(
      e.message,
      'The model is quantized, and has an operator that is not computed in integers yet: NEG (operator 0).',
    );
    assert.deepEqual(
      e.problems.map((p) => p.node),
      ['NEG_0', 'NEG_2'],
    );
  });

  it('it can be drawn as its file has it', () => {
    const { sketch, problems } = refusal(MIXED);
    assert.deepEqual(
      sketch.nodes.map((n) => [n.name, n.operator, n.inputs, n.outputs]),
      MIXED.operators.map(({ op, inputs }, k) => [
        `${op}_${k}`,
        op,
        inputs.map((i) => (i === 0 ? 'x' : `t${i - 1}`)),
        [{ name: `t${k}`, shape: [1, 4] }],
      ]),
    );
    const names = new Set(sketch.nodes.map((n) => n.name));
    assert.ok(problems.every(({ node }) => names.has(node)));
    assert.deepEqual(
      [sketch.inputs, sketch.outputs],
      [[{ name: 'x', shape: [1, 4] }], [{ name: 't5', shape: [1, 4] }]],
    );
  });

  it('whoever looks at such a model sees it refused', async () => {
    const model = (spec: TfliteSpec) => ({
      file: 'net.tflite',
      bytes: tfliteModel(spec),
      options: { name: 'net' },
    });
    const looked = await inPlace('lookAtModel', model(MIXED));
    assert.ok('refusal' in looked);
    assert.equal(looked.refusal.problems.length, 2);
    assert.ok(errorOf(looked.refusal) instanceof UserError);
    assert.match(english(looked.refusal.sentence), /^net\.tflite: The model has 2 nodes/);
    assert.ok('graph' in (await inPlace('lookAtModel', model(network([['ADD', [0, 0]]])))));
  });
});
