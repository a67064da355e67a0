import assert from 'node:assert/strict';
import type { Conv2dNode, Graph } from '../../../extension/model/graph.ts';
import { foldAffine } from '../../../extension/model/passes/foldAffine.ts';
import { foldPad } from '../../../extension/model/passes/foldPad.ts';
import { mergeAffine } from '../../../extension/model/passes/mergeAffine.ts';
import { kinds } from '../oracle.ts';
import { GraphWriter, same } from './graphs.ts';

/** A graph made by `write`, after the pass. */
function after(
  pass: (graph: Graph) => Graph,
  write: (g: GraphWriter, x: string) => string | string[],
): Graph {
  const g = new GraphWriter();
  const outputs = write(g, g.input('x', [1, 6, 5, 4]));
  return same(pass, g.finish(...(Array.isArray(outputs) ? outputs : [outputs])));
}

const folds = (write: (g: GraphWriter, x: string) => string | string[]) => kinds(after(foldAffine, write));

describe('model: pass foldAffine', () => {
  it('takes additions and multiplications behind a convolution, in any shape that is one a channel', () => {
    for (const shape of [[], [1], [3], [1, 3], [1, 1, 1, 3]]) {
      for (const kind of ['add', 'mul'] as const) {
        assert.deepEqual(
          folds((g, x) => g.binary(kind, g.conv(x, 3), g.constant(shape))),
          ['conv2d'],
        );
        const swapped = (g: GraphWriter, x: string) => {
          const y = g.conv(x, 3);
          return g.binary(kind, g.constant(shape), y, g.builder.shapeOf(y));
        };
        assert.deepEqual(folds(swapped), ['conv2d']);
      }
    }
  });

  it('takes a whole chain, behind and before', () => {
    const chain = folds((g, x) => {
      const scaled = g.binary('mul', x, g.constant([4]));
      const y = g.conv(scaled, 3, 3, { pad: 1 });
      return g.binary(
        'add',
        g.binary('mul', g.binary('add', y, g.constant([3])), g.constant([])),
        g.constant([1, 3]),
      );
    });
    assert.deepEqual(chain, ['conv2d']);
    const vector = folds((g, x) => {
      const moved = g.binary('add', g.binary('mul', x, g.constant([6, 5, 1])), g.constant([1, 6, 5, 4]));
      return g.binary('mul', g.dense(moved, 3), g.constant([3]));
    });
    assert.deepEqual(vector, ['dense']);
  });

  it('scales before grouped and depthwise convolutions', () => {
    for (const groups of [2, 4]) {
      assert.deepEqual(
        folds((g, x) => g.conv(g.binary('mul', x, g.constant([4])), 4, 3, { groups, pad: 1 })),
        ['conv2d'],
      );
      assert.deepEqual(
        folds((g, x) => g.conv(g.binary('add', x, g.constant([4])), 4, 3, { groups })),
        ['conv2d'],
      );
    }
  });

  it('leaves what would not be exact', () => {
    // zero padding is not zero + c
    assert.deepEqual(
      folds((g, x) => g.conv(g.binary('add', x, g.constant([4])), 3, 3, { pad: 1 })),
      ['add', 'conv2d'],
    );
    // one number a row is none a channel
    assert.deepEqual(
      folds((g, x) => g.binary('mul', g.conv(x, 3), g.constant([4, 1, 1]))),
      ['conv2d', 'mul'],
    );
    // width equals channels, but stands elsewhere
    assert.deepEqual(
      folds((g, x) => g.binary('mul', g.conv(x, 3), g.constant([3, 1]))),
      ['conv2d', 'mul'],
    );
    // a clamp between
    assert.deepEqual(
      folds((g, x) => g.binary('add', g.clip(g.conv(x, 3), 0, 1), g.constant([3]))),
      ['conv2d', 'activation', 'add'],
    );
    // broadcasting makes more elements
    assert.deepEqual(
      folds((g, x) => g.binary('add', g.dense(x, 3), g.constant([2, 3]), [2, 3])),
      ['dense', 'add'],
    );
  });

  it('leaves values that somebody else reads', () => {
    assert.deepEqual(
      folds((g, x) => {
        const y = g.conv(x, 3);
        return [g.binary('add', y, g.constant([3])), y];
      }),
      ['conv2d', 'add'],
    );
    assert.deepEqual(
      folds((g, x) => {
        const y = g.binary('mul', x, g.constant([4]));
        return [g.conv(y, 3), g.pool('maxpool', y)];
      }),
      ['mul', 'conv2d', 'maxpool'],
    );
  });
});

describe('model: pass mergeAffine', () => {
  const affine = (g: GraphWriter, x: string, a: number[], b: number[]) =>
    g.binary('add', g.binary('mul', x, g.constant(a)), g.constant(b));

  it('makes x·a + b per channel a depthwise 1x1 convolution', () => {
    for (const [a, b] of [
      [[4], [4]],
      [[1, 1, 1, 4], []],
      [[], [1, 4]],
    ] as const) {
      const graph = after(mergeAffine, (g, x) => affine(g, x, [...a], [...b]));
      assert.deepEqual(kinds(graph), ['conv2d']);
      assert.equal((graph.nodes[0] as Conv2dNode).groups, 4);
    }
  });

  it('reshapes flat vectors and sequences around it', () => {
    for (const shape of [
      [1, 8],
      [1, 3, 8],
    ]) {
      const g = new GraphWriter();
      const graph = same(mergeAffine, g.finish(affine(g, g.input('x', shape), [8], [8])));
      assert.deepEqual(kinds(graph), ['reshape', 'conv2d', 'reshape']);
    }
  });

  it('leaves what differs along other dimensions, and values that somebody else reads', () => {
    assert.deepEqual(kinds(after(mergeAffine, (g, x) => affine(g, x, [5, 1], [4]))), ['mul', 'add']);
    const read = after(mergeAffine, (g, x) => {
      const y = g.binary('mul', x, g.constant([4]));
      return [y, g.binary('add', y, g.constant([4]))];
    });
    assert.deepEqual(kinds(read), ['mul', 'add']);
  });
});

describe('model: pass foldPad', () => {
  it('puts zeros into convolutions and average pooling', () => {
    const conv = after(foldPad, (g, x) => g.conv(g.pad(x, 0, [1, 2], [0, 3]), 2, 3, { pad: 1 }));
    assert.deepEqual(kinds(conv), ['conv2d']);
    assert.deepEqual((conv.nodes[0] as Conv2dNode).pads, { top: 2, left: 1, bottom: 3, right: 4 });
    assert.deepEqual(kinds(after(foldPad, (g, x) => g.pool('avgpool', g.pad(x, 0, [1, 1], [1, 2])))), [
      'avgpool',
    ]);
  });

  it('puts into max pooling what can never win', () => {
    const pooled = (min: number, value: number, k: number) =>
      kinds(after(foldPad, (g, x) => g.pool('maxpool', g.pad(g.clip(x, min, 2), value, [1, 1], [1, 2]), k)));
    assert.deepEqual(pooled(0, 0, 3), ['activation', 'maxpool']);
    assert.deepEqual(pooled(0, -1, 3), ['activation', 'maxpool']);
    assert.deepEqual(pooled(-1, 0, 3), ['activation', 'pad', 'maxpool']);
    // a window of two columns can lie in padding alone
    assert.deepEqual(pooled(0, 0, 2), ['activation', 'pad', 'maxpool']);
  });

  it('leaves other values, other dimensions and other readers', () => {
    assert.deepEqual(kinds(after(foldPad, (g, x) => g.conv(g.pad(x, 1, [1, 1], [1, 1]), 2))), [
      'pad',
      'conv2d',
    ]);
    const read = after(foldPad, (g, x) => {
      const y = g.pad(x, 0, [1, 1], [1, 1]);
      return [g.conv(y, 2), g.clip(y, 0, 1)];
    });
    assert.deepEqual(kinds(read), ['pad', 'conv2d', 'activation']);
    const given = after(foldPad, (g, x) => {
      const y = g.pad(x, 0, [1, 1], [1, 1]);
      return [g.conv(y, 2), y];
    });
    assert.deepEqual(kinds(given), ['pad', 'conv2d']);
    const both = after(foldPad, (g, x) => {
      const y = g.pad(x, 0, [1, 1], [1, 1]);
      return [g.conv(y, 2), g.conv(y, 3)];
    });
    assert.deepEqual(kinds(both), ['conv2d', 'conv2d']);
  });
});
