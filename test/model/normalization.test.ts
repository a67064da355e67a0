import assert from 'node:assert/strict';
import { agrees, kinds, random, randomFloats } from './oracle.ts';
import type { AttributeSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';

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

  it('a layer normalization that is written node by node becomes one', async () => {
    for (const opset of [13, 18]) {
      for (const read of [false, true]) {
        const mean = (from: string, to: string): NodeSpec => ({
          op: 'ReduceMean',
          inputs: opset < 18 ? [from] : [from, 'axes'],
          outputs: [to],
          attributes: opset < 18 ? { axes: { ints: [-1] } } : {},
        });
        const graph = await agrees(
          {
            opset,
            inputs: [{ name: 'x', shape: [1, 3, 8] }],
            outputs: read ? ['y', 'variance'] : ['y'],
            initializers: {
              ...(opset < 18 ? {} : { axes: { dims: [1], ints: [-1] } }),
              two: { dims: [], floats: [2] },
              e: { dims: [], floats: [1e-5] },
              s: floats(8),
              b: floats(8),
              w: floats(8, 4),
            },
            nodes: [
              mean('x', 'mean'),
              { op: 'Sub', inputs: ['x', 'mean'], outputs: ['d'] },
              { op: 'Pow', inputs: ['d', 'two'], outputs: ['q'] },
              mean('q', 'variance'),
              { op: 'Add', inputs: ['variance', 'e'], outputs: ['v'] },
              { op: 'Sqrt', inputs: ['v'], outputs: ['r'] },
              { op: 'Div', inputs: ['d', 'r'], outputs: ['n'] },
              { op: 'Mul', inputs: ['n', 's'], outputs: ['scaled'] },
              { op: 'Add', inputs: ['scaled', 'b'], outputs: ['o'] },
              { op: 'MatMul', inputs: ['o', 'w'], outputs: ['y'] },
            ],
          },
          { scale: 3, tolerance: 1e-4 },
        );
        const computed = kinds(graph).filter((kind) => kind !== 'reshape' && kind !== 'transpose');
        if (!read) assert.deepEqual(computed, ['normalize', 'conv2d', 'conv2d']);
        else assert.ok(computed.includes('normalize') && computed.includes('sub'));
      }
    }
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
