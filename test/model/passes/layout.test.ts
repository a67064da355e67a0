import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { TransposeNode } from '../../../extension/model/graph.ts';
import { transposeOffsets } from '../../../extension/model/indexing.ts';
import { clean } from '../../../extension/model/passes/clean.ts';
import { layout } from '../../../extension/model/passes/layout.ts';
import { restoreNames } from '../../../extension/model/passes/rename.ts';
import {
  collapse,
  compose,
  factor,
  inverse,
  plainView,
  reshapeView,
  transposeView,
} from '../../../extension/model/passes/view.ts';
import { kinds, runs } from '../oracle.ts';
import { GraphWriter, same } from './graphs.ts';

const shapeAndPerm = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.shuffledSubarray(
      shape.map((_, k) => k),
      { minLength: shape.length },
    ),
  ),
);

describe('model: views', () => {
  it('factor expresses every transpose as reshape, transpose, reshape', () => {
    fc.assert(
      fc.property(shapeAndPerm, ([shape, perm]) => {
        const map = transposeOffsets(shape, perm);
        const f = factor(map);
        assert.ok(f);
        assert.deepEqual([...transposeOffsets(f.split, f.perm)], [...map]);
        assert.ok(f.split.length <= shape.filter((d) => d > 1).length);
      }),
      runs(500),
    );
  });

  it('factor gives up on what is none, without error', () => {
    assert.equal(factor(Int32Array.of(1, 0)), undefined);
    assert.equal(factor(Int32Array.of(0, 2, 1)), undefined);
    assert.equal(factor(Int32Array.of(0, 1, 3, 2)), undefined);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
        const f = factor(Int32Array.from(order));
        if (f) assert.deepEqual([...transposeOffsets(f.split, f.perm)], order);
      }),
      runs(500),
    );
  });

  it('a transpose and its inverse are nothing', () => {
    fc.assert(
      fc.property(shapeAndPerm, ([shape, perm]) => {
        const there = transposeView(plainView('x', shape), perm);
        const back = transposeView(
          there,
          perm.map((_, k) => perm.indexOf(k)),
        );
        assert.equal(back.map, null);
        assert.deepEqual(
          back.axes,
          shape.map((_, k) => k),
        );
        assert.equal(compose(there.map, inverse(transposeOffsets(shape, perm))), null);
      }),
      runs(200),
    );
  });

  it('axes survive dimensions of 1 that come and go, nothing else', () => {
    const view = transposeView(plainView('x', [1, 5, 4]), [0, 2, 1]);
    assert.deepEqual(reshapeView(view, [1, 4, 1, 5]).axes, [0, 2, -1, 1]);
    assert.deepEqual(reshapeView(view, [4, 5]).axes, [2, 1]);
    assert.deepEqual(reshapeView(reshapeView(view, [4, 5]), [1, 1, 4, 5]).axes, [-1, -1, 2, 1]);
    assert.equal(reshapeView(view, [1, 20]).axes, null);
    assert.equal(reshapeView(view, [1, 5, 4]).axes, null);
  });

  it('collapse finds the dimensions along which an operand is the same', () => {
    const { shape, positions } = collapse(Int32Array.of(0, 1, 2, 0, 1, 2), [2, 3]);
    assert.deepEqual(
      [shape, [...positions]],
      [
        [1, 3],
        [0, 1, 2],
      ],
    );
    const rows = collapse(Int32Array.of(4, 4, 4, 7, 7, 7), [2, 3]);
    assert.deepEqual(
      [rows.shape, [...rows.positions]],
      [
        [2, 1],
        [4, 7],
      ],
    );
    assert.deepEqual(collapse(Int32Array.of(3, 3, 3, 3), [2, 2]).shape, [1, 1]);
  });
});

describe('model: pass layout', () => {
  it('cancels, carries through elementwise operators, and stops at a graph output', () => {
    const g = new GraphWriter();
    const t = g.transpose(g.input('x', [1, 2, 3, 4]), 0, 2, 3, 1);
    const y = g.binary('add', g.clip(t, 0, 1), g.constant([4, 1]));
    const back = g.transpose(y, 0, 3, 1, 2);
    const graph = same(layout, g.finish(back, y));
    assert.deepEqual(kinds(graph), ['activation', 'add', 'transpose']);
  });

  it('makes a transpose that several layers need once', () => {
    const g = new GraphWriter();
    const x = g.input('x', [1, 2, 6, 6]);
    const graph = same(
      layout,
      g.finish(g.conv(g.transpose(x, 0, 2, 3, 1), 2), g.conv(g.transpose(x, 0, 2, 3, 1), 3)),
    );
    assert.deepEqual(kinds(graph), ['transpose', 'conv2d', 'conv2d']);
  });

  it('dense takes any order', () => {
    const g = new GraphWriter();
    const t = g.reshape(g.transpose(g.input('x', [1, 2, 3, 4]), 0, 3, 1, 2), [1, 24]);
    assert.deepEqual(kinds(same(layout, g.finish(g.dense(t, 5)))), ['dense']);
  });

  it('an order that no transpose expresses is still right', () => {
    const g = new GraphWriter();
    const one = g.reshape(g.transpose(g.input('x', [1, 2, 3]), 0, 2, 1), [1, 2, 3]);
    const two = g.transpose(one, 0, 2, 1);
    const three = g.clip(two, -0.5, 0.5);
    const four = g.binary('add', g.reshape(three, [1, 6]), g.constant([6]));
    same(layout, g.finish(g.dense(four, 2)));
    same(layout, g.finish(three, g.reshape(four, [6, 1])));
  });

  it('joined flat vectors keep their own orders', () => {
    const g = new GraphWriter();
    const a = g.reshape(g.transpose(g.input('a', [1, 2, 3, 4]), 0, 3, 1, 2), [1, 24]);
    const b = g.reshape(g.transpose(g.input('b', [1, 2, 2, 5]), 0, 3, 1, 2), [1, 20]);
    const joined = g.node({ kind: 'concat', inputs: [a, b], axis: 1 } as never, [1, 44]);
    const soft = g.node({ kind: 'softmax', inputs: [joined] } as never, [1, 44]);
    assert.ok(!kinds(same(layout, g.finish(g.dense(soft, 2)))).includes('transpose'));
    same(layout, g.finish(g.dense(soft, 2), soft));
  });

  it('a transpose that only moves dimensions of 1 is a reshape', () => {
    const g = new GraphWriter();
    const t = g.transpose(g.input('x', [1, 1, 5, 4]), 0, 2, 3, 1);
    assert.deepEqual(kinds(same(layout, g.finish(t))), ['reshape']);
  });

  it('what must stay is one transpose of as few dimensions as the shapes allow', () => {
    const g = new GraphWriter();
    const t = g.transpose(g.transpose(g.input('x', [1, 2, 3, 4]), 0, 2, 3, 1), 0, 3, 2, 1);
    const graph = same(layout, g.finish(t));
    assert.deepEqual(kinds(graph), ['transpose']);
    assert.deepEqual((graph.nodes[0] as TransposeNode).perm, [0, 1, 3, 2]);
  });
});

describe('model: pass clean', () => {
  it('drops idle reshapes and clips, joins chains, and lets dense read any shape', () => {
    const g = new GraphWriter();
    const x = g.input('x', [1, 2, 3, 4]);
    const r = g.reshape(g.reshape(g.reshape(x, [1, 24]), [6, 4]), [1, 2, 3, 4]);
    const idle = g.clip(r, -Infinity, Infinity);
    const flat = g.reshape(g.reshape(idle, [24, 1]), [1, 24]);
    assert.deepEqual(kinds(same(clean, g.finish(g.dense(flat, 3)))), ['dense']);
  });

  it('keeps an output that only copies, and drops what no output needs', () => {
    const g = new GraphWriter();
    const x = g.input('x', [1, 4]);
    const copy = g.reshape(x, [1, 4]);
    g.clip(copy, 0, 1);
    assert.deepEqual(kinds(same(clean, g.finish(copy))), ['reshape']);
  });
});

describe('model: pass restoreNames', () => {
  it("gives values the model's names back where they are free", () => {
    const g = new GraphWriter();
    const x = g.input('x', [1, 4]);
    const clip = { kind: 'activation', fn: { type: 'clip', min: 0, max: 1 }, name: 'n' } as const;
    g.builder.node({ ...clip, inputs: [x] }, 'a@nhwc', [1, 4]);
    g.builder.node({ ...clip, inputs: ['a@nhwc'] }, 'b@nhwc', [1, 4]);
    g.builder.node({ ...clip, inputs: ['b@nhwc'] }, 'b', [1, 4]);
    const graph = same(restoreNames, g.finish('b'));
    assert.deepEqual(
      graph.nodes.map((n) => n.output),
      ['a', 'b@nhwc', 'b'],
    );
  });
});
