import fc from 'fast-check';
import assert from 'node:assert/strict';
import { agrees, kinds, random, randomFloats, runs } from './oracle.ts';
import type { AttributeSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';

const X = { name: 'x', shape: [1, 2, 3, 4] };

async function check(
  nodes: NodeSpec[],
  initializers: Record<string, TensorSpec> = {},
  opset = 13,
  shape: readonly (number | string)[] = X.shape,
): Promise<string[]> {
  return kinds(await agrees({ opset, inputs: [{ name: 'x', shape }], outputs: ['y'], initializers, nodes }));
}

const ints = (v: number[]): TensorSpec => ({ dims: [v.length], ints: v });
const node = (op: string, inputs: string[], attributes: Record<string, AttributeSpec> = {}): NodeSpec => ({
  op,
  inputs,
  outputs: ['y'],
  attributes,
});

describe('model: shapes', () => {
  it('Reshape agrees with onnxruntime: 0, -1, constants in raw and typed form', async () => {
    for (const shape of [[1, 24], [0, -1], [-1], [1, 0, -1], [2, 3, 4], [0, 0, 0, 0]]) {
      await check([node('Reshape', ['x', 's'])], { s: ints(shape) });
      await check([node('Reshape', ['x', 's'])], { s: { ...ints(shape), raw: false } });
    }
  });

  it('sizes may be of unsigned types, raw and typed', async () => {
    const to: NodeSpec = { op: 'Cast', inputs: ['s'], outputs: ['sizes'], attributes: { to: { i: 7 } } };
    for (const [dataType, rawData] of [
      [12, new Uint8Array(Uint32Array.of(4, 6).buffer)],
      [13, new Uint8Array(BigUint64Array.of(4n, 6n).buffer)],
    ] as const)
      for (const extra of [
        { dataType, rawData },
        { dataType, uint64Data: [4, 6] },
      ])
        await check([to, node('Reshape', ['x', 'sizes'])], { s: { dims: [2], extra } });
  });

  it('Flatten, Squeeze and Unsqueeze agree with onnxruntime', async () => {
    for (const axis of [0, 1, 2, 3, 4, -1]) await check([node('Flatten', ['x'], { axis: { i: axis } })]);
    await check([node('Flatten', ['x'])]);
    const shape = [1, 2, 1, 3];
    await check([node('Squeeze', ['x'])], {}, 11, shape);
    await check([node('Squeeze', ['x'], { axes: { ints: [-2] } })], {}, 11, shape);
    await check([node('Squeeze', ['x', 'a'])], { a: ints([0, 2]) }, 13, shape);
    await check([node('Squeeze', ['x'])], {}, 13, shape);
    await check([node('Unsqueeze', ['x'], { axes: { ints: [0, 3] } })], {}, 11, shape);
    await check([node('Unsqueeze', ['x', 'a'])], { a: ints([-1, 1]) }, 13, shape);
  });

  it('Transpose agrees with onnxruntime for every permutation', async () => {
    const permutations = (list: number[]): number[][] =>
      list.length === 0
        ? [[]]
        : list.flatMap((v) => permutations(list.filter((w) => w !== v)).map((rest) => [v, ...rest]));
    for (const perm of permutations([0, 1, 2, 3]))
      await check([node('Transpose', ['x'], { perm: { ints: perm } })]);
    await check([node('Transpose', ['x'])]);
  });

  it('chains of transposes and reshapes agree with onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }).map((perm) => ({ perm })),
            fc
              .constantFrom(
                [1, 6, 2, 4],
                [4, 3, 2, 2],
                [2, 2, 2, 6],
                [1, 1, 12, 4],
                [3, 1, 4, 4],
                [48, 1, 1, 1],
              )
              .map((to) => ({ to: [...to] })),
            fc.constant({ relu: true }),
            fc.integer({ min: 0, max: 3 }).map((flip) => ({ flip })),
          ),
          { minLength: 1, maxLength: 7 },
        ),
        async (steps) => {
          const initializers: Record<string, TensorSpec> = {};
          const nodes = steps.map((s, k): NodeSpec => {
            const [from, to] = [k === 0 ? 'x' : `t${k}`, k === steps.length - 1 ? 'y' : `t${k + 1}`];
            if ('perm' in s) {
              return {
                op: 'Transpose',
                inputs: [from],
                outputs: [to],
                attributes: { perm: { ints: s.perm } },
              };
            }
            if ('flip' in s) {
              const ends = { start: -1, end: -99, axis: s.flip, step: -1 };
              for (const [name, v] of Object.entries(ends)) initializers[`${name}${k}`] = ints([v]);
              return {
                op: 'Slice',
                inputs: [from, ...Object.keys(ends).map((name) => `${name}${k}`)],
                outputs: [to],
              };
            }
            if ('relu' in s) return { op: 'Relu', inputs: [from], outputs: [to] };
            initializers[`s${k}`] = ints(s.to);
            return { op: 'Reshape', inputs: [from, `s${k}`], outputs: [to] };
          });
          await check(nodes, initializers, 13, [1, 3, 4, 4]);
        },
      ),
      runs(150),
    );
  });

  it('a channel shuffle (ShuffleNet) is one transpose', async () => {
    const list = await check(
      [
        { op: 'Reshape', inputs: ['x', 's'], outputs: ['g'] },
        { op: 'Transpose', inputs: ['g'], outputs: ['t'], attributes: { perm: { ints: [0, 2, 1, 3, 4] } } },
        { op: 'Reshape', inputs: ['t', 'back'], outputs: ['y'] },
      ],
      { s: ints([1, 2, 3, 2, 2]), back: ints([1, 6, 2, 2]) },
      13,
      [1, 6, 2, 2],
    );
    assert.equal(list.filter((k) => k === 'transpose').length, 1);
  });

  it('Identity, Dropout, Cast and Constant agree with onnxruntime', async () => {
    await check([node('Identity', ['x'])]);
    await check([node('Dropout', ['x'], { ratio: { f: 0.5 } })], {}, 11);
    await check([node('Dropout', ['x', 'ratio'])], { ratio: { dims: [], floats: [0.5] } }, 13);
    await check([node('Cast', ['x'], { to: { i: 1 } })]);
    await check([
      {
        op: 'Constant',
        inputs: [],
        outputs: ['c'],
        attributes: { value: { t: { dims: [4], floats: [1, 2, 3, 4] } } },
      },
      node('Add', ['x', 'c']),
    ]);
    await check([
      { op: 'Constant', inputs: [], outputs: ['c'], attributes: { value_float: { f: 2.5 } } },
      node('Mul', ['x', 'c']),
    ]);
    await check([
      { op: 'Constant', inputs: [], outputs: ['c'], attributes: { value_floats: { floats: [1, 2, 3, 4] } } },
      node('Mul', ['x', 'c']),
    ]);
    await check([
      { op: 'Constant', inputs: [], outputs: ['s'], attributes: { value_ints: { ints: [1, -1] } } },
      node('Reshape', ['x', 's']),
    ]);
  });

  it('constants are folded through Transpose, Reshape, arithmetic and ConstantOfShape', async () => {
    const list = await check(
      [
        { op: 'Transpose', inputs: ['c'], outputs: ['t'] },
        { op: 'Constant', inputs: [], outputs: ['two'], attributes: { value_int: { i: 4 } } },
        { op: 'Unsqueeze', inputs: ['two', 'zero'], outputs: ['shape'] },
        {
          op: 'ConstantOfShape',
          inputs: ['shape'],
          outputs: ['ones'],
          attributes: { value: { t: { dims: [1], floats: [1] } } },
        },
        { op: 'Add', inputs: ['t', 'ones'], outputs: ['sum'] },
        { op: 'Sqrt', inputs: ['sum'], outputs: ['unused'] },
        node('Mul', ['x', 'sum']),
      ],
      { c: { dims: [4, 3], floats: randomFloats(12, random(1)) }, zero: ints([0]) },
    );
    assert.deepEqual(list, ['mul']);
  });

  it("torch's x.view(x.size(0), -1): Shape, Gather, Unsqueeze, Concat", async () => {
    const list = await check(
      [
        { op: 'Shape', inputs: ['x'], outputs: ['s'] },
        { op: 'Constant', inputs: [], outputs: ['i'], attributes: { value: { t: { dims: [], ints: [0] } } } },
        { op: 'Gather', inputs: ['s', 'i'], outputs: ['n'], attributes: { axis: { i: 0 } } },
        { op: 'Unsqueeze', inputs: ['n'], outputs: ['n1'], attributes: { axes: { ints: [0] } } },
        { op: 'Concat', inputs: ['n1', 'rest'], outputs: ['to'], attributes: { axis: { i: 0 } } },
        node('Reshape', ['x', 'to']),
      ],
      { rest: ints([-1]) },
      11,
      ['batch', 2, 3, 4],
    );
    assert.deepEqual(list, ['reshape']);
  });

  it("Keras' Flatten: Shape, Cast, Slice, Squeeze, Mul, Concat", async () => {
    const list = await check(
      [
        { op: 'Shape', inputs: ['x'], outputs: ['s64'] },
        { op: 'Cast', inputs: ['s64'], outputs: ['s'], attributes: { to: { i: 6 } } },
        { op: 'Cast', inputs: ['s'], outputs: ['s2'], attributes: { to: { i: 7 } } },
        { op: 'Slice', inputs: ['s2', 'zero', 'one', 'zero'], outputs: ['n'] },
        { op: 'Slice', inputs: ['s2', 'one', 'two'], outputs: ['a'] },
        { op: 'Slice', inputs: ['s2', 'two', 'end'], outputs: ['b'] },
        { op: 'Gather', inputs: ['b', 'zero'], outputs: ['b0'] },
        { op: 'Mul', inputs: ['a', 'b0'], outputs: ['ab'] },
        { op: 'Squeeze', inputs: ['ab', 'zero'], outputs: ['flat0'] },
        { op: 'Unsqueeze', inputs: ['flat0', 'zero'], outputs: ['flat'] },
        { op: 'Concat', inputs: ['n', 'flat', 'minus'], outputs: ['to'], attributes: { axis: { i: 0 } } },
        node('Reshape', ['x', 'to']),
      ],
      { zero: ints([0]), one: ints([1]), two: ints([2]), end: ints([2 ** 40]), minus: ints([-1]) },
    );
    assert.deepEqual(list, ['reshape']);
  });
});

describe('model: Concat and Pad', () => {
  it('Concat agrees with onnxruntime along every axis', async () => {
    for (const axis of [1, 2, 3, -1]) {
      const other = [1, 2, 3, 4];
      other[axis < 0 ? axis + 4 : axis] = 5;
      await agrees({
        inputs: [X, { name: 'z', shape: other }],
        outputs: ['y'],
        initializers: { c: { dims: X.shape, floats: randomFloats(24, random(2)) } },
        nodes: [node('Concat', ['x', 'z', 'c', 'x'], { axis: { i: axis } })],
      });
    }
  });

  it('Pad agrees with onnxruntime: attributes, inputs, axes, values', async () => {
    const pads = [0, 1, 0, 2, 0, 0, 3, 1];
    await check([node('Pad', ['x'], { pads: { ints: pads } })], {}, 7);
    await check([node('Pad', ['x'], { pads: { ints: pads }, value: { f: 1.5 } })], {}, 7);
    for (const opset of [11, 13, 18, 19, 21]) {
      await check([node('Pad', ['x', 'p'])], { p: ints(pads) }, opset);
      await check([node('Pad', ['x', 'p', 'v'])], { p: ints(pads), v: { dims: [], floats: [-2] } }, opset);
    }
    await check([node('Pad', ['x', 'p', '', 'a'])], { p: ints([1, 2, 3, 4]), a: ints([-1, 2]) }, 18);
    await check([node('Pad', ['x', 'p'])], { p: ints([0, 0, 0, 0, 0, 0, 0, 0]) });
  });
});
