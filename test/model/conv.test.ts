import fc from 'fast-check';
import { agrees, random, randomFloats, runs } from './oracle.ts';
import type { AttributeSpec } from './onnxBuilder.ts';

const geometry = fc.record({
  seed: fc.integer(),
  groups: fc.constantFrom(1, 1, 2, 3),
  inPerGroup: fc.integer({ min: 1, max: 3 }),
  outPerGroup: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  autoPad: fc.constantFrom(undefined, 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
  bias: fc.boolean(),
  kernelShape: fc.boolean(),
  opset: fc.constantFrom(7, 11, 13, 22),
});

describe('model: Conv', () => {
  it('2D agrees with onnxruntime for random geometry', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async (g) => {
        const next = random(g.seed);
        const channels = g.groups * g.inPerGroup;
        const outChannels = g.groups * g.outPerGroup;
        const dims = [outChannels, g.inPerGroup, ...g.kernel];
        const attributes: Record<string, AttributeSpec> = {
          strides: { ints: g.strides },
          dilations: { ints: g.dilations },
          group: { i: g.groups },
        };
        if (g.kernelShape) attributes['kernel_shape'] = { ints: g.kernel };
        if (g.autoPad !== undefined) attributes['auto_pad'] = { s: g.autoPad };
        // onnxruntime refuses pads beside auto_pad, and SAME with dilations
        if (g.autoPad === undefined || g.autoPad === 'NOTSET') attributes['pads'] = { ints: g.pads };
        if (g.autoPad?.startsWith('SAME')) attributes['dilations'] = { ints: [1, 1] };
        await agrees(
          {
            opset: g.opset,
            inputs: [{ name: 'x', shape: ['N', channels, ...g.size] }],
            outputs: ['y'],
            initializers: {
              w: {
                dims,
                floats: randomFloats(
                  dims.reduce((n, d) => n * d, 1),
                  next,
                ),
              },
              ...(g.bias
                ? { b: { dims: [outChannels], floats: randomFloats(outChannels, next), raw: false } }
                : {}),
            },
            nodes: [
              { op: 'Conv', inputs: g.bias ? ['x', 'w', 'b'] : ['x', 'w'], outputs: ['y'], attributes },
            ],
          },
          { seed: g.seed },
        );
      }),
      runs(150),
    );
  });

  it('1D agrees with onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async (g) => {
        const next = random(g.seed);
        const channels = g.groups * g.inPerGroup;
        const outChannels = g.groups * g.outPerGroup;
        const dims = [outChannels, g.inPerGroup, g.kernel[0]];
        await agrees({
          opset: g.opset,
          inputs: [{ name: 'x', shape: [1, channels, g.size[0] * 2] }],
          outputs: ['y'],
          initializers: {
            w: {
              dims,
              floats: randomFloats(
                dims.reduce((n, d) => n * d, 1),
                next,
              ),
            },
          },
          nodes: [
            {
              op: 'Conv',
              inputs: ['x', 'w'],
              outputs: ['y'],
              attributes: {
                strides: { ints: [g.strides[0]] },
                dilations: { ints: [g.dilations[0]] },
                group: { i: g.groups },
                pads: { ints: g.pads.slice(0, 2) },
              },
            },
          ],
        });
      }),
      runs(50),
    );
  });
});
