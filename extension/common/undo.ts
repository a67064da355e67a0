import { AsyncLocalStorage } from 'node:async_hooks';
import { rm, rmdir } from 'node:fs/promises';

/** What work has made on the disk so far. */
interface Made {
  readonly files: Set<string>;
  /** Removed when they are empty. */
  readonly folders: Set<string>;
  /** Removed with all in it: a tool fills it, and nobody else has business there. */
  readonly toolFolders: Set<string>;
  /** Of the work that this is a part of. */
  readonly whole: Made | undefined;
}

const current = new AsyncLocalStorage<Made>();

/** Says that the work going on has made a file or folder that was not there before. */
export function noteMade(kind: 'files' | 'folders' | 'toolFolders', place: string): void {
  for (let made = current.getStore(); made; made = made.whole) made[kind].add(place);
}

/**
 * Runs work, and when it fails removes what it has made, as `noteMade` was told: whatever else has come into the same
 * folders meanwhile stays, and they with it.
 *
 * @param concerns whether a place is of those to be removed
 * @param isKept whether all stays in spite of this failure
 */
export async function undoneOnFailure<T>(
  work: () => Promise<T>,
  concerns: (place: string) => boolean,
  isKept: (error: unknown) => boolean = () => false,
): Promise<T> {
  const made: Made = {
    files: new Set(),
    folders: new Set(),
    toolFolders: new Set(),
    whole: current.getStore(),
  };
  try {
    return await current.run(made, work);
  } catch (e) {
    if (!isKept(e)) await remove(made, concerns);
    throw e;
  }
}

/** What cannot be removed stays: the failure itself is what the user has to hear of. */
async function remove(
  { files, folders, toolFolders }: Made,
  concerns: (place: string) => boolean,
): Promise<void> {
  const quietly = (removal: Promise<void>): Promise<void> => removal.catch(() => undefined);
  const those = (places: Set<string>): string[] => [...places].filter(concerns);
  for (const file of those(files)) await quietly(rm(file, { force: true }));
  for (const folder of those(toolFolders)) await quietly(rm(folder, { recursive: true, force: true }));
  // what lies in another is longer
  const deepestFirst = those(folders).sort((a, b) => b.length - a.length);
  for (const folder of deepestFirst) await quietly(rmdir(folder));
}
