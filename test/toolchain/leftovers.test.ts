import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { mayRun, processMark } from '../../extension/common/processMark.ts';
import { withScratchFolder } from '../../extension/toolchain/scratch.ts';
import { lockOf, takeLock } from '../../extension/workflow/folders/lock.ts';
import { ownTemporaryFolder } from '../support/temporary.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const room = (file: string): string => new URL(`../../extension/${file}`, import.meta.url).href;
/** Takes a lock and a scratch folder with files in it, says so with its mark, and stays. */
const WORKER = `
  import { writeFile } from 'node:fs/promises';
  import { processMark } from '${room('common/processMark.ts')}';
  import { withScratchFolder } from '${room('toolchain/scratch.ts')}';
  import { lockOf, takeLock } from '${room('workflow/folders/lock.ts')}';
  await takeLock(await lockOf(process.argv[1]));
  await withScratchFolder('object', async ({ folder }) => {
    await writeFile(folder + '/net.c', '');
    console.log(processMark());
    await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  });
`;

describe('what killed processes leave', () => {
  ownTemporaryFolder();
  const running: ChildProcess[] = [];
  after(() => running.forEach((child) => child.kill('SIGKILL')));

  /** Starts a process that works in a folder; resolves to it and its mark. */
  async function worker(folder: string): Promise<{ child: ChildProcess; mark: string }> {
    const args = ['--import', TSX, '--input-type=module', '--eval', WORKER, folder];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    running.push(child);
    const [mark] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, mark: String(mark).trim() };
  }
  const named = (start: string): string[] =>
    readdirSync(os.tmpdir()).filter((name) => name.startsWith(start));

  it('is removed by the next that works, and nothing else', async () => {
    const [killed, alive] = await Promise.all([worker('/killed'), worker('/alive')]);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    assert.equal(named('glowport-object-').length, 2);
    const outside = path.join(os.tmpdir(), 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'net.c'), 'mine');
    const others = [
      `glowport-object-${killed.mark}-`,
      `glowport-test-mine`,
      'glowport-abcdef',
      `x-${killed.mark}-abcdef`,
    ];
    for (const name of others) mkdirSync(path.join(os.tmpdir(), name));
    if (process.platform !== 'win32')
      symlinkSync(outside, path.join(os.tmpdir(), `glowport-build-${killed.mark}-abcdef`));

    await withScratchFolder('object', () => Promise.resolve());
    await (
      await takeLock(await lockOf('/other'))
    )?.();
    assert.deepEqual(
      named('glowport-object-')
        .filter((name) => /-\w{6}$/.test(name))
        .map((name) => name.split('-')[2]),
      [alive.mark],
    );
    for (const name of [...others, 'outside/net.c'])
      assert.ok(existsSync(path.join(os.tmpdir(), name)), name);
    const locks = named('glowport-').filter((name) => name.endsWith('.locks'));
    assert.deepEqual(locks, [path.basename(await lockOf('/alive'))]);
    assert.equal(await takeLock(await lockOf('/alive')), undefined);
  });

  it('is told by start, where the system tells that: not held for another process that has its id now', async function () {
    const [id, start, ids] = processMark().split('.');
    assert.ok(mayRun(processMark(), Date.now()));
    assert.ok(mayRun(id!, Date.now()));
    const ended = Number(
      spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }).stdout,
    );
    assert.ok(!mayRun(String(ended), Date.now()));
    for (const mark of ['0', '-1', '', 'x']) assert.ok(!mayRun(mark, Date.now()), mark);
    // an id alone says nothing after a day, and nothing from before this computer started counts
    assert.ok(!mayRun(id!, Date.now() - 25 * 3600 * 1000));
    assert.ok(!mayRun(processMark(), 1));
    if (start === undefined) this.skip();
    assert.ok(!mayRun(`${id}.${Number(start) - 1}.${ids}`, Date.now()));
    // ids of a container are not ours: one that is not here may run there
    assert.ok(mayRun(`${ended}.${start}.${Number(ids) + 1}`, Date.now()));
    assert.ok(!mayRun(`${id}.${start}.${Number(ids) + 1}`, Date.now() - 25 * 3600 * 1000));

    const lock = await lockOf('/reused');
    mkdirSync(lock);
    const entry = path.join(lock, `${process.ppid}.1.${ids}-0123456789abcdef`);
    writeFileSync(entry, '');
    utimesSync(entry, new Date(), new Date());
    const unlock = await takeLock(lock);
    assert.ok(unlock, 'the id of a process that lives is another’s');
    await unlock();
    assert.ok(!existsSync(lock));
  });
});
