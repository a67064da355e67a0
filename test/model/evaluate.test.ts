import assert from 'node:assert/strict';
import { evaluate } from '../../extension/model/evaluate.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { NetworkBuilder } from './networkBuilder.ts';

describe('model: evaluate', () => {
  const b = new NetworkBuilder();
  const y = b.node('Softmax', [b.gemm(b.node('Flatten', ['x']), 4, 2)]);
  const graph = importedOnnx(b.bytes([{ name: 'x', shape: ['N', 1, 2, 2] }], [y]), { name: 't' });

  it('gives every value of the graph, and leaves its inputs alone', () => {
    const x = Float32Array.of(1, 2, 3, 4);
    const results = evaluate(graph, new Map([['x', x]]));
    assert.deepEqual([...results.keys()].sort(), [...graph.values.keys()].sort());
    assert.deepEqual([...x], [1, 2, 3, 4]);
    const sum = results.get(y)!.reduce((a, v) => a + v, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  });

  it('two runs do not share results', () => {
    const first = evaluate(graph, new Map([['x', Float32Array.of(1, 2, 3, 4)]])).get(y)!;
    const copy = first.slice();
    evaluate(graph, new Map([['x', Float32Array.of(-4, 1, 0, 9)]]));
    assert.deepEqual(first, copy);
  });

  it('names an input that is missing or has the wrong size', () => {
    assert.throws(() => evaluate(graph, new Map()), /no data for input 'x'/);
    assert.throws(
      () => evaluate(graph, new Map([['x', new Float32Array(5)]])),
      /'x' has 5 elements, \[1,1,2,2\] needs 4/,
    );
  });
});
