import { createHash, randomBytes } from 'node:crypto';
import { chmod, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder, realPlace } from '../../common/folders.ts';
import { removeLeftovers } from '../../common/leftovers.ts';
import { MARK, mayRun, processMark } from '../../common/processMark.ts';

/** Times that a process tries when others come or go at the same moment. */
const TRIES = 6;
/** Longest wait before the next try, in milliseconds; a random part of it, so that not all try at once again. */
const LONGEST_WAIT_MS = 40;
/** Everybody may put an entry into a lock's folder, nobody may remove another's. */
const FOR_EVERYBODY = 0o1777;

/**
 * Locks a place among all processes of this computer; the result unlocks it. Undefined when another process has it.
 *
 * A lock is a folder in the folder for temporary files, in which each who wants it puts an entry of a name of its own, and
 * then looks who else is there: of two who come at once at least one sees the other, so that never two go on. Who sees
 * another that runs takes its entry back. Entries are only ever removed by their owner, or by anyone once its process has
 * ended: no order of events removes the entry of one who goes on.
 *
 * @param lock what `lockOf` gives
 */
export async function takeLock(lock: string): Promise<(() => Promise<void>) | undefined> {
  await removeEnded();
  for (let left = TRIES - 1; ; left--) {
    const entry = await putEntry(lock);
    if (entry === undefined) return () => Promise.resolve(); // without a place for a lock there is none
    const others = (await entriesOf(lock)).filter((e) => e !== entry);
    const running = await Promise.all(others.map(isHeld));
    if (!running.includes(true)) {
      for (const ended of others) await rm(ended, { force: true }).catch(() => undefined);
      return () => removeEntry(lock, entry);
    }
    await removeEntry(lock, entry);
    if (left === 0) return undefined;
    await wait(Math.random() * LONGEST_WAIT_MS);
  }
}

/** The lock of a folder: the same however the folder is written, links resolved as far as the path exists. */
export async function lockOf(folder: string): Promise<string> {
  const place = await realPlace(folder);
  const same = process.platform === 'win32' ? place.toLowerCase() : place;
  const hash = createHash('sha256').update(same).digest('hex');
  return path.join(os.tmpdir(), `glowport-${hash.slice(0, 24)}.locks`);
}

/** What locks and the entries in them are called. */
const LOCK = /^glowport-[0-9a-f]{24}\.locks$/;
const ENTRY = new RegExp(`^(${MARK})-`);
/** Folders for temporary files that were looked through. */
const cleaned = new Set<string>();

/** Removes the locks of processes that were killed, once: their folders may never be worked in again. */
async function removeEnded(): Promise<void> {
  const temporary = os.tmpdir();
  if (cleaned.has(temporary)) return;
  cleaned.add(temporary);
  const entries = await readdir(temporary, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries.filter((e) => e.isDirectory() && LOCK.test(e.name))) {
    const lock = path.join(temporary, name);
    await removeLeftovers(lock, ENTRY);
    await rmdir(lock).catch(() => undefined); // an empty one
  }
}

/** Entries that this process has put: its id alone says nothing, an earlier process may have had it. */
const mine = new Set<string>();

async function putEntry(lock: string): Promise<string | undefined> {
  const entry = path.join(lock, `${processMark()}-${randomBytes(8).toString('hex')}`);
  for (let left = TRIES; left > 0; left--) {
    try {
      const made = await makeFolder(lock);
      if (made.length > 0) await chmod(lock, FOR_EVERYBODY);
      await writeFile(entry, '', { flag: 'wx' });
      mine.add(entry);
      return entry;
    } catch (e) {
      // the last one before has removed the folder meanwhile
      if ((e as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
    }
  }
  return undefined;
}

async function removeEntry(lock: string, entry: string): Promise<void> {
  await rm(entry, { force: true }).catch(() => undefined);
  mine.delete(entry);
  // it stays while somebody else has an entry
  await rmdir(lock).catch(() => undefined);
}

async function entriesOf(lock: string): Promise<string[]> {
  const names = await readdir(lock).catch(() => []);
  return names.map((name) => path.join(lock, name));
}

/** Whether the process that put an entry still runs. */
async function isHeld(entry: string): Promise<boolean> {
  const written = (await stat(entry).catch(() => undefined))?.mtimeMs ?? 0;
  const mark = ENTRY.exec(path.basename(entry))?.[1];
  if (mark === undefined) return false;
  if (mark === processMark() || mark === String(process.pid)) return mine.has(entry);
  return mayRun(mark, written);
}
