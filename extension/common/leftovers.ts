import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { mayRun } from './processMark.ts';

/**
 * Removes what killed processes have left in a folder: only what bears the mark of one that does not run any more, belongs to
 * this user, and is no link. Nothing that cannot be removed is an error.
 *
 * @param pattern what it is called; its first group is the process's mark
 * @param longestMs as for `mayRun`
 */
export async function removeLeftovers(folder: string, pattern: RegExp, longestMs?: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const mark = pattern.exec(name)?.[1];
    if (mark === undefined) continue;
    const place = path.join(folder, name);
    const stats = await lstat(place).catch(() => undefined);
    if (!stats || stats.isSymbolicLink() || stats.uid !== (process.getuid?.() ?? stats.uid)) continue;
    if (!mayRun(mark, stats.mtimeMs, longestMs))
      await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}
