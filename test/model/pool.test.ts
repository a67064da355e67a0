import fc from 'fast-check';
import assert from 'node:assert/strict';
import { agrees, kinds, runs } from './oracle.ts';
import type { AttributeSpec } from './onnxBuilder.ts';

const geometry = fc.record({
  seed: fc.integer(),
  op: fc.constantFrom('MaxPool', 'AveragePool'),
  channels: fc.integer({ min: 1, max: 4 }),
  spatial: fc.constantFrom(1, 2, 2),
  size: fc.tuple(fc.integer({ min: 6, max: 11 }), fc.integer({ min: 6, max: 11 })),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  autoPad: fc.constantFrom(undefined, undefined, 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
  ceilMode: fc.boolean(),
  countIncludePad: fc.boolean(),
  opset: fc.constantFrom(10, 11, 12, 18, 19, 22),
});

describe('model: pooling', () => {
  it('MaxPool and AveragePool agree with onnxruntime for random geometry', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async (g) => {
        const s = g.spatial;
        const average = g.op === 'AveragePool';
        // onnxruntime computes negative pads for SAME when the stride is wider than the window.
        fc.pre(!g.autoPad?.startsWith('SAME') || g.kernel.every((k, i) => k >= g.strides[i]!));
        const explicit = g.autoPad === undefined || g.autoPad === 'NOTSET';
        const kernel = g.kernel.slice(0, s);
        // A pad as wide as the kernel is refused, by onnxruntime as by us.
        const pads = [...g.pads.slice(0, s), ...g.pads.slice(2, 2 + s)].map((p, i) =>
          Math.min(p, kernel[i % s]! - 1),
        );
        const attributes: Record<string, AttributeSpec> = {
          kernel_shape: { ints: kernel },
          strides: { ints: g.strides.slice(0, s) },
        };
        if (explicit) attributes['pads'] = { ints: pads };
        if (g.autoPad !== undefined) attributes['auto_pad'] = { s: g.autoPad };
        if (g.ceilMode && explicit) attributes['ceil_mode'] = { i: 1 };
        if (g.countIncludePad && average) attributes['count_include_pad'] = { i: 1 };
        if (explicit && (!average || g.opset >= 19))
          attributes['dilations'] = { ints: g.dilations.slice(0, s) };
        await agrees(
          {
            opset: g.opset,
            inputs: [{ name: 'x', shape: ['N', g.channels, ...g.size.slice(0, s)] }],
            outputs: ['y'],
            nodes: [{ op: g.op, inputs: ['x'], outputs: ['y'], attributes }],
          },
          { seed: g.seed },
        );
      }),
      runs(300),
    );
  });

  for (const op of ['GlobalAveragePool', 'GlobalMaxPool']) {
    it(`${op} agrees with onnxruntime`, async () => {
      for (const shape of [
        [1, 3, 5, 4],
        [1, 2, 7],
      ]) {
        await agrees({
          inputs: [{ name: 'x', shape }],
          outputs: ['y'],
          nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
        });
      }
    });
  }

  for (const op of [
    'ReduceMean',
    'ReduceMax',
    'ReduceMin',
    'ReduceSum',
    'ReduceSumSquare',
    'ReduceL1',
    'ReduceL2',
  ]) {
    it(`${op} agrees with onnxruntime over any axes`, async () => {
      for (const opset of [11, 13, 18]) {
        for (const axes of [[2, 3], [-1], [1], [1, 3], [-2, -1], undefined]) {
          for (const keepdims of [0, 1]) {
            const asInput = opset >= (op === 'ReduceSum' ? 13 : 18) && axes;
            await agrees({
              opset,
              inputs: [{ name: 'x', shape: [1, 3, 4, 5] }],
              outputs: ['y'],
              initializers: asInput ? { axes: { dims: [axes.length], ints: axes } } : {},
              nodes: [
                {
                  op,
                  inputs: asInput ? ['x', 'axes'] : ['x'],
                  outputs: ['y'],
                  attributes: {
                    keepdims: { i: keepdims },
                    ...(axes && !asInput ? { axes: { ints: axes } } : {}),
                  },
                },
              ],
            });
          }
        }
      }
    });
  }

  it('ReduceMean over the map of an NCHW convolution needs no transpose', async () => {
    const graph = await agrees({
      inputs: [{ name: 'x', shape: [1, 1, 6, 6] }],
      outputs: ['y'],
      initializers: { w: { dims: [3, 1, 3, 3], floats: Array.from({ length: 27 }, (_, i) => Math.sin(i)) } },
      nodes: [
        { op: 'Conv', inputs: ['x', 'w'], outputs: ['c'] },
        {
          op: 'ReduceMean',
          inputs: ['c'],
          outputs: ['y'],
          attributes: { axes: { ints: [2, 3] }, keepdims: { i: 0 } },
        },
      ],
    });
    assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'avgpool', 'reshape']);
  });
});
