import assert from 'node:assert/strict';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { isFedWithPictures } from '../../extension/views/monitor/drawable.ts';
import { asTimestamps } from '../../extension/views/monitor/timestamps.ts';
import type { TestInput } from '../../extension/workflow/data/testInput.ts';

function isOffered(input: TestInput, shape: readonly number[], inputs = 1): boolean {
  const placeholder = { name: 'x', direction: 'input', type: 'int8', shape, scale: 1, offset: 0 };
  const bundle = { placeholders: Array.from({ length: inputs }, () => placeholder) } as unknown as Bundle;
  return isFedWithPictures({ bundle, input });
}

describe('drawing in the monitor', () => {
  it('is offered where the model is fed with pictures: not with sound, and not with tables that lie as pictures do', () => {
    assert.equal(isOffered({ path: 'seven.png' }, [1, 784]), true);
    assert.equal(isOffered({ path: 'walking.npz', row: 3 }, [1, 128, 3]), false);
    assert.equal(isOffered({ path: 'yes.wav' }, [1, 49, 10, 1]), false);
    assert.equal(isOffered({ path: 'row.csv', row: 0 }, [1, 16]), false);
  });

  it('is offered for made-up test data where the only input has rows, columns and channels', () => {
    assert.equal(isOffered('madeUp', [1, 28, 28, 1]), true);
    assert.equal(isOffered('madeUp', [1, 16]), false);
    assert.equal(isOffered('madeUp', [1, 28, 28, 1], 2), false);
  });
});

describe('time stamps in settings', () => {
  it('may still be on or off, as they once were, and are off when they are nothing known', () => {
    assert.deepEqual([true, false, 'delta', 'never', undefined].map(asTimestamps), [
      'absolute',
      'off',
      'delta',
      undefined,
      undefined,
    ]);
  });
});
