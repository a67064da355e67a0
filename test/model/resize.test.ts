import fc from 'fast-check';
import assert from 'node:assert/strict';
import { NetworkBuilder } from './networkBuilder.ts';
import type { AttributeSpec, TensorSpec } from './onnxBuilder.ts';
import { agrees, kinds, runs } from './oracle.ts';

const floats = (v: readonly number[]): TensorSpec => ({ dims: [v.length], floats: v });
const ints = (v: readonly number[]): TensorSpec => ({ dims: [v.length], ints: [...v] });

/** A Resize by scales or sizes agrees with onnxruntime. */
async function check(
  shape: readonly number[],
  by: { readonly scales: readonly number[] } | { readonly sizes: readonly number[] },
  attributes: Record<string, AttributeSpec>,
  opset = 13,
): Promise<string[]> {
  const isScaled = 'scales' in by;
  // operator set 11 cannot leave the region out that only cropping reads
  const region = opset === 11 ? 'region' : '';
  const inputs = opset < 11 ? ['x', 's'] : isScaled ? ['x', region, 's'] : ['x', region, '', 's'];
  const initializers = { region: floats([]), s: isScaled ? floats(by.scales) : ints(by.sizes) };
  const node = { op: 'Resize', inputs, outputs: ['y'], attributes };
  const spec = { opset, inputs: [{ name: 'x', shape }], outputs: ['y'], initializers, nodes: [node] };
  return kinds(await agrees(spec));
}

const COORDINATES = ['asymmetric', 'half_pixel', 'pytorch_half_pixel', 'align_corners'];
const map = fc.tuple(
  fc.constant(1),
  fc.integer({ min: 1, max: 3 }),
  ...[1, 2].map(() => fc.integer({ min: 1, max: 6 })),
);
/** Of both sides: new sizes, or scales whole and broken. */
const by = (shape: readonly number[]) =>
  fc.oneof(
    fc
      .tuple(...[1, 2].map(() => fc.integer({ min: 1, max: 13 })))
      .map((to) => ({ sizes: [...shape.slice(0, 2), ...to] })),
    fc
      .tuple(...shape.slice(2).map((d) => fc.constantFrom(1, 2, 3, 2.5, 1.3, ...(d > 2 ? [0.5, 0.7] : []))))
      // onnxruntime copies a map whose sizes stay, whatever the scales
      .filter((s) => s.some((v, k) => Math.floor(v * shape[k + 2]!) !== shape[k + 2]))
      .map((s) => ({ scales: [1, 1, ...s] })),
  );
const shaped = map.chain((shape) => fc.tuple(fc.constant(shape), by(shape)));

describe('model: Resize', () => {
  it('to the nearest agrees with onnxruntime in all modes of coordinates and rounding', async () => {
    const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];
    await fc.assert(
      fc.asyncProperty(
        shaped,
        fc.constantFrom(...COORDINATES),
        fc.constantFrom(...roundings),
        async ([shape, to], coordinates, rounding) => {
          const modes = { coordinate_transformation_mode: { s: coordinates }, nearest_mode: { s: rounding } };
          await check(shape, to, { mode: { s: 'nearest' }, ...modes });
        },
      ),
      runs(250),
    );
  });

  it('by linear interpolation agrees with onnxruntime in all modes of coordinates', async () => {
    await fc.assert(
      fc.asyncProperty(shaped, fc.constantFrom(...COORDINATES), async ([shape, to], coordinates) => {
        await check(shape, to, { mode: { s: 'linear' }, coordinate_transformation_mode: { s: coordinates } });
      }),
      runs(150),
    );
  });

  it('of older and newer operator sets, of other ranks, and Upsample', async () => {
    for (const mode of ['nearest', 'linear']) {
      const attributes = { mode: { s: mode } };
      await check([1, 2, 3, 4], { scales: [1, 1, 2, 1.5] }, attributes, 10);
      await check([1, 2, 3, 4], { scales: [1, 1, 2, 3] }, attributes, 11);
      await check([1, 2, 6, 4], { scales: [1, 1, 0.5, 2] }, attributes, 10);
      for (const opset of [18, 19]) {
        const symmetric = {
          coordinate_transformation_mode: { s: opset === 19 ? 'half_pixel_symmetric' : 'half_pixel' },
        };
        await check([1, 2, 5, 4], { scales: [1, 1, 2, 1.4] }, { ...attributes, ...symmetric }, opset);
        await check([1, 2, 3, 4], { sizes: [5, 7] }, { ...attributes, axes: { ints: [2, -1] } }, opset);
      }
      await check([1, 3, 5], { scales: [1, 1, 2.5] }, attributes);
      const x = { name: 'x', shape: [1, 2, 3, 4] };
      for (const opset of [7, 9]) {
        const b = new NetworkBuilder();
        b.initializers['s'] = floats([1, 1, 3, 2]);
        const y =
          opset < 9
            ? b.node('Upsample', ['x'], { ...attributes, scales: { floats: [1, 1, 3, 2] } })
            : b.node('Upsample', ['x', 's'], attributes);
        await agrees(b.spec([x], [y], opset));
      }
    }
  });

  it('between convolutions moves nothing else', async () => {
    for (const [mode, kind] of [
      ['nearest', 'gather'],
      ['linear', 'resize'],
    ] as const) {
      const b = new NetworkBuilder();
      b.initializers['s'] = floats([1, 1, 2, 2]);
      const up = b.node('Resize', [b.conv('x', 2, 3), '', 's'], { mode: { s: mode } });
      const graph = await agrees(b.spec([{ name: 'x', shape: [1, 2, 4, 5] }], [b.conv(up, 3, 2)]));
      assert.deepEqual(kinds(graph), ['transpose', 'conv2d', kind, 'conv2d', 'transpose']);
    }
  });
});
