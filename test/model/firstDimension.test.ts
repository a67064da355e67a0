import { NetworkBuilder } from './networkBuilder.ts';
import { agrees } from './oracle.ts';

/** The first dimension of what flows need not be a batch, and where it is one of a fixed size, the model computes all of it. */
describe('model: a first dimension of more than one', () => {
  const cases: Readonly<Record<string, readonly [shape: readonly number[], (b: NetworkBuilder) => string]>> =
    {
      'Gemm, with a bias a row': [[3, 4], (b) => b.node('Gemm', ['x', b.weights([4, 5]), b.weights([3, 5])])],
      'MatMul from both sides': [
        [3, 4],
        (b) => b.node('MatMul', [b.weights([2, 3]), b.node('MatMul', ['x', b.weights([4, 2])])]),
      ],
      'Softmax along each axis': [
        [3, 2, 4],
        (b) => b.node('Softmax', [b.node('LogSoftmax', ['x'], { axis: { i: 0 } })], { axis: { i: 1 } }),
      ],
      'reductions along it': [
        [3, 2, 4],
        (b) => {
          const first = { axes: { ints: [0] }, keepdims: { i: 0 } };
          const span = b.node('Sub', [b.node('ReduceMax', ['x'], first), b.node('ReduceMin', ['x'], first)]);
          return b.node('Mul', [span, b.node('ReduceMean', ['x'], { axes: { ints: [0, 2] } })]);
        },
      ],
      'joined, padded and cut along it': [
        [3, 4],
        (b) => {
          const joined = b.node('Concat', ['x', b.node('Relu', ['x'])], { axis: { i: 0 } });
          const padded = b.node('Pad', [joined, b.ints([1, 0, 2, 1])]);
          return b.node('Slice', [padded, b.ints([2]), b.ints([8]), b.ints([0]), b.ints([3])]);
        },
      ],
      'normalized by samples and channels': [
        [3, 4, 5],
        (b) => {
          const each = b.node('InstanceNormalization', ['x', b.weights([4]), b.weights([4])]);
          return b.batchNorm(each, 4);
        },
      ],
      'transposed and flattened': [
        [3, 2, 4],
        (b) =>
          b.node('Gemm', [
            b.node('Flatten', [b.transpose('x', 2, 0, 1)], { axis: { i: 2 } }),
            b.weights([2, 3]),
          ]),
      ],
    };
  for (const [what, [shape, network]] of Object.entries(cases)) {
    it(`${what} agrees with onnxruntime`, async () => {
      const b = new NetworkBuilder();
      await agrees(b.spec([{ name: 'x', shape }], [network(b)]));
    });
  }
});
