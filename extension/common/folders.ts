import { mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { noteMade } from './undo.ts';

/**
 * A path and the folders above it, the root last. It ends also where nothing of the path exists: a drive of Windows that is
 * not there is above itself.
 *
 * @param rules path rules of a system; this one's by default
 */
export function* upward(place: string, rules: Pick<path.PlatformPath, 'dirname'> = path): Generator<string> {
  for (let at = place; ;) {
    yield at;
    const above = rules.dirname(at);
    if (above === at) return;
    at = above;
  }
}

/** The full path of a place, with links resolved as far as it exists. */
export async function realPlace(place: string): Promise<string> {
  const full = path.resolve(place);
  for (const at of upward(full)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return path.join(real, path.relative(at, full));
  }
  return full;
}

/** Whether a place is a folder or anywhere in it. Pure: links are not looked at. */
export function isWithin(folder: string, place: string): boolean {
  const way = path.relative(folder, place);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** Whether one of two places lies in the other: what lies in a folder, and the folders on the way to it. */
export function isAlong(folder: string, place: string): boolean {
  return isWithin(folder, place) || isWithin(place, folder);
}

/**
 * Makes a folder with those above it that are missing. Node's own way, `mkdir` with `recursive`, never comes back from a
 * file system that takes no folders, such as /proc, and holds the process open.
 *
 * @returns the folders that were made, the topmost first
 * @throws the file system's error
 */
export async function makeFolder(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (const at of upward(path.resolve(folder))) {
    const there = await stat(at).catch((e: unknown) => (e as NodeJS.ErrnoException).code);
    if (typeof there === 'object' && there.isDirectory()) break;
    missing.unshift(at);
    if (there !== 'ENOENT') break; // making it says what is wrong
  }
  const made: string[] = [];
  for (const at of missing) {
    try {
      await mkdir(at);
      made.push(at);
      noteMade('folders', at);
    } catch (e) {
      // somebody else may have made it meanwhile; a link to nowhere is told by the second error
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(at)).isDirectory()) throw e;
    }
  }
  return made;
}
