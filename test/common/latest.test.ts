import assert from 'node:assert/strict';
import { keepingLatest } from '../../extension/common/latest.ts';

describe('common/latest', () => {
  it('makes a result once, as long as it is among the latest', () => {
    const made: number[] = [];
    const square = keepingLatest(2, String, (n: number) => {
      made.push(n);
      return n * n;
    });
    assert.deepEqual([1, 2, 1, 3, 1, 2].map(square), [1, 4, 1, 9, 1, 4]);
    assert.deepEqual(made, [1, 2, 3, 2]);
  });
});
