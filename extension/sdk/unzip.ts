import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { makeFolder } from '../common/folders.ts';
import { removeLeftovers } from '../common/leftovers.ts';
import { MARK, processMark } from '../common/processMark.ts';
import type { ZipLimits } from '../common/zip/entries.ts';
import * as zips from '../common/zip/zip.ts';

/** Room for the largest SDK of all (some 60,000 files, 3 GB). */
export const ZIP_LIMITS: ZipLimits = {
  entries: 200_000,
  totalBytes: 8 * 1024 ** 3,
  entryBytes: 1024 ** 3,
  ratio: 250,
};

/** What folders are called in which files are unpacked. */
const UNPACKING = new RegExp(`^\\.glowport-(${MARK})-\\w{6}$`);

/** An open zip file that can be unpacked. */
export interface Zip extends zips.Zip {
  /**
   * Unpacks into a folder that does not exist or is empty, all or nothing. Files get the user's plain permissions.
   * @returns the files' paths
   * @throws UserError `input` for damage or a folder in the way, `cancelled`
   */
  extract(folder: string, options?: ExtractOptions): Promise<string[]>;
}

export interface ExtractOptions {
  /** Takes a file along; default all. */
  readonly filter?: (entryPath: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onFile?: (done: number, of: number) => void;
}

/**
 * Opens the zip file of an SDK, checked as common/zip does.
 * @throws UserError `input`, one sentence, naming the file and the entry
 */
export async function openZip(file: string, limits: ZipLimits = ZIP_LIMITS): Promise<Zip> {
  const name = path.basename(file);
  const zip = await zips.openZip({ file, name, size: await sizeOf(file) }, limits, {
    refused: say`Download it again from NXP, or unpack it yourself when you trust it.`,
    damaged: say`Download it again.`,
  });
  return { ...zip, extract: (folder, options = {}) => extract(zip, name, folder, options) };
}

async function sizeOf(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile()) return stats.size;
  throw new UserError('input', say`There is no zip file ${file}.`, say`Check the path.`);
}

async function extract(
  zip: zips.Zip,
  name: string,
  folder: string,
  options: ExtractOptions,
): Promise<string[]> {
  const wanted = zip.entries.map((e) => e.path).filter(options.filter ?? (() => true));
  await requireFree(folder);
  const parent = path.dirname(path.resolve(folder));
  let temporary: string | undefined;
  try {
    await makeFolder(parent);
    await removeLeftovers(parent, UNPACKING);
    temporary = await mkdtemp(path.join(parent, `.glowport-${processMark()}-`));
    // a folder in it, because the temporary one is for its owner's eyes only
    const unpacked = path.join(temporary, 'unpacked');
    await mkdir(unpacked);
    await unpackAll(zip, name, unpacked, wanted, options);
    await rmdir(folder).catch(() => undefined); // an empty one
    await rename(unpacked, folder);
  } catch (e) {
    if (e instanceof UserError) throw e;
    throw cannotUnpack(name, (e as NodeJS.ErrnoException).code ?? String(e));
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
  return wanted;
}

async function unpackAll(
  zip: zips.Zip,
  name: string,
  folder: string,
  wanted: readonly string[],
  options: ExtractOptions,
): Promise<void> {
  let done = 0;
  for (const entryPath of wanted) {
    throwIfCancelled(options.signal);
    const file = path.join(folder, ...entryPath.split('/'));
    await makeFolder(path.dirname(file));
    try {
      await zip.pipe(entryPath, createWriteStream(file, { flags: 'wx' }), options.signal);
    } catch (e) {
      throw e instanceof UserError ? e : cannotUnpack(name, (e as NodeJS.ErrnoException).code ?? String(e));
    }
    options.onFile?.(++done, wanted.length);
  }
}

async function requireFree(folder: string): Promise<void> {
  const there = await readdir(folder).catch((e: NodeJS.ErrnoException) =>
    e.code === 'ENOENT' ? [] : [folder],
  );
  if (there.length === 0) return;
  throw new UserError(
    'input',
    say`${folder} is not an empty folder.`,
    say`Choose another folder for the unpacked files.`,
  );
}

function cannotUnpack(name: string, code: string): UserError {
  return new UserError(
    'input',
    say`${name} cannot be unpacked (${code}).`,
    say`Check the free space and the permissions of the folder.`,
  );
}
