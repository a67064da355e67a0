import fc from 'fast-check';
import assert from 'node:assert/strict';
import { agrees, kinds, random, randomFloats, runs } from './oracle.ts';

describe('model: Gemm and MatMul', () => {
  it('Gemm agrees with onnxruntime for random alpha, beta, transposes and C', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer(),
          k: fc.integer({ min: 1, max: 6 }),
          n: fc.integer({ min: 1, max: 6 }),
          alpha: fc.constantFrom(undefined, 0.5, -2),
          beta: fc.constantFrom(undefined, 0.25, 0, 3),
          transA: fc.constantFrom(0, 1),
          transB: fc.constantFrom(0, 1),
          c: fc.constantFrom('none', 'n', '1n', 'scalar', 'one', 'flowing'),
          opset: fc.constantFrom(11, 13),
        }),
        async (g) => {
          const next = random(g.seed);
          const cDims = {
            none: undefined,
            n: [g.n],
            '1n': [1, g.n],
            scalar: [],
            one: [1],
            flowing: undefined,
          }[g.c];
          const graph = await agrees({
            opset: g.opset,
            inputs: [
              {
                name: 'x',
                shape: g.transA ? [g.k, 1].map((d, i) => (i === 0 && d === 1 ? 1 : d)) : [1, g.k],
              },
              ...(g.c === 'flowing' ? [{ name: 'c', shape: [1, g.n] }] : []),
            ].map((i) => (g.transA && i.name === 'x' ? { name: 'x', shape: [1, 1, g.k] } : i)),
            outputs: ['y'],
            initializers: {
              w: { dims: g.transB ? [g.n, g.k] : [g.k, g.n], floats: randomFloats(g.k * g.n, next) },
              ...(cDims
                ? {
                    c: {
                      dims: cDims,
                      floats: randomFloats(
                        cDims.reduce((n, d) => n * d, 1),
                        next,
                      ),
                    },
                  }
                : {}),
              ...(g.transA ? { column: { dims: [2], ints: [g.k, 1] } } : {}),
            },
            nodes: [
              ...(g.transA ? [{ op: 'Reshape', inputs: ['x', 'column'], outputs: ['a'] }] : []),
              {
                op: 'Gemm',
                inputs: [g.transA ? 'a' : 'x', 'w', ...(g.c === 'none' ? [] : ['c'])],
                outputs: ['y'],
                attributes: {
                  transA: { i: g.transA },
                  transB: { i: g.transB },
                  ...(g.alpha === undefined ? {} : { alpha: { f: g.alpha } }),
                  ...(g.beta === undefined ? {} : { beta: { f: g.beta } }),
                },
              },
            ],
          });
          assert.ok(!kinds(graph).includes('transpose'));
        },
      ),
      runs(100),
    );
  });

  it('MatMul + Add is one dense layer', async () => {
    const next = random(3);
    const graph = await agrees({
      inputs: [{ name: 'x', shape: ['N', 5] }],
      outputs: ['y'],
      initializers: {
        w: { dims: [5, 4], floats: randomFloats(20, next) },
        b: { dims: [4], floats: randomFloats(4, next) },
      },
      nodes: [
        { op: 'MatMul', inputs: ['x', 'w'], outputs: ['m'] },
        { op: 'Add', inputs: ['b', 'm'], outputs: ['y'] },
      ],
    });
    assert.deepEqual(kinds(graph), ['dense']);
  });

  it('MatMul over several rows, and with odd ranks, agrees with onnxruntime', async () => {
    const next = random(4);
    for (const [x, w] of [
      [
        [1, 6, 5],
        [5, 4],
      ],
      [
        [1, 2, 3, 5],
        [5, 4],
      ],
      [[1, 5], [5]],
      [
        [1, 3, 5],
        [1, 5, 2],
      ],
      [
        [1, 5],
        [1, 1, 5, 2],
      ],
      [
        [1, 1, 5],
        [5, 3],
      ],
    ] as const) {
      await agrees({
        inputs: [{ name: 'x', shape: x }],
        outputs: ['y'],
        initializers: {
          w: {
            dims: w,
            floats: randomFloats(
              w.reduce((n: number, d) => n * d, 1),
              next,
            ),
          },
        },
        nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      });
    }
  });

  it('MatMul with the constant on the left, in all ranks, agrees with onnxruntime', async () => {
    const next = random(5);
    for (const [w, x] of [
      [
        [4, 5],
        [1, 5, 3],
      ],
      [
        [4, 1],
        [1, 6],
      ],
      [
        [1, 4, 5],
        [1, 5, 1],
      ],
      [
        [3, 5],
        [1, 2, 5, 3],
      ],
      [[5], [1, 5, 2]],
      [[4, 5], [5]],
      [[5], [5]],
      [
        [1, 1, 2, 5],
        [1, 5, 3],
      ],
    ] as const) {
      const size = w.reduce((n: number, d) => n * d, 1);
      await agrees({
        inputs: [{ name: 'x', shape: x }],
        outputs: ['z'],
        initializers: { w: { dims: w, floats: randomFloats(size, next) } },
        nodes: [
          { op: 'MatMul', inputs: ['w', 'x'], outputs: ['y'] },
          { op: 'Relu', inputs: ['y'], outputs: ['z'] },
        ],
      });
    }
  });
});
