import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describeGraph } from '../../extension/model/describe.ts';
import { importOnnx } from '../../extension/model/onnx.ts';
import { NetworkBuilder } from './networkBuilder.ts';

describe('model: description', () => {
  it("counts the example's MACs and parameters", () => {
    const bytes = readFileSync(new URL('../../examples/mnist/mnist.onnx', import.meta.url));
    const d = describeGraph(importOnnx(bytes, { name: 'mnist' }));
    // 14x14x4 outputs of 3x3x1, 7x7x4 and 3x3x4 of 3x3x4, 36x28, 28x10
    assert.equal(d.macs, 14 * 14 * 4 * 9 + 7 * 7 * 4 * 36 + 3 * 3 * 4 * 36 + 36 * 28 + 28 * 10);
    assert.equal(d.macs, 16_696);
    assert.equal(d.parameters, 1662);
    assert.deepEqual(
      d.nodes.map((n) => [n.name, n.details, n.macs]),
      [
        ['max_pooling_1', '2x2, stride 2', 0],
        ['conv2d_1', '3x3, pads 1 1 1 1, ReLU', 7056],
        ['max_pooling2d_1', '2x2, stride 2', 0],
        ['conv2d_2', '3x3, pads 1 1 1 1, ReLU', 7056],
        ['max_pooling2d_2', '2x2, stride 2', 0],
        ['conv2d_3', '3x3, pads 1 1 1 1, ReLU', 1296],
        ['dense_1', 'ReLU', 1008],
        ['dense_2', '', 280],
      ],
    );
    const tensors = new Map(d.tensors.map((t) => [t.name, t]));
    assert.equal(tensors.get('max_pooling_1_input')!.role, 'input');
    assert.equal(tensors.get('dense_2')!.role, 'output');
    assert.equal(tensors.get('dense_2')!.producer, 'dense_2');
    assert.deepEqual(tensors.get('conv2d_1/Relu:0'), {
      name: 'conv2d_1/Relu:0',
      shape: [1, 14, 14, 4],
      elements: 784,
      role: 'activation',
      producer: 'conv2d_1',
      consumers: ['max_pooling2d_1'],
    });
  });

  it('describes every kind of node', () => {
    const b = new NetworkBuilder();
    b.initializers['low'] = { dims: [], floats: [-1] };
    b.initializers['high'] = { dims: [], floats: [6] };
    let x = b.conv('x', 2, 2, 3, { groups: 2, stride: 2 });
    x = b.node('LeakyRelu', [x], { alpha: { f: 0.5 } });
    x = b.node('Clip', [b.node('Sigmoid', [x]), 'low', 'high']);
    x = b.node('AveragePool', [x], {
      kernel_shape: { ints: [2, 1] },
      strides: { ints: [1, 2] },
      pads: { ints: [1, 0, 0, 0] },
      count_include_pad: { i: 1 },
    });
    x = b.node('Pad', [x, b.ints([0, 0, 1, 0, 0, 0, 0, 2])]);
    x = b.node('Mul', [x, b.node('Tanh', [x])]);
    x = b.node('Softmax', [b.node('Concat', [x, x], { axis: { i: 1 } })], { axis: { i: 3 } });
    const d = describeGraph(importOnnx(b.bytes([{ name: 'x', shape: [1, 2, 4, 4] }], [x]), { name: 't' }));
    assert.deepEqual(
      d.nodes.map((n) => `${n.kind}: ${n.details}`),
      [
        'transpose: 0 2 3 1',
        'conv2d: 3x3, stride 2, pads 1 1 1 1, 2 groups',
        'activation: leakyRelu 0.5',
        'activation: sigmoid',
        'activation: clamp -1..6',
        'avgpool: 2x1, stride 1x2, pads 1 0 0 0, padding counts',
        'pad: 0+0 1+0 0+2 0+0, with 0',
        'activation: tanh',
        'mul: ',
        'concat: axis 3',
        'transpose: 0 3 1 2',
        'softmax: ',
      ],
    );
  });
});
