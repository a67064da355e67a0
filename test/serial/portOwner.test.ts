import assert from 'node:assert/strict';
import { PortOwner } from '../../extension/serial/portOwner.ts';

describe('port owner', () => {
  it('takes the port from its holder for a borrower and gives it back, also when the work fails', async () => {
    const owner = new PortOwner();
    const log: string[] = [];
    const hold = owner.hold('COM3', {
      name: 'monitor',
      yield: async () => void log.push('yield'),
      resume: async () => void log.push('resume'),
    });
    assert.equal(owner.holderOf('COM3'), 'monitor');
    assert.equal(await owner.borrow('COM3', async () => log.push('flash')), 2);
    await assert.rejects(
      owner.borrow('COM3', async () => Promise.reject(new Error('probe failed'))),
      /probe failed/,
    );
    assert.deepEqual(log, ['yield', 'flash', 'resume', 'yield', 'resume']);
    hold.dispose();
    assert.equal(owner.holderOf('COM3'), undefined);
    await owner.borrow('COM3', async () => log.push('alone'));
    assert.equal(log.at(-1), 'alone');
  });

  it('lets one borrower in at a time, and those of other ports at once', async () => {
    const owner = new PortOwner();
    const log: string[] = [];
    let finish!: () => void;
    const first = owner.borrow('COM3', async () => {
      log.push('first');
      await new Promise<void>((done) => (finish = done));
      log.push('first done');
    });
    const second = owner.borrow('COM3', async () => log.push('second'));
    await owner.borrow('COM4', async () => log.push('other port'));
    finish();
    await Promise.all([first, second]);
    assert.deepEqual(log, ['first', 'other port', 'first done', 'second']);
  });
});
