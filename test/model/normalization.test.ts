import { agrees, random, randomFloats } from './oracle.ts';
import type { AttributeSpec, TensorSpec } from './onnxBuilder.ts';

function floats(...dims: number[]): TensorSpec {
  const n = dims.reduce((a, b) => a * b, 1);
  return { dims, floats: randomFloats(n, random(n + 1)) };
}

async function one(
  op: string,
  opset: number,
  shape: number[],
  attributes: Record<string, AttributeSpec> = {},
  constants: Record<string, TensorSpec> = {},
): Promise<void> {
  await agrees(
    {
      opset,
      inputs: [{ name: 'x', shape }],
      outputs: ['y'],
      initializers: constants,
      nodes: [{ op, inputs: ['x', ...Object.keys(constants)], outputs: ['y'], attributes }],
    },
    { scale: 3, tolerance: 1e-4 },
  );
}

describe('model: normalizations', () => {
  it('LayerNormalization agrees with onnxruntime, over one axis and several, with an offset and without', async () => {
    await one('LayerNormalization', 17, [1, 3, 8], {}, { s: floats(8), b: floats(8) });
    await one('LayerNormalization', 17, [1, 8], { epsilon: { f: 0.1 } }, { s: floats(8) });
    await one(
      'LayerNormalization',
      17,
      [1, 3, 4, 5],
      { axis: { i: 1 } },
      { s: floats(3, 4, 5), b: floats(3, 4, 5) },
    );
  });

  it('InstanceNormalization agrees with onnxruntime in one and two dimensions', async () => {
    for (const shape of [
      [1, 3, 7],
      [1, 3, 4, 5],
    ]) {
      await one(
        'InstanceNormalization',
        6 + 1,
        shape,
        { epsilon: { f: 1e-3 } },
        { s: floats(3), b: floats(3) },
      );
    }
  });

  it('GroupNormalization agrees with onnxruntime', async () => {
    await one(
      'GroupNormalization',
      21,
      [1, 6, 3, 4],
      { num_groups: { i: 2 } },
      { s: floats(6), b: floats(6) },
    );
    await one(
      'GroupNormalization',
      18,
      [1, 6, 3, 4],
      { num_groups: { i: 3 } },
      { s: floats(3), b: floats(3) },
    );
  });

  it('LpNormalization and MeanVarianceNormalization agree with onnxruntime', async () => {
    for (const axis of [1, -1]) await one('LpNormalization', 13, [1, 3, 6], { axis: { i: axis } });
    await one('MeanVarianceNormalization', 13, [1, 3, 4, 5]);
    await one('MeanVarianceNormalization', 9, [1, 3, 4, 5], { axes: { ints: [2, 3] } });
  });

  it('LogSoftmax agrees with onnxruntime over every axis, before and from opset 13 on', async () => {
    for (const opset of [7, 11, 13]) {
      for (const axis of [1, 2, 3]) await one('LogSoftmax', opset, [1, 3, 4, 5], { axis: { i: axis } });
      await one('LogSoftmax', opset, [1, 7]);
    }
  });
});
