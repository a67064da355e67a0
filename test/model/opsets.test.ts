import { NetworkBuilder } from './networkBuilder.ts';
import { agrees } from './oracle.ts';

describe('model: operator sets', () => {
  for (let opset = 7; opset <= 24; opset++) {
    it(`every operator family in ai.onnx ${opset} agrees with onnxruntime`, async () => {
      const b = new NetworkBuilder(opset);
      b.initializers['low'] = { dims: [], floats: [-0.5] };
      b.initializers['high'] = { dims: [], floats: [0.75] };
      b.initializers['ratio'] = { dims: [], floats: [0.5] };
      const axes = (op: string, x: string, list: number[], since: number, more = {}) =>
        opset >= since
          ? b.node(op, [x, b.ints(list)], more)
          : b.node(op, [x], { axes: { ints: list }, ...more });
      let x = b.node('Relu', [b.batchNorm(b.conv('x', 2, 4), 4)]);
      x = b.node('Dropout', opset >= 12 ? [x, 'ratio'] : [x]);
      const pooled = b.node('AveragePool', [x], {
        kernel_shape: { ints: [3, 3] },
        pads: { ints: [1, 1, 1, 1] },
      });
      x = b.node('Concat', [b.node('LeakyRelu', [x]), b.node('Tanh', [pooled])], { axis: { i: 1 } });
      const pads = [0, 0, 1, 0, 0, 0, 0, 1];
      x = opset >= 11 ? b.node('Pad', [x, b.ints(pads)]) : b.node('Pad', [x], { pads: { ints: pads } });
      x = b.node(
        'Clip',
        opset >= 11 ? [x, 'low', 'high'] : [x],
        opset >= 11 ? {} : { min: { f: -0.5 }, max: { f: 0.75 } },
      );
      x = b.node('MaxPool', [x], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } });
      const gate = b.node('Sigmoid', [b.conv(b.node('GlobalAveragePool', [x]), 8, 8, 1)]);
      x = b.node('Sub', [b.node('Mul', [x, gate]), b.node('Div', [x, b.weights([8, 1, 1], 0.5, 2)])]);
      const mean = axes('ReduceMean', x, [2, 3], 18, { keepdims: { i: 1 } });
      const squeezed = axes('Squeeze', mean, [2, 3], 13);
      const gathered = b.node('Gather', [b.node('Shape', ['x']), b.ints([0])]);
      const flat = b.node('Reshape', [x, b.node('Concat', [gathered, b.ints([-1])], { axis: { i: 0 } })]);
      x = b.node('Flatten', [axes('Unsqueeze', flat, [1], 13)]);
      x = b.node('Concat', [x, b.node('Identity', [squeezed])], { axis: { i: 1 } });
      // Gemm's C is optional from opset 11 on; with it, it is the same in all.
      x = b.gemm(b.node('Cast', [x], { to: { i: 1 } }), 8 * 9 + 8, 5);
      x = b.node('Softmax', [b.matMulAdd(x, 5, 4)]);
      await agrees(
        b.spec([{ name: 'x', shape: ['N', 2, 5, 6] }], [x, b.transpose(pooled, 0, 2, 3, 1)], opset),
      );
    });
  }
});
