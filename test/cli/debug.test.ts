import assert from 'node:assert/strict';
import { runCommandLine } from '../../extension/cli/program.ts';
import { RspClient } from '../debug/rspClient.ts';
import { buildFirmware } from '../simulator/firmware.ts';
import { testFolder } from '../support/testFolder.ts';
import { until } from '../support/until.ts';
import { glowport, listening } from './support.ts';

const boardId = 'frdmke16z';

describe('cli: debug', () => {
  const folder = testFolder('debug');

  it('says how to attach, prints what the firmware sends, and ends by Ctrl-C', async () => {
    const image = buildFirmware(boardId, 'int main(void) { init(); print("Hello\\n"); for (;;) {} }');
    const file = await folder.put('my firmware.elf', image);
    const { terminal, said } = listening();
    const cancel = new AbortController();
    const ended = runCommandLine(['debug', file, '--board', boardId], terminal, cancel.signal);
    const [, named, port] = await until(() =>
      /^\/\S*gdb\S* '(.*)' -ex 'target extended-remote :(\d+)'\n$/.exec(said().err),
    );
    assert.equal(named, file);
    const client = await RspClient.connect(Number(port));
    assert.match(await client.ask('?'), /^T05/);
    assert.equal(said().out, '', 'it stands');
    client.send('c');
    await until(() => said().out === 'Hello\n');
    cancel.abort();
    assert.equal(await ended, 0);
    await until(() => client.isClosed);
  });

  it('refuses what cannot be debugged in one sentence', async () => {
    const file = await folder.put('empty.bin', new Uint8Array(100));
    const noTable = await glowport(folder.path, 'debug', file, '--board', boardId);
    assert.match(noTable.err, /no vector table/);
    const noBoard = await glowport(folder.path, 'debug', file, '--board', 'evkmimxrt1064');
    assert.match(noBoard.err, /cannot be simulated/);
    assert.notEqual(noBoard.code * noTable.code, 0);
  });
});
