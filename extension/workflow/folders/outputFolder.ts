import { AsyncLocalStorage } from 'node:async_hooks';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { isAlong, realPlace } from '../../common/folders.ts';
import { placeInside } from '../../common/output/inside.ts';
import { undoneOnFailure } from '../../common/undo.ts';
import { lockOf, takeLock } from './lock.ts';

/**
 * The full path of a folder for outputs: the one that was chosen, else the one of that name in the working folder.
 *
 * @throws UserError `input` when nobody chose it and a link there leads elsewhere
 */
export async function outputPlace(chosen: string | undefined, usual: string): Promise<string> {
  if (chosen === undefined) await placeInside(process.cwd(), usual);
  return path.resolve(chosen ?? usual);
}

/**
 * Runs work that fills a folder, alone: two that write into one folder would mix their files. When it fails, what it
 * has made in a folder that was not there before, or was empty, is removed, and the folders made for it where nothing else has
 * come into them. Firmware that was built whole but does not run right is kept: it is what the user has to look at.
 *
 * @throws UserError `input` when another GlowPort, here or in another process, works in the folder; what `work` throws
 */
export function inOutputFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return whileAlone(folder, () => removedOnFailure(folder, work));
}

async function removedOnFailure<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const isNew = (await isMissing(folder)) || (await readdir(folder).catch(() => [''])).length === 0;
  if (!isNew) return work();
  // tools are given places with links resolved
  const targets = [folder, await realPlace(folder)];
  const concerns = (made: string): boolean => targets.some((target) => isAlong(target, made));
  return undoneOnFailure(work, concerns, (e) => e instanceof UserError && e.code === 'firmware');
}

async function isMissing(place: string): Promise<boolean> {
  try {
    await lstat(place); // a link to nowhere is there: it is not ours to remove
    return false;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Locks that this process holds. */
const held = new Set<string>();
/** Those of the work that is going on: it may call what locks the same folder. */
const ours = new AsyncLocalStorage<ReadonlySet<string>>();

/**
 * Runs work while nobody else works in the folder, in this process or another of this computer.
 *
 * @throws UserError `input` when somebody does
 */
export async function whileAlone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockOf(folder);
  if (ours.getStore()?.has(lock)) return work();
  if (held.has(lock)) throw busy(folder);
  held.add(lock);
  try {
    const unlock = await takeLock(lock);
    if (!unlock) throw busy(folder);
    try {
      return await ours.run(new Set(ours.getStore()).add(lock), work);
    } finally {
      await unlock();
    }
  } finally {
    held.delete(lock);
  }
}

function busy(folder: string): UserError {
  return new UserError(
    'input',
    say`Another GlowPort is writing into ${folder} right now.`,
    say`Wait until it is done, or choose another output folder.`,
  );
}
