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

  for (const op of ['Max', 'Min', 'PRelu']) {
    it(`${op} with a constant agrees with onnxruntime under broadcasting`, async () => {
      await fc.assert(
        fc.asyncProperty(
          shapes,
          fc.boolean(),
          fc.boolean(),
          fc.integer(),
          async ({ a, b }, equal, swap, seed) => {
            const count = b.reduce((n, d) => n * d, 1);
            const floats = equal ? new Float32Array(count).fill(0.3) : randomFloats(count, random(seed));
            // slopes do not broadcast the tensor
            const shape = op === 'PRelu' ? a.map((d, k) => Math.max(d, b[k - a.length + b.length] ?? 1)) : a;
            await agrees({
              inputs: [{ name: 'x', shape }],
              outputs: ['y'],
              initializers: { c: { dims: b, floats } },
              nodes: [{ op, inputs: swap && op !== 'PRelu' ? ['c', 'x'] : ['x', 'c'], outputs: ['y'] }],
            });
          },
        ),
        runs(40),
      );
    });
  }

  it('a number divided by a tensor, and a constant tensor', async () => {
    for (const dims of [[], [3], [1, 3]]) {
      await agrees({
        inputs: [{ name: 'x', shape: [1, 2, 3] }],
        outputs: ['y'],
        initializers: { c: { dims, floats: randomFloats(dims.length ? 3 : 1, random(4)) } },
        nodes: [
          { op: 'Exp', inputs: ['x'], outputs: ['e'] },
          { op: 'Div', inputs: ['c', 'e'], outputs: ['y'] },
        ],
      });
    }
  });

  it('Max and Min of one to four tensors agree with onnxruntime', async () => {
    for (const op of ['Max', 'Min']) {
      for (const inputs of [['x'], ['x', 'c'], ['c', 'x', 'x'], ['x', 'd', 'c', 'x']]) {
        await agrees({
          inputs: [{ name: 'x', shape: [1, 3, 2] }],
          outputs: ['y'],
          initializers: {
            c: { dims: [3, 1], floats: randomFloats(3, random(1)) },
            d: { dims: [2], floats: randomFloats(2, random(2)) },
          },
          nodes: [
            { op, inputs, outputs: ['s'] },
            { op: 'Tanh', inputs: ['s'], outputs: ['y'] },
          ],
        });
      }
    }
  });

  it('Where agrees with onnxruntime for constant conditions', async () => {
    for (const ints of [
      [1, 0, 1],
      [1, 1, 1],
      [0, 0, 0],
    ]) {
      for (const inputs of [
        ['m', 'x', 'z'],
        ['m', 'c', 'x'],
        ['m', 'x', 'c'],
      ]) {
        await agrees({
          inputs: ['x', 'z'].filter((n) => inputs.includes(n)).map((name) => ({ name, shape: [1, 2, 3] })),
          outputs: ['y'],
          initializers: {
            i: { dims: [3], ints },
            o: { dims: [], ints: [1] },
            c: { dims: [2, 1], floats: [0.5, -2] },
          },
          nodes: [
            { op: 'Equal', inputs: ['i', 'o'], outputs: ['m'] },
            { op: 'Where', inputs, outputs: ['w'] },
            { op: 'Relu', inputs: ['w'], outputs: ['y'] },
          ],
        });
      }
    }
  });

  it('shapes that are compared and chosen, as exporters with dynamic shapes write them', async () => {
    await agrees({
      inputs: [{ name: 'x', shape: [1, 2, 3] }],
      outputs: ['y'],
      initializers: {
        wanted: { dims: [2], ints: [1, -1] },
        minus: { dims: [], ints: [-1] },
        six: { dims: [], ints: [6] },
        two: { dims: [], ints: [2] },
      },
      nodes: [
        { op: 'Equal', inputs: ['wanted', 'minus'], outputs: ['free'] },
        { op: 'Greater', inputs: ['six', 'two'], outputs: ['more'] },
        { op: 'Less', inputs: ['six', 'two'], outputs: ['less'] },
        { op: 'Not', inputs: ['less'], outputs: ['notLess'] },
        { op: 'And', inputs: ['more', 'notLess'], outputs: ['both'] },
        { op: 'Or', inputs: ['less', 'both'], outputs: ['any'] },
        { op: 'And', inputs: ['free', 'any'], outputs: ['replaced'] },
        { op: 'Where', inputs: ['replaced', 'six', 'wanted'], outputs: ['shape'] },
        { op: 'Reshape', inputs: ['x', 'shape'], outputs: ['flat'] },
        { op: 'Relu', inputs: ['flat'], outputs: ['y'] },
      ],
    });
  });

  for (const op of ['Add', 'Mul', 'Sub', 'Max', 'Min']) {
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

  it('Div of two inputs agrees with onnxruntime under broadcasting', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ a, b }) => {
        await agrees({
          inputs: [
            { name: 'x', shape: a },
            { name: 'z', shape: [1, ...b] },
          ],
          outputs: ['y'],
          nodes: [
            { op: 'Exp', inputs: ['z'], outputs: ['e'] },
            { op: 'Div', inputs: ['x', 'e'], outputs: ['y'] },
          ],
        });
      }),
      runs(20),
    );
  });

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
