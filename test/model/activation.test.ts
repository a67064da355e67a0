import { agrees } from './oracle.ts';
import type { AttributeSpec, NodeSpec, TensorSpec } from './onnxBuilder.ts';

const SHAPES = [
  [1, 7],
  [1, 3, 4, 5],
  [1, 4, 6],
];

async function one(
  op: string,
  attributes: Record<string, AttributeSpec>,
  opset: number,
  scale = 4,
  initializers: Record<string, TensorSpec> = {},
  inputs: string[] = ['x'],
): Promise<void> {
  for (const shape of SHAPES) {
    const node: NodeSpec = { op, inputs, outputs: ['y'], attributes };
    await agrees(
      { opset, inputs: [{ name: 'x', shape }], outputs: ['y'], initializers, nodes: [node] },
      { scale },
    );
  }
}

describe('model: activations', () => {
  it('Relu, Sigmoid and Tanh agree with onnxruntime', async () => {
    for (const opset of [7, 13, 14, 22])
      for (const op of ['Relu', 'Sigmoid', 'Tanh']) await one(op, {}, opset);
  });

  it('LeakyRelu agrees with onnxruntime', async () => {
    for (const opset of [7, 16]) {
      await one('LeakyRelu', {}, opset);
      await one('LeakyRelu', { alpha: { f: 0.3 } }, opset);
    }
  });

  it('HardSigmoid and HardSwish agree with onnxruntime', async () => {
    await one('HardSigmoid', {}, 13);
    await one('HardSigmoid', { alpha: { f: 1 / 6 }, beta: { f: 0.5 } }, 13);
    await one('HardSwish', {}, 14);
  });

  it('functions without parameters agree with onnxruntime, where they have no finite value too', async () => {
    for (const op of [
      'Abs',
      'Ceil',
      'Cos',
      'Erf',
      'Exp',
      'Floor',
      'Log',
      'Mish',
      'Neg',
      'Reciprocal',
      'Round',
    ]) {
      await one(op, {}, 18);
    }
    for (const op of ['Sign', 'Sin', 'Softplus', 'Softsign', 'Sqrt']) await one(op, {}, 18);
    for (const op of ['Erf', 'Exp', 'Mish', 'Softplus', 'Softsign']) await one(op, {}, 18, 80);
  });

  it('functions with parameters agree with onnxruntime, with them and without', async () => {
    for (const op of ['Elu', 'Celu', 'Selu', 'ThresholdedRelu']) {
      await one(op, {}, 12);
      await one(op, { alpha: { f: 0.6 } }, 12);
    }
    await one('Selu', { alpha: { f: 1.2 }, gamma: { f: 0.9 } }, 7);
    await one('Shrink', {}, 9);
    await one('Shrink', { lambd: { f: 1 }, bias: { f: 0.4 } }, 9);
    await one('Gelu', {}, 20);
    await one('Gelu', { approximate: { s: 'tanh' } }, 20);
  });

  it('Pow with a constant exponent agrees with onnxruntime', async () => {
    for (const e of [1, 2, 3, 0.5, -0.5, -1, -2, 1.5, 0]) {
      await one('Pow', {}, 13, 4, { e: { dims: [1], floats: [e] } }, ['x', 'e']);
    }
    await one('Pow', {}, 15, 4, { e: { dims: [1, 1], floats: [3] } }, ['x', 'e']);
  });

  it('Clip agrees with onnxruntime: attributes, inputs, one limit, none', async () => {
    await one('Clip', { min: { f: -1 }, max: { f: 2 } }, 7);
    await one('Clip', { max: { f: 2 } }, 7);
    const min = { min: { dims: [], floats: [-1] } };
    const max = { max: { dims: [], floats: [2] } };
    for (const opset of [11, 12, 13]) {
      await one('Clip', {}, opset, 4, { ...min, ...max }, ['x', 'min', 'max']);
      await one('Clip', {}, opset, 4, max, ['x', '', 'max']);
      await one('Clip', {}, opset, 4, min, ['x', 'min']);
      await one('Clip', {}, opset);
    }
  });

  it('Softmax agrees with onnxruntime over every axis, before and from opset 13 on', async () => {
    for (const opset of [7, 11, 12, 13, 22]) {
      await one('Softmax', {}, opset);
      for (const axis of [1, -1, -2]) await one('Softmax', { axis: { i: axis } }, opset);
    }
    for (const opset of [12, 13]) {
      for (const axis of [1, 2, 3]) {
        const node: NodeSpec = {
          op: 'Softmax',
          inputs: ['x'],
          outputs: ['y'],
          attributes: { axis: { i: axis } },
        };
        await agrees({ opset, inputs: [{ name: 'x', shape: [1, 3, 4, 5] }], outputs: ['y'], nodes: [node] });
      }
    }
  });

  it('Softmax does not overflow', async () => {
    await one('Softmax', {}, 13, 500);
  });
});
