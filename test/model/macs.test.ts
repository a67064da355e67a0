import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { macsOf } from '../../extension/model/macs.ts';
import { importedOnnx } from '../support/importedOnnx.ts';

describe('model: multiply-accumulates', () => {
  it('of the example, layer by layer', () => {
    const bytes = readFileSync(new URL('../../examples/mnist/mnist.onnx', import.meta.url));
    const graph = importedOnnx(bytes, { name: 'mnist' });
    const macs = graph.nodes.map((node) => macsOf(graph, node)).filter((n) => n > 0);
    // 14x14x4 outputs of 3x3x1, 7x7x4 and 3x3x4 of 3x3x4, 36x28, 28x10
    assert.deepEqual(macs, [14 * 14 * 4 * 9, 7 * 7 * 4 * 36, 3 * 3 * 4 * 36, 36 * 28, 28 * 10]);
  });
});
