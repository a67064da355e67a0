import assert from 'node:assert/strict';
import { layerTable } from '../../extension/cli/table.ts';

describe('tables of layers', () => {
  it('show all layers of a network for microcontrollers, of a larger one the first, with sums and a way to the rest', () => {
    const lines = (layers: number): string[] =>
      layerTable(
        [{ title: 'layer' }, { title: 'MACs', align: 'right' }],
        Array.from({ length: layers }, (_, i) => [`l${i}`, i]),
        [['all', 7]],
      ).split('\n');
    assert.deepEqual(lines(3), [
      'layer  MACs',
      '-----  ----',
      'l0        0',
      'l1        1',
      'l2        2',
      'all       7',
      '',
    ]);
    const large = lines(200_000);
    assert.deepEqual(large.slice(-3), ['all       7', '199,000 more layers are in what --json prints.', '']);
    assert.equal(large.length, 2 + 1000 + 3);
  });
});
