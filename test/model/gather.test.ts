import fc from 'fast-check';
import assert from 'node:assert/strict';
import { NetworkBuilder } from './networkBuilder.ts';
import type { AttributeSpec, TensorSpec } from './onnxBuilder.ts';
import { agrees, kinds, runs } from './oracle.ts';

const ints = (v: readonly number[]): TensorSpec => ({ dims: [v.length], ints: [...v] });

/** One operator that reads `x` of a shape, with further operands; agrees with onnxruntime. */
async function check(
  op: string,
  shape: readonly number[],
  operands: Readonly<Record<string, TensorSpec>>,
  { attributes = {}, opset = 13, outputs = ['y'] }: Options = {},
): Promise<string[]> {
  const inputs = ['x', ...Object.keys(operands)];
  const node = { op, inputs, outputs: outputs.map(String), attributes };
  const spec = { opset, inputs: [{ name: 'x', shape }], outputs, initializers: operands, nodes: [node] };
  return kinds(await agrees(spec));
}

interface Options {
  readonly attributes?: Record<string, AttributeSpec>;
  readonly opset?: number;
  readonly outputs?: string[];
}

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }).map((s) => [1, ...s]);

/** [start, end, step] of a slice that leaves something, as likely far beyond the ends as within. */
const slices = (size: number) =>
  fc
    .tuple(
      fc.oneof(fc.integer({ min: -size - 2, max: size + 2 }), fc.constantFrom(2 ** 40, -(2 ** 40))),
      fc.oneof(fc.integer({ min: -size - 2, max: size + 2 }), fc.constantFrom(2 ** 40, -(2 ** 40))),
      fc.constantFrom(1, 1, 2, 3, -1, -1, -2),
    )
    .filter(([start, end, step]) => {
      const all = Array.from({ length: size }, (_, i) => i);
      const clip = (v: number, least: number, most: number) =>
        Math.min(most, Math.max(least, v < 0 ? v + size : v));
      if (step > 0) return all.slice(clip(start, 0, size), clip(end, 0, size)).length > 0;
      return clip(start, -1, size - 1) > clip(end, -1, size - 1);
    });

describe('model: parts of tensors', () => {
  it('Slice agrees with onnxruntime: axes, steps, ends beyond the ends, backwards', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes.chain((shape) =>
          fc.tuple(
            fc.constant(shape),
            fc.subarray([...shape.keys()].slice(1), { minLength: 1 }),
            fc.tuple(...shape.map(slices)),
          ),
        ),
        async ([shape, axes, all]) => {
          const of = (k: number) => ints(axes.map((a) => all[a]![k]!));
          const signed = ints(axes.map((a, i) => (i % 2 ? a - shape.length : a)));
          await check('Slice', shape, { starts: of(0), ends: of(1), axes: signed, steps: of(2) });
        },
      ),
      runs(150),
    );
  });

  it('Slice by attributes, and without axes', async () => {
    const attributes = { starts: { ints: [0, 1, -2] }, ends: { ints: [1, 9, 3] } };
    await check('Slice', [1, 4, 3], {}, { attributes, opset: 7 });
    await check(
      'Slice',
      [1, 4, 3],
      {},
      { attributes: { ...attributes, axes: { ints: [0, -2, 2] } }, opset: 9 },
    );
    await check('Slice', [1, 4, 3], { starts: ints([0, 1]), ends: ints([1, 3]) }, { opset: 10 });
  });

  it('Split agrees with onnxruntime: by sizes, evenly, unevenly, outputs that nothing reads', async () => {
    const outputs = ['a', 'b', 'c'];
    const x = [1, 6, 5];
    await check('Split', x, {}, { attributes: { axis: { i: 1 } }, outputs, opset: 7 });
    const attributes = { axis: { i: -1 }, split: { ints: [1, 3, 1] } };
    await check('Split', x, {}, { attributes, outputs, opset: 11 });
    await check('Split', x, { sizes: ints([2, 1, 3]) }, { attributes: { axis: { i: 1 } }, outputs });
    for (const count of [2, 3, 4]) {
      const uneven = { axis: { i: 2 }, num_outputs: { i: count } };
      if (count !== 4)
        await check('Split', x, {}, { attributes: uneven, outputs: outputs.slice(0, count), opset: 18 });
    }
    const b = new NetworkBuilder();
    b.nodes.push({ op: 'Split', inputs: ['x'], outputs: ['p', 'r', 'q'], attributes: { axis: { i: 1 } } });
    assert.deepEqual(kinds(await agrees(b.spec([{ name: 'x', shape: x }], [b.node('Add', ['q', 'q'])]))), [
      'gather',
      'add',
    ]);
  });

  it('Gather agrees with onnxruntime for positions of every rank along every axis', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes.chain((shape) =>
          fc.integer({ min: 1, max: shape.length - 1 }).chain((axis) =>
            fc.tuple(
              fc.constant(shape),
              fc.constantFrom(axis, axis - shape.length),
              fc.constantFrom<number[]>([], [1], [4], [2, 3]),
              fc.array(fc.integer({ min: -shape[axis]!, max: shape[axis]! - 1 }), {
                minLength: 6,
                maxLength: 6,
              }),
            ),
          ),
        ),
        async ([shape, axis, dims, list]) => {
          const indices = {
            dims,
            ints: list.slice(
              0,
              dims.reduce((n, d) => n * d, 1),
            ),
          };
          await check('Gather', shape, { indices }, { attributes: { axis: { i: axis } } });
        },
      ),
      runs(100),
    );
  });

  it('Expand and Tile agree with onnxruntime', async () => {
    for (const to of [[1, 4, 3], [4, 1], [1], [1, 2, 4, 3], [1, 1, 1, 1, 3]]) {
      await check('Expand', [1, 1, 3], { to: ints(to) });
    }
    await check('Expand', [1, 1, 3], { to: ints([1, 5, 1]) }, { opset: 8 });
    // of more dimensions, and larger in those only
    await check('Expand', [1, 3], { to: ints([1, 4, 1, 3]) });
    for (const repeats of [
      [1, 1, 1],
      [1, 2, 1],
      [1, 3, 2],
      [1, 1, 4],
    ]) {
      await check('Tile', [1, 2, 3], { repeats: ints(repeats) });
    }
  });

  it('Pad with own elements, and with negative pads, agrees with onnxruntime', async () => {
    const pads = [0, 1, 2, 0, 0, 2];
    for (const [mode, opset] of [
      ['reflect', 7],
      ['edge', 7],
      ['reflect', 13],
      ['edge', 13],
      ['wrap', 19],
    ] as const) {
      const more = { mode: { s: mode } };
      if (opset < 11)
        await check('Pad', [1, 3, 4], {}, { attributes: { ...more, pads: { ints: pads } }, opset });
      else await check('Pad', [1, 3, 4], { pads: ints(pads) }, { attributes: more, opset });
    }
    await check('Pad', [1, 3, 4], { pads: ints([0, -1, 2, 0, 0, -1]) });
    assert.deepEqual(await check('Pad', [1, 3, 4], { pads: ints([0, -1, 0, 0, 0, -2]) }), ['gather']);
  });

  it('SpaceToDepth and DepthToSpace agree with onnxruntime, with no step of their own between convolutions but the move', async () => {
    const side = fc.integer({ min: 1, max: 3 });
    const sides = fc.tuple(side, side, side, side);
    await fc.assert(
      fc.asyncProperty(sides, fc.constantFrom('DCR', 'CRD'), async ([block, c, h, w], mode) => {
        const blocksize = { i: block };
        await check('SpaceToDepth', [1, c, h * block, w * block], {}, { attributes: { blocksize } });
        const attributes = { blocksize, mode: { s: mode } };
        await check('DepthToSpace', [1, c * block * block, h, w], {}, { attributes });
      }),
      runs(15),
    );
    const b = new NetworkBuilder();
    const apart = b.node('DepthToSpace', [b.conv('x', 2, 8)], { blocksize: { i: 2 }, mode: { s: 'CRD' } });
    const y = b.node('SpaceToDepth', [b.conv(apart, 2, 2)], { blocksize: { i: 2 } });
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 2, 4, 4] }], [b.conv(y, 8, 2)]));
    // into NHWC, the two moves, and out of NHWC
    assert.equal(kinds(graph).filter((k) => k === 'transpose').length, 4, kinds(graph).join());
  });

  it('slices between convolutions stay in their order, behind a channel shuffle too', async () => {
    const b = new NetworkBuilder();
    const x = b.node('Relu', [b.conv('x', 2, 6)]);
    const groups = b.node('Reshape', [x, b.ints([1, 2, 3, 5, 5])]);
    const mixed = b.node('Reshape', [b.transpose(groups, 0, 2, 1, 3, 4), b.ints([1, 6, 5, 5])]);
    b.nodes.push({
      op: 'Split',
      inputs: [mixed],
      outputs: ['left', 'right'],
      attributes: { axis: { i: 1 } },
    });
    const y = b.node('Concat', [b.conv('left', 3, 2), 'right'], { axis: { i: 1 } });
    const flipped = b.node('Slice', [b.conv(y, 5, 2), b.ints([-1]), b.ints([-9]), b.ints([3]), b.ints([-1])]);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 2, 5, 5] }], [b.conv(flipped, 2, 2)]));
    const moves = kinds(graph).filter((k) => k === 'transpose');
    // into NHWC, the shuffle, and out of NHWC
    assert.equal(moves.length, 3, kinds(graph).join());
  });

  it('a slice of a slice is one, and a clip goes through to the layer before', async () => {
    const b = new NetworkBuilder();
    const cut = (x: string, from: number, to: number) =>
      b.node('Slice', [x, b.ints([from]), b.ints([to]), b.ints([2])]);
    const x = b.node('Relu', [cut(cut(b.conv('x', 1, 2), 1, 5), 1, 3)]);
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 6, 6] }], [b.node('Flatten', [x])]));
    assert.deepEqual(
      kinds(graph).filter((k) => k !== 'reshape' && k !== 'transpose'),
      ['conv2d', 'gather'],
    );
  });
});
