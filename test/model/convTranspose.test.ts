import fc from 'fast-check';
import assert from 'node:assert/strict';
import { NetworkBuilder } from './networkBuilder.ts';
import type { AttributeSpec } from './onnxBuilder.ts';
import { agrees, kinds, runs } from './oracle.ts';

const small = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.tuple(small(min, max), small(min, max));

const cases = fc
  .record({
    size: pair(1, 5),
    kernel: pair(1, 4),
    strides: pair(1, 3),
    dilations: fc.oneof(fc.constant([1, 1]), pair(1, 2)),
    groups: small(1, 2),
    inputs: small(1, 3),
    outputs: small(1, 3),
    bias: fc.boolean(),
    way: fc.constantFrom('pads', 'pads', 'SAME_UPPER', 'SAME_LOWER', 'VALID', 'output_shape'),
    pads: fc.tuple(pair(0, 2), pair(0, 2)),
    extra: pair(0, 1),
  })
  .map((c) => ({ ...c, extra: c.extra.map((e, k) => (e < c.strides[k]! ? e : 0)) }))
  // onnxruntime makes less than the input times the strides where kernels leave gaps, which the definition of SAME does not
  .filter(
    ({ way, kernel, strides, dilations }) =>
      !way.startsWith('SAME') || [0, 1].every((k) => (kernel[k]! - 1) * dilations[k]! + 1 >= strides[k]!),
  )
  .filter(({ size, kernel, strides, dilations, pads }) =>
    [0, 1].every(
      (k) => (size[k]! - 1) * strides[k]! + (kernel[k]! - 1) * dilations[k]! + 1 > pads[0][k]! + pads[1][k]!,
    ),
  );

describe('model: ConvTranspose', () => {
  it('agrees with onnxruntime: strides, pads, output padding, dilations, groups, auto_pad, output_shape', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const b = new NetworkBuilder(c.inputs * 7 + c.outputs);
        const w = b.weights([c.inputs * c.groups, c.outputs, ...c.kernel]);
        const operands = c.bias ? ['x', w, b.weights([c.outputs * c.groups])] : ['x', w];
        const attributes: Record<string, AttributeSpec> = {
          strides: { ints: c.strides },
          dilations: { ints: c.dilations },
          group: { i: c.groups },
        };
        if (c.way === 'output_shape') {
          const whole = (k: 0 | 1): number =>
            (c.size[k] - 1) * c.strides[k] + (c.kernel[k] - 1) * c.dilations[k]! + 1;
          attributes['output_shape'] = {
            ints: [0, 1].map((k) => Math.max(1, whole(k as 0 | 1) - c.pads[0][k]!)),
          };
        } else {
          attributes['output_padding'] = { ints: c.extra };
          if (c.way === 'pads') attributes['pads'] = { ints: c.pads.flat() };
          else attributes['auto_pad'] = { s: c.way };
        }
        const y = b.node('ConvTranspose', operands, attributes);
        await agrees(b.spec([{ name: 'x', shape: [1, c.inputs * c.groups, ...c.size] }], [y]));
      }),
      runs(250),
    );
  });

  it('of one dimension', async () => {
    const b = new NetworkBuilder();
    const y = b.node('ConvTranspose', ['x', b.weights([2, 3, 4]), b.weights([3])], {
      strides: { ints: [2] },
      pads: { ints: [1, 1] },
    });
    await agrees(b.spec([{ name: 'x', shape: [1, 2, 5] }], [y]));
  });

  it('takes what stands behind and before it: BatchNormalization, bias, ReLU; padding in front stays', async () => {
    const b = new NetworkBuilder();
    const up = (x: string, channels: number, more: Record<string, AttributeSpec> = {}) =>
      b.node('ConvTranspose', [x, b.weights([channels, 3, 3, 3])], { strides: { ints: [2, 2] }, ...more });
    const scaled = b.node('Mul', [b.conv('x', 1, 2), b.weights([1, 2, 1, 1], 0.2, 1)]);
    const normal = b.node('Relu', [b.batchNorm(up(scaled, 2, { pads: { ints: [1, 1, 0, 0] } }), 3)]);
    const shifted = b.node('Add', [normal, b.weights([1, 3, 1, 1])]);
    const y = b.node('Clip', [up(shifted, 3), 'low', 'high']);
    b.initializers['low'] = { dims: [], floats: [-0.5] };
    b.initializers['high'] = { dims: [], floats: [0.5] };
    const graph = await agrees(b.spec([{ name: 'x', shape: [1, 1, 4, 4] }], [y]));
    const computing = kinds(graph).filter((k) => k !== 'transpose' && k !== 'reshape');
    assert.deepEqual(computing, ['conv2d', 'convTranspose2d', 'add', 'convTranspose2d']);
  });
});
