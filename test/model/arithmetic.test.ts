import fc from 'fast-check';
import { agrees, random, randomFloats, runs } from './oracle.ts';

/** Two shapes that broadcast, the first with batch 1. */
const shapes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('both', 'a', 'b')), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((dims) =>
    fc.record({
      a: fc.constant([1, ...dims.map(([d, who]) => (who === 'b' ? 1 : d))]),
      b: fc.constant(dims.map(([d, who]) => (who === 'a' ? 1 : d))),
      drop: fc.integer({ min: 0, max: dims.length }),
    }),
  )
  .map(({ a, b, drop }) => ({ a, b: b.slice(drop) }));

describe('model: arithmetic', () => {
  it('Sum of one to four tensors agrees with onnxruntime under broadcasting', async () => {
    for (const inputs of [['x'], ['x', 'c'], ['c', 'x', 'x'], ['x', 'd', 'c', 'x']]) {
      await agrees({
        inputs: [{ name: 'x', shape: [1, 3, 2] }],
        outputs: ['y'],
        initializers: {
          c: { dims: [3, 1], floats: randomFloats(3, random(1)) },
          d: { dims: [2], floats: randomFloats(2, random(2)) },
        },
        // a second node, so that one input alone is no copy of the model's input
        nodes: [
          { op: 'Sum', inputs, outputs: ['s'] },
          { op: 'Relu', inputs: ['s'], outputs: ['y'] },
        ],
      });
    }
  });

  for (const op of ['Add', 'Mul', 'Sub', 'Div']) {
    it(`${op} with a constant agrees with onnxruntime under broadcasting`, async () => {
      await fc.assert(
        fc.asyncProperty(shapes, fc.boolean(), fc.integer(), async ({ a, b }, swap, seed) => {
          const data = randomFloats(
            b.reduce((n, d) => n * d, 1),
            random(seed),
          ).map((v) => v + Math.sign(v) / 2);
          const inputs = swap && op !== 'Div' ? ['c', 'x'] : ['x', 'c'];
          await agrees({
            inputs: [{ name: 'x', shape: a }],
            outputs: ['y'],
            initializers: { c: { dims: b, floats: data } },
            nodes: [{ op, inputs, outputs: ['y'] }],
          });
        }),
        runs(40),
      );
    });
  }

  for (const op of ['Add', 'Mul', 'Sub']) {
    it(`${op} of two inputs agrees with onnxruntime under broadcasting`, async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async ({ a, b }) => {
          await agrees({
            inputs: [
              { name: 'x', shape: a },
              { name: 'z', shape: [1, ...b] },
            ],
            outputs: ['y'],
            nodes: [{ op, inputs: ['x', 'z'], outputs: ['y'] }],
          });
        }),
        runs(40),
      );
    });
  }

  it('an operand twice', async () => {
    for (const op of ['Add', 'Mul']) {
      await agrees({
        inputs: [{ name: 'x', shape: [1, 2, 3, 3] }],
        outputs: ['y'],
        nodes: [
          { op: 'MaxPool', inputs: ['x'], outputs: ['p'], attributes: { kernel_shape: { ints: [2, 2] } } },
          { op, inputs: ['p', 'p'], outputs: ['y'] },
        ],
      });
    }
  });

  it('BatchNormalization agrees with onnxruntime alone, for every rank', async () => {
    for (const opset of [7, 9, 14, 15]) {
      for (const shape of [
        [1, 3],
        [1, 3, 5],
        [1, 3, 4, 5],
      ]) {
        const next = random(9);
        await agrees({
          opset,
          inputs: [{ name: 'x', shape }],
          outputs: ['y'],
          initializers: {
            scale: { dims: [3], floats: randomFloats(3, next) },
            offset: { dims: [3], floats: randomFloats(3, next) },
            mean: { dims: [3], floats: randomFloats(3, next) },
            variance: { dims: [3], floats: randomFloats(3, next).map((v) => Math.abs(v) + 0.1) },
          },
          nodes: [
            {
              op: 'BatchNormalization',
              inputs: ['x', 'scale', 'offset', 'mean', 'variance'],
              outputs: ['y'],
              attributes: { epsilon: { f: 1e-3 } },
            },
          ],
        });
      }
    }
  });
});
