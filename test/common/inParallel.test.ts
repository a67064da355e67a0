import assert from 'node:assert/strict';
import { inParallel } from '../../extension/common/inParallel.ts';

describe('work in parallel', () => {
  /** Ends with the next turn of the event loop. */
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('does all, so many at a time', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (n, i) => {
      assert.equal(n, i + 1);
      most = Math.max(most, ++now);
      for (let k = 0; k < 8 - n; k++) await turn();
      now--;
      done.push(n);
    });
    assert.equal(most, 3);
    assert.deepEqual([...done].sort(), [1, 2, 3, 4, 5, 6, 7]);
    await inParallel([], 3, () => assert.fail('there is none'));
  });

  it('begins nothing behind a failure, and waits for what goes on', async () => {
    const done: number[] = [];
    const work = inParallel([1, 2, 3, 4], 2, async (n) => {
      await turn();
      if (n === 1) throw new Error('the first');
      await turn();
      done.push(n);
    });
    await assert.rejects(work, /the first/);
    assert.deepEqual(done, [2]);
  });
});
