import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { rewrittenForGlow, withIntegerOutputs } from '../../extension/glow/rewrite.ts';
import { decodeModel, toNumber } from '../../extension/model/formats/onnx/proto.ts';
import { type NodeSpec, onnxModel } from '../model/onnxBuilder.ts';
import { Random } from '../support/random.ts';

const random = new Random(38);
const [CHANNELS, SIDE] = [3, 6];
const initializers = {
  w: { dims: [CHANNELS, 2, 1, 1], floats: random.floats(CHANNELS * 2, -1, 1) },
  v: { dims: [CHANNELS * SIDE * SIDE, 4], floats: random.floats(CHANNELS * SIDE * SIDE * 4, -1, 1) },
  list: { dims: [2], ints: [1, -1] },
};
const conv = (output: string): NodeSpec => ({ op: 'Conv', inputs: ['x', 'w'], outputs: [output] });
const model = (nodes: readonly NodeSpec[], outputs = ['y'], opset = 13): Uint8Array =>
  onnxModel({
    nodes,
    inputs: [{ name: 'x', shape: [1, 2, SIDE, SIDE] }],
    outputs,
    initializers,
    opset,
  });

/** What onnxruntime computes of a model: elements in order, by output. */
async function computed(bytes: Uint8Array): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const x = new Tensor('float32', new Random(5).floats(2 * SIDE * SIDE, -1, 1), [1, 2, SIDE, SIDE]);
  const values = await session.run({ x });
  return Object.fromEntries(
    Object.entries(values).map(([name, v]) => [name, Array.from(v.data as Float32Array)]),
  );
}

/** Equal for all outputs, and the names of the same. */
async function isSame(before: Uint8Array, after: Uint8Array): Promise<void> {
  assert.deepEqual(await computed(after), await computed(before));
}

const outputNames = (bytes: Uint8Array): string[] => decodeModel(bytes).graph!.output.map((o) => o.name);
const opsetOf = (bytes: Uint8Array): number => toNumber(decodeModel(bytes).opsetImport[0]!.version);

describe('glow/rewrite: outputs that Glow makes integers', () => {
  const ends: Readonly<Record<string, readonly NodeSpec[]>> = {
    Conv: [conv('y')],
    Reshape: [conv('c'), { op: 'Reshape', inputs: ['c', 'list'], outputs: ['y'] }],
    Transpose: [
      conv('c'),
      { op: 'Transpose', inputs: ['c'], outputs: ['y'], attributes: { perm: { ints: [0, 3, 1, 2] } } },
    ],
    GlobalAveragePool: [conv('c'), { op: 'GlobalAveragePool', inputs: ['c'], outputs: ['y'] }],
    'a value that goes on': [conv('y'), { op: 'Relu', inputs: ['y'], outputs: ['z'] }],
    'names that are taken': [
      { ...conv('row'), name: 'flat' },
      { op: 'Relu', inputs: ['row'], outputs: ['computed'] },
      { op: 'Neg', inputs: ['computed'], outputs: ['flat'] },
      { op: 'Abs', inputs: ['flat'], outputs: ['y'] },
    ],
  };
  for (const [end, nodes] of Object.entries(ends)) {
    it(`${end}: the same elements in the same order, under the same name`, async () => {
      const before = model(nodes);
      const after = withIntegerOutputs(before, ['y']);
      await isSame(before, after);
      assert.deepEqual(outputNames(after), ['y']);
      const last = decodeModel(after).graph!.node.at(-1)!;
      assert.deepEqual([last.opType, last.input[0] === last.input[1], last.output], ['Max', true, ['y']]);
    });
  }

  it('only those that are asked for', async () => {
    const before = model([conv('y'), { op: 'Relu', inputs: ['y'], outputs: ['z'] }], ['y', 'z']);
    const after = withIntegerOutputs(before, ['z']);
    await isSame(before, after);
    assert.equal(decodeModel(after).graph!.node.filter((n) => n.opType === 'Max').length, 1);
    assert.equal(withIntegerOutputs(before, ['other', 'x']), before, 'the same bytes');
  });

  it('keeps what nobody here reads of a file', () => {
    const text = 'written by a tool that nobody knows';
    const docString = Uint8Array.of(0x32, text.length, ...Buffer.from(text));
    const after = withIntegerOutputs(Buffer.concat([model([conv('y')]), docString]), ['y']);
    assert.ok(Buffer.from(after).includes(text));
  });
});

describe('glow/rewrite: Softmax of operator set 13', () => {
  const dense: readonly NodeSpec[] = [
    conv('c'),
    { op: 'Flatten', inputs: ['c'], outputs: ['f'] },
    { op: 'Gemm', inputs: ['f', 'v'], outputs: ['g'] },
  ];
  const softmax = (input: string, axis?: number): NodeSpec => ({
    op: 'Softmax',
    inputs: [input],
    outputs: ['y'],
    ...(axis === undefined ? {} : { attributes: { axis: { i: axis } } }),
  });

  it('over the last of two dimensions: operator set 14, the axis named', async () => {
    for (const axis of [1, -1, undefined]) {
      const before = model([...dense, softmax('g', axis)]);
      const after = rewrittenForGlow(before);
      await isSame(before, after);
      assert.equal(opsetOf(after), 14);
      const { attribute } = decodeModel(after).graph!.node.at(-1)!;
      assert.deepEqual(
        attribute.map((a) => [a.name, toNumber(a.i)]),
        [['axis', -1]],
      );
    }
  });

  it('byte for byte as it is: over another dimension, of other sets, and a model without one', () => {
    for (const bytes of [
      model([conv('c'), softmax('c', 1)]),
      model([...dense, softmax('g')], ['y'], 11),
      model([...dense, softmax('g')], ['y'], 15),
      model([conv('y')]),
    ]) {
      assert.equal(rewrittenForGlow(bytes), bytes);
    }
  });
});
