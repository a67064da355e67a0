import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { shapeOf } from '../../extension/model/graph.ts';
import { macsOf, operationsOf } from '../../extension/model/macs.ts';
import { allTaps, eachTap } from '../../extension/model/window.ts';
import { Random } from '../support/random.ts';
import { GraphMaker } from '../support/randomGraph.ts';
import { importedOnnx } from '../support/importedOnnx.ts';

describe('model: multiply-accumulates', () => {
  it('of the example, layer by layer', () => {
    const bytes = readFileSync(new URL('../../examples/mnist/mnist.onnx', import.meta.url));
    const graph = importedOnnx(bytes, { name: 'mnist' });
    const macs = graph.nodes.map((node) => macsOf(graph, node)).filter((n) => n > 0);
    // 14x14x4 outputs of 3x3x1, 7x7x4 and 3x3x4 of 3x3x4, 36x28, 28x10
    assert.deepEqual(macs, [14 * 14 * 4 * 9, 7 * 7 * 4 * 36, 3 * 3 * 4 * 36, 36 * 28, 28 * 10]);
  });

  it('and elements under windows are what evaluating takes: poolings of any form, counted one by one', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(seed);
      const maker = new GraphMaker(random);
      const kind = random.pick(['maxpool', 'maxpool padded', 'avgpool', 'avgpool padded'] as const);
      const graph = maker.finish([maker.append(kind, maker.image())]);
      const [pool] = graph.nodes;
      assert.ok(pool?.kind === 'maxpool' || pool?.kind === 'avgpool');
      const [, h, w, c] = shapeOf(graph, pool.inputs[0]!) as [number, number, number, number];
      const [, oh, ow] = shapeOf(graph, pool.output) as [number, number, number];
      let visits = 0;
      for (const rows of allTaps(pool, 0, oh, h))
        for (const columns of allTaps(pool, 1, ow, w)) eachTap(pool, rows, columns, w, () => (visits += c));
      assert.equal(operationsOf(graph, pool), visits + (h * w + oh * ow) * c, `seed ${seed}`);
    }
  });
});
