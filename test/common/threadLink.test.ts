import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { UserError } from '../../extension/common/error.ts';
import { say } from '../../extension/common/errors/sentence.ts';
import { ThreadLink } from '../../extension/common/threadLink.ts';

interface Here {
  half(n: number): Promise<number>;
}
interface There {
  add(a: number, b: number): Promise<number>;
  refuse(): void;
  fail(): void;
  never(): Promise<void>;
}

describe('common: calls between threads', () => {
  it('calls each other, and brings errors across as they are', async () => {
    const { port1, port2 } = new MessageChannel();
    const here = new ThreadLink<Here, There>((m) => port1.postMessage(m), { half: async (n) => n / 2 });
    const there: ThreadLink<There, Here> = new ThreadLink<There, Here>((m) => port2.postMessage(m), {
      add: async (a, b) => 2 * (await there.call('half', a + b)),
      refuse: () => {
        throw new UserError('board', say`No ${'board'}.`, { do: 'checkTools' });
      },
      fail: () => {
        throw new TypeError('a bug');
      },
      never: () => new Promise(() => undefined),
    });
    port1.on('message', (m) => here.receive(m));
    port2.on('message', (m) => there.receive(m));
    assert.deepEqual(await Promise.all([here.call('add', 1, 2), here.call('add', 3, 4)]), [3, 7]);
    await assert.rejects(here.call('refuse'), (e) => {
      assert.ok(e instanceof UserError);
      assert.deepEqual([e.code, e.message, e.remedies], ['board', 'No board.', [{ do: 'checkTools' }]]);
      return true;
    });
    await assert.rejects(here.call('fail'), /a bug/);
    const waiting = here.call('never');
    here.end(new Error('it is gone'));
    await assert.rejects(waiting, /it is gone/);
    await assert.rejects(here.call('add', 1, 1), /it is gone/);
    here.tell('refuse'); // nobody hears of it
    port1.close();
  });
});
