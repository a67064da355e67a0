import { createHmac, randomBytes } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defaultCacheFolder } from '../common/cacheFolder.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { cannotWrite, writeFileAtomic } from '../common/files.ts';
import { makeFolder } from '../common/folders.ts';
import { placeInside } from '../common/output/inside.ts';
import { readSmall } from '../common/regularFile.ts';
import { noteMade } from '../common/undo.ts';
import { COMPILE_COMMANDS } from './compileCommands.ts';
import { IMAGE_FORMATS } from './images.ts';

/** Says that a build folder was made here, by this user, and not brought along with the project. */
const MARK_FILE = '.glowport';
const KEY_BYTES = 32;
const MAX_MARK_BYTES = 1024;
/** Longest CMakeCache.txt read; they have some tens of kilobytes. */
const MAX_CACHE_BYTES = 16 * 1024 * 1024;

/**
 * The folder where tools put what they make: one that this user's GlowPort made here, for CMake, Ninja and make run what they
 * find in theirs. A build that came with the project, or was moved with it, is removed and made anew.
 *
 * @param name network's name, as in NAME.elf
 * @throws UserError `input` when it leads out of the project, or holds files that are not of a build of ours
 */
export async function ownBuildFolder(project: string, name: string): Promise<string> {
  const build = await placeInside(project, 'build');
  const made = await makeFolder(build).catch((e: unknown) => {
    throw cannotWrite(build, e);
  });
  if (made.length > 0) noteMade('toolFolders', build);
  const key = await ownKey();
  const mark = key && (await markOf(build, key));
  const markFile = path.join(build, MARK_FILE);
  const names = await readdir(build);
  if (names.length > 0) {
    if (mark !== undefined && String(await readSmall(markFile, MAX_MARK_BYTES)) === mark) return build;
    if (!(await isOurKind(build, names, name))) {
      throw new UserError(
        'input',
        say`${build} holds files that are not of a build by GlowPort.`,
        say`Remove them, or choose another folder for the project.`,
      );
    }
    await rm(build, { recursive: true });
    return ownBuildFolder(project, name);
  }
  if (mark !== undefined) await writeFileAtomic(markFile, mark);
  return build;
}

/** Entries of a CMake cache. @param build the build folder, where it may be missing */
export async function readCache(build: string): Promise<Map<string, string>> {
  const text = ((await readSmall(path.join(build, 'CMakeCache.txt'), MAX_CACHE_BYTES)) ?? '').toString();
  const entries = text.matchAll(/^([A-Za-z_0-9]+):[A-Z]+=(.*?)\r?$/gm);
  return new Map(Array.from(entries, (m) => [m[1]!, m[2]!]));
}

/** Whether it looks like a build of a project of ours, by CMake or by gcc alone: then nobody's work is lost with it. */
async function isOurKind(build: string, names: readonly string[], name: string): Promise<boolean> {
  const cache = await readCache(build);
  if (cache.has('GLOWPORT_WARNINGS_AS_ERRORS')) return true;
  const endings = ['elf', 'map', 'elf.tmp', ...IMAGE_FORMATS];
  const byGcc = ['gcc', MARK_FILE, COMPILE_COMMANDS, ...endings.map((ending) => `${name}.${ending}`)];
  return names.every((n) => byGcc.includes(n));
}

/** What only the holder of the key can say of a folder in its place. */
async function markOf(build: string, key: Buffer): Promise<string> {
  const { dev, ino } = await stat(build, { bigint: true });
  return createHmac('sha256', key).update(`${dev}:${ino}:${build}`).digest('hex');
}

/** The user's key, made when there is none; undefined where none can be kept: then each build is made anew. */
async function ownKey(): Promise<Buffer | undefined> {
  const file = path.join(defaultCacheFolder(), 'build.key');
  try {
    await makeFolder(path.dirname(file));
    // of two that make one at the same time, the first one's stays
    await writeFile(file, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 }).catch(() => undefined);
    const key = await readSmall(file, KEY_BYTES);
    if (key?.length === KEY_BYTES) return key;
    await rm(file); // it was not written whole
  } catch {
    // see above
  }
  return undefined;
}
