import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { lstat, open, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { isRunning } from '../../common/isRunning.ts';

/**
 * Runs work that fills a folder, alone: two that write into one folder would mix their files. When it fails, a folder that
 * was not there before is removed with all that was made above it, and one that was empty is emptied. Firmware that was
 * built whole but does not run right is kept: it is what the user has to look at.
 *
 * @throws UserError `input` when another GlowPort, here or in another process, works in the folder; what `work` throws
 */
export function inOutputFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return whileAlone(folder, () => removedOnFailure(folder, work));
}

async function removedOnFailure<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const made = await firstMissing(folder);
  const wasEmpty = made === undefined && (await readdir(folder).catch(() => [''])).length === 0;
  try {
    return await work();
  } catch (e) {
    if (!(e instanceof UserError && e.code === 'firmware')) {
      const inside = wasEmpty ? await readdir(folder).catch(() => []) : [];
      const rubbish = made === undefined ? inside.map((name) => path.join(folder, name)) : [made];
      // the failure itself is what the user has to hear of
      for (const place of rubbish) await rm(place, { recursive: true, force: true }).catch(() => undefined);
    }
    throw e;
  }
}

/** The topmost folder of the path that does not exist yet; undefined when the whole path does, or cannot be looked at. */
async function firstMissing(target: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let at = target; await isMissing(at); at = path.dirname(at)) missing = at;
  return missing;
}

async function isMissing(place: string): Promise<boolean> {
  try {
    await lstat(place); // a link to nowhere is there: it is not ours to remove
    return false;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Locks of this process: its own id in a lock file says nothing. */
const held = new Set<string>();
/** Those of the work that is going on: it may call what locks the same folder. */
const ours = new AsyncLocalStorage<ReadonlySet<string>>();
/** A lock file that its owner has not filled yet. */
const YOUNG_MS = 5000;

/**
 * Runs work while nobody else works in the folder. The lock is a file in the folder for temporary files that names the
 * process; one whose process has ended does not count.
 */
export async function whileAlone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockFile(folder);
  if (ours.getStore()?.has(lock)) return work();
  if (held.has(lock)) throw busy(folder);
  held.add(lock);
  try {
    await take(lock, folder);
    try {
      return await ours.run(new Set(ours.getStore()).add(lock), work);
    } finally {
      await rm(lock, { force: true }).catch(() => undefined);
    }
  } finally {
    held.delete(lock);
  }
}

async function take(lock: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid)).finally(() => file.close());
      return;
    } catch (e) {
      // without a place for the lock there is none
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') return;
    }
    if (await isHeld(lock)) throw busy(folder);
    await rm(lock, { force: true }).catch(() => undefined);
  }
}

async function isHeld(lock: string): Promise<boolean> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const written = (await stat(lock).catch(() => undefined))?.mtimeMs ?? 0;
  if (text === '') return Date.now() - written < YOUNG_MS;
  const pid = Number(text);
  const sinceStart = written > Date.now() - os.uptime() * 1000;
  return sinceStart && Number.isInteger(pid) && pid > 0 && pid !== process.pid && isRunning(pid);
}

/** The same file however the folder is written: links resolved as far as the path exists. */
async function lockFile(folder: string): Promise<string> {
  let at = path.resolve(folder);
  let rest = '';
  for (;;) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined || at === path.dirname(at)) {
      const place = path.join(real ?? at, rest);
      const same = process.platform === 'win32' ? place.toLowerCase() : place;
      const hash = createHash('sha256').update(same).digest('hex');
      return path.join(os.tmpdir(), `glowport-${hash.slice(0, 24)}.lock`);
    }
    rest = path.join(path.basename(at), rest);
    at = path.dirname(at);
  }
}

function busy(folder: string): UserError {
  return new UserError(
    'input',
    say`Another GlowPort is writing into ${folder} right now.`,
    say`Wait until it is done, or choose another output folder.`,
  );
}
