import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Clamp, Graph } from '../../../extension/model/graph.ts';
import { clampOf, fuseClamp } from '../../../extension/model/passes/fuseClamp.ts';
import { kinds, runs } from '../oracle.ts';
import { GraphWriter, same } from './graphs.ts';

function after(write: (g: GraphWriter, x: string) => string | string[]): Graph {
  const g = new GraphWriter();
  const outputs = write(g, g.input('x', [1, 6, 6, 2]));
  return same(fuseClamp, g.finish(...(Array.isArray(outputs) ? outputs : [outputs])));
}

describe('model: pass fuseClamp', () => {
  it('fuses into convolution, dense, add and mul', () => {
    for (const layer of [
      (g: GraphWriter, x: string) => g.conv(x, 3),
      (g: GraphWriter, x: string) => g.dense(x, 3),
      (g: GraphWriter, x: string) => g.binary('add', x, x),
      (g: GraphWriter, x: string) => g.binary('mul', x, g.constant([6, 6, 2])),
    ]) {
      const graph = after((g, x) => g.clip(layer(g, x), -0.5, 0.5));
      assert.equal(graph.nodes.length, 1);
      assert.deepEqual((graph.nodes[0] as { clamp?: Clamp }).clamp, { min: -0.5, max: 0.5 });
    }
  });

  it('moves up through pooling, reshape and transpose', () => {
    const graph = after((g, x) => {
      const y = g.transpose(g.pool('maxpool', g.conv(x, 3)), 0, 3, 1, 2);
      return g.clip(g.reshape(y, [1, 12]), 0, Infinity);
    });
    assert.deepEqual(kinds(graph), ['conv2d', 'maxpool', 'transpose', 'reshape']);
  });

  it('joins clips one behind the other', () => {
    const graph = after((g, x) =>
      g.clip(g.clip(g.pool('maxpool', g.clip(g.pool('avgpool', x), -1, 1)), 0, 5), 0.25, 9),
    );
    assert.deepEqual(kinds(graph), ['avgpool', 'activation', 'maxpool']);
  });

  it('stays where somebody else reads the value, and behind what does not commute', () => {
    const read = after((g, x) => {
      const y = g.conv(x, 3);
      return [g.clip(y, 0, 1), y];
    });
    assert.deepEqual(kinds(read), ['conv2d', 'activation']);
    const pooled = after((g, x) => {
      const y = g.conv(x, 3);
      return [g.clip(g.pool('maxpool', y), 0, 1), g.pool('avgpool', y)];
    });
    assert.deepEqual(kinds(pooled), ['conv2d', 'maxpool', 'activation', 'avgpool']);
    assert.deepEqual(kinds(after((g, x) => g.clip(g.pool('avgpool', g.conv(x, 3)), 0, 1))), [
      'conv2d',
      'avgpool',
      'activation',
    ]);
  });

  it('clampOf(a, b) is clip by a, then by b', () => {
    const clamp = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })).map(([a, b]) => ({
      min: Math.min(a, b),
      max: Math.max(a, b),
    }));
    const clip = (v: number, c: Clamp) => Math.min(Math.max(v, c.min), c.max);
    fc.assert(
      fc.property(clamp, clamp, fc.double({ noNaN: true }), (a, b, v) => {
        assert.equal(clip(v, clampOf(a, b)) + 0, clip(clip(v, a), b) + 0);
      }),
      runs(1000),
    );
  });
});
