import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { UserError } from '../../extension/common/error.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { elements } from '../../extension/model/graph.ts';
import { QuantizedBuilder } from '../support/quantizedBuilder.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { NetworkBuilder } from './networkBuilder.ts';
import { type ModelSpec, onnxModel } from './onnxBuilder.ts';
import { kinds, random, runs } from './oracle.ts';

/** Positions of whole numbers, among which are many the same. */
async function agreesExactly(spec: ModelSpec, seed: number): Promise<string[]> {
  const bytes = onnxModel(spec);
  const graph = importedOnnx(bytes, { name: 'test' });
  const [{ name, shape }] = graph.inputs as [(typeof graph.inputs)[0]];
  const next = random(seed);
  const data = Float32Array.from({ length: elements(shape) }, () => Math.round(next() * 3));
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const results = await session.run({ [name]: new ort.Tensor('float32', data, shape) });
  await session.release();
  const values = evaluate(graph, new Map([[name, data]]));
  for (const output of graph.outputs) {
    const expected = results[output]!;
    assert.deepEqual([...graph.values.get(output)!.shape], [...expected.dims]);
    assert.deepEqual([...values.get(output)!], Array.from(expected.data as ArrayLike<bigint>, Number));
  }
  return kinds(graph);
}

describe('model: ArgMax and ArgMin', () => {
  it('agree with onnxruntime for every axis, with and without it, first and last of several', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        shapes.chain((s) => fc.tuple(fc.constant(s), fc.integer({ min: -s.length, max: s.length - 1 }))),
        fc.constantFrom('ArgMax', 'ArgMin'),
        fc.constantFrom(0, 1),
        fc.constantFrom(0, 1),
        fc.integer(),
        async ([shape, axis], op, keepdims, last, seed) => {
          const attributes = { axis: { i: axis }, keepdims: { i: keepdims }, select_last_index: { i: last } };
          const nodes = [{ op, inputs: ['x'], outputs: ['y'], attributes }];
          await agreesExactly(
            { opset: 13, inputs: [{ name: 'x', shape }], outputs: ['y'], outputType: 7, nodes },
            seed,
          );
        },
      ),
      runs(60),
    );
  });

  it('behind a convolution read its map as it is, and shapes and casts may follow', async () => {
    const b = new NetworkBuilder();
    const found = b.node('ArgMax', [b.conv('x', 1, 3)], { axis: { i: 1 } });
    const flat = b.node('Reshape', [b.node('Cast', [found], { to: { i: 6 } }), b.ints([-1])]);
    const spec = b.spec([{ name: 'x', shape: [1, 1, 4, 5] }], [flat]);
    assert.deepEqual(
      (await agreesExactly({ ...spec, outputType: 6 }, 1)).filter((k) => k !== 'reshape'),
      ['conv2d', 'position'],
    );
  });

  it('are those of quantized integers, too', async () => {
    for (const [op, type] of [
      ['ArgMax', 'int8'],
      ['ArgMin', 'uint8'],
    ] as const) {
      const b = new QuantizedBuilder('qdq', type, false);
      const { name } = b.input('x', [1, 3, 7], [-4, 4]);
      const y = b.node(op, [name], { axis: { i: 2 } });
      const spec = { ...b.spec(), outputs: [y], outputType: 7 };
      for (const seed of [1, 2, 3]) await agreesExactly(spec, seed);
    }
  });

  it('are the end of a network: what computes with a position is refused by its node', () => {
    for (const [op, more] of [
      ['Add', ['x']],
      ['Relu', []],
      ['Concat', ['x']],
      ['Transpose', []],
    ] as const) {
      const b = new NetworkBuilder();
      const y = b.node(op, [b.node('Cast', [b.node('ArgMax', ['x'])], { to: { i: 1 } }), ...more], op === 'Concat' ? { axis: { i: 0 } } : {}); // prettier-ignore
      assert.throws(
        () => importedOnnx(onnxModel(b.spec([{ name: 'x', shape: [1, 4] }], [y])), { name: 'test' }),
        (e) =>
          e instanceof UserError &&
          e.message.startsWith(
            `${op} node '${y}' computes with the position of a largest or smallest element`,
          ),
        op,
      );
    }
  });
});
