import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockOf, takeLock } from '../../extension/workflow/folders/lock.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
/** Processes that want the lock at the same time, and how often each tries. */
const PROCESSES = 6;
const ROUNDS = 15;

/**
 * Takes the lock again and again; while it has it, it makes a folder that must not be there yet. Prints how often it had the
 * lock, and how often it was not alone.
 */
const CONTENDER = `
  import { mkdir, rmdir, writeFile } from 'node:fs/promises';
  import { takeLock } from '${new URL('../../extension/workflow/folders/lock.ts', import.meta.url).href}';
  const [lock, room, rounds, ended] = process.argv.slice(2);
  let had = 0, met = 0;
  for (let i = 0; i < Number(rounds); i++) {
    const unlock = await takeLock(lock);
    if (!unlock) continue;
    had++;
    await mkdir(room).catch(() => met++);
    await new Promise((resolve) => setTimeout(resolve, (i * process.pid) % 5));
    await rmdir(room).catch(() => undefined);
    // now and then it ends as a killed process does: its entry stays
    if (i % 2) await writeFile(lock + '/' + ended + '-' + process.pid + '-' + i, '').catch(() => undefined);
    await unlock();
  }
  console.log(JSON.stringify({ had, met }));
`;

/** Id of a process that has ended. */
function endedProcess(): number {
  const { stdout } = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' });
  return Number(stdout);
}

describe('locks', () => {
  let folder: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-lock-'));
    lock = await lockOf(folder);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(lock, { recursive: true, force: true });
  });

  /** Puts an entry as a process of this id would. */
  async function leaveEntry(pid: number): Promise<string> {
    await mkdir(lock, { recursive: true });
    const entry = path.join(lock, `${pid}-0123456789abcdef`);
    await writeFile(entry, '');
    return entry;
  }

  it('are held by one process at a time, entries of ended processes among them, in whatever order things happen', async () => {
    const script = path.join(folder, 'contender.mjs');
    await writeFile(script, CONTENDER);
    const ended = endedProcess();
    await leaveEntry(ended);
    const results = await Promise.all(
      Array.from({ length: PROCESSES }, async () => {
        const room = path.join(folder, 'room');
        const args = ['--import', TSX, script, lock, room, String(ROUNDS), String(ended)];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        for await (const part of child.stdout) text += String(part);
        return JSON.parse(text) as { had: number; met: number };
      }),
    );
    assert.equal(
      results.reduce((n, r) => n + r.met, 0),
      0,
    );
    assert.ok(results.reduce((n, r) => n + r.had, 0) >= ROUNDS, JSON.stringify(results));
    await (await takeLock(lock))!();
    assert.deepEqual(await readdir(lock).catch(() => []), []);
  });

  it('are not held for a process that has ended, nor from before this computer started', async () => {
    await leaveEntry(endedProcess());
    const entry = await leaveEntry(process.ppid);
    await utimes(entry, 1, 1);
    const unlock = await takeLock(lock);
    assert.ok(unlock);
    assert.equal((await readdir(lock)).length, 1, 'their entries are gone');
    await unlock();
    assert.deepEqual(await readdir(lock).catch(() => 'gone'), 'gone');
  });

  it('are held for a process that runs, and for this one', async () => {
    const entry = await leaveEntry(process.ppid);
    assert.equal(await takeLock(lock), undefined);
    await rm(entry);
    const unlock = await takeLock(lock);
    assert.equal(await takeLock(lock), undefined);
    await unlock!();
    await (await takeLock(lock))!();
  });

  it('are not there where nothing can be written: work goes on without', async () => {
    const unlock = await takeLock(path.join(folder, 'file', 'lock'));
    await writeFile(path.join(folder, 'plain'), '');
    const other = await takeLock(path.join(folder, 'plain', 'lock'));
    assert.ok(unlock && other);
    await unlock();
    await other();
  });
});
