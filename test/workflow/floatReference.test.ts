import assert from 'node:assert/strict';
import type { Placeholder } from '../../extension/bundle/bundle.ts';
import type { InputPlaceholder } from '../../extension/workflow/data/givenInput.ts';
import { compare } from '../../extension/workflow/compare/compare.ts';
import { expectedOf } from '../../extension/workflow/numbers/expected.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { importedOnnx } from '../support/importedOnnx.ts';

/** y = (2x, -x, 0). */
const graph = importedOnnx(
  onnxModel({
    nodes: [{ op: 'Gemm', inputs: ['x', 'w', 'b'], outputs: ['y'] }],
    inputs: [{ name: 'x', shape: [1, 1] }],
    outputs: ['y'],
    initializers: { w: { dims: [1, 3], floats: [2, -1, 0] }, b: { dims: [3], floats: [0, 0, 0] } },
  }),
  { name: 'net' },
);

/** What the PC expects of a board for x = 1: the outputs 2, -1 and 0. */
function expected(type: InputPlaceholder['type'], scale: number) {
  const output: InputPlaceholder = {
    ...{ name: 'y', cName: 'y', direction: 'output', shape: [1, 3], byteOffset: 0, byteSize: 12 },
    ...{ type, scale, offset: 0 },
  };
  const values = Float32Array.of(1);
  const placeholder = { ...output, name: 'x', direction: 'input' } as const;
  const inputs = [{ placeholder, real: values, values }];
  return expectedOf({
    graph,
    quantized: undefined,
    placeholders: [output],
    inputs,
    answer: { task: 'classify' },
  }).expected;
}

/** How far a board is that prints these numbers. */
const distance = (of: ReturnType<typeof expected>, ...printed: number[]) =>
  compare(
    { confidences: printed.map((value, classIndex) => ({ classIndex, value })), top1: 0, timeUs: undefined },
    of,
  ).distance!;

describe('workflow: a network that nothing on the PC repeats', () => {
  it('int8: a step is the scale', () => {
    const pc = expected('int8', 0.5);
    assert.deepEqual(pc.quantized, [4, -2, 0]);
    const { steps, real, classIndex, isFar } = distance(pc, 4, -2, 3);
    assert.deepEqual([steps, real, classIndex, isFar], [3, 1.5, 2, false]);
    assert.equal(distance(pc, 4, 7, 0).isFar, true);
  });

  it('int16: a step is 257 times the scale, so that the range has 255 of them too', () => {
    const pc = expected('int16', 1 / 1024);
    assert.deepEqual(pc.quantized, [2048, -1024, 0]);
    const { steps, real } = distance(pc, 2048 + 514, -1024, 0);
    assert.deepEqual([steps, real], [2, 514 / 1024]);
  });

  it('positions: one is the class, of many nearly all have to be the same', () => {
    const positions = (elements: number) => {
      const graph = importedOnnx(
        onnxModel({
          nodes: [{ op: 'ArgMax', inputs: ['x'], outputs: ['y'], attributes: { axis: { i: 1 } } }],
          inputs: [{ name: 'x', shape: [1, 3, 1, elements] }],
          outputs: ['y'],
        }),
        { name: 'net' },
      );
      const placeholder: InputPlaceholder = {
        ...{ name: 'x', cName: 'x', direction: 'input', shape: [1, 3, 1, elements] },
        ...{ byteOffset: 0, byteSize: 0, type: 'int8', scale: 1, offset: 0 },
      };
      const output: Placeholder = {
        ...{ name: 'y', cName: 'out', direction: 'output', shape: [1, 1, 1, elements] },
        ...{ byteOffset: 0, byteSize: 0, type: 'index32', scale: 1, offset: 0 },
      };
      // the largest is always at position 1
      const real = Float32Array.from({ length: 3 * elements }, (_, i) =>
        Number(i >= elements && i < 2 * elements),
      );
      return expectedOf({
        graph,
        quantized: undefined,
        placeholders: [output],
        answer: { task: 'classify' },
        inputs: [{ placeholder, real, values: real }],
      }).expected;
    };
    const one = positions(1);
    assert.deepEqual([one.quantized, one.isClass, one.others], [[1], true, undefined]);
    assert.equal(compare({ confidences: [], top1: 1, timeUs: undefined }, one).match, true);
    assert.equal(compare({ confidences: [], top1: 2, timeUs: undefined }, one).match, false);
    const many = positions(40);
    assert.deepEqual(
      [many.quantized, many.isClass, many.others?.map((o) => o.name)],
      [[], undefined, ['out']],
    );
    for (const [wrong, isMatch] of [
      [0, true],
      [4, true],
      [5, false],
    ] as const) {
      const values = new Map(Array.from({ length: 40 }, (_, i) => [i, i < wrong ? 2 : 1]));
      const report = {
        confidences: [],
        top1: undefined,
        timeUs: undefined,
        others: [{ name: 'out', values }],
      };
      const comparison = compare(report, many);
      assert.deepEqual(
        [comparison.match, comparison.others[0]?.differing, comparison.distance],
        [isMatch, wrong, undefined],
      );
    }
  });

  it('float: thousandths, and a step is a 255th of what the outputs span', () => {
    const pc = expected('float32', 1);
    assert.deepEqual(pc.quantized, [2000, -1000, 0]);
    const { steps, real } = distance(pc, 2000, -1000, 60);
    assert.ok(Math.abs(steps - 0.06 / (3 / 255)) < 1e-9 && Math.abs(real - 0.06) < 1e-9, `${steps} ${real}`);
  });
});
