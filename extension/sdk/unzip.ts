import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { makeFolder } from '../common/folders.ts';
import { removeLeftovers } from '../common/leftovers.ts';
import { MARK, processMark } from '../common/processMark.ts';
import { crc32 } from './crc32.ts';

/** What a zip file may hold at most. The defaults leave room for the largest SDK of all (some 60,000 files, 3 GB). */
export interface ZipLimits {
  readonly entries: number;
  /** Bytes of all entries, unpacked. */
  readonly totalBytes: number;
  /** Bytes of one entry, unpacked. */
  readonly entryBytes: number;
  /** Unpacked bytes for each packed one, over entries of more than {@link RATIO_FLOOR}. Deflate itself ends at 1032. */
  readonly ratio: number;
}

export const ZIP_LIMITS: ZipLimits = {
  entries: 200_000,
  totalBytes: 8 * 1024 ** 3,
  entryBytes: 1024 ** 3,
  ratio: 250,
};

/** What folders are called in which files are unpacked. */
const UNPACKING = new RegExp(`^\\.glowport-(${MARK})-\\w{6}$`);

/** Smaller entries may be as repetitive as they like. */
const RATIO_FLOOR = 4 * 1024 * 1024;

/** A file in a zip file. */
export interface ZipEntry {
  /** Relative, with `/`. */
  readonly path: string;
  /** Unpacked. */
  readonly bytes: number;
}

/** An open zip file whose every entry has been checked. Close it. */
export interface Zip {
  /** Files, in the order of the archive; folders are not listed. */
  readonly entries: readonly ZipEntry[];
  has(entryPath: string): boolean;
  /** @throws UserError `input` when there is no such file, or it is damaged */
  read(entryPath: string): Promise<Buffer>;
  /**
   * Unpacks into a folder that does not exist or is empty, all or nothing. Files get the user's plain permissions.
   * @returns the files' paths
   * @throws UserError `input` for damage or a folder in the way, `cancelled`
   */
  extract(folder: string, options?: ExtractOptions): Promise<string[]>;
  close(): void;
}

export interface ExtractOptions {
  /** Takes a file along; default all. */
  readonly filter?: (entryPath: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onFile?: (done: number, of: number) => void;
}

/**
 * Opens a zip file from somewhere and checks its directory before anything is unpacked: paths that leave the folder or that
 * some file system reads as another one, symbolic links, devices, two entries of one name, encryption, entries that share
 * their data, and sizes that a packed file of this size does not have unless it is made to fill a disk.
 *
 * @throws UserError `input`, one sentence, naming the file and the entry
 */
export async function openZip(file: string, limits: ZipLimits = ZIP_LIMITS): Promise<Zip> {
  const name = path.basename(file);
  const size = await sizeOf(file);
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.openPromise(file, {
      autoClose: false,
      lazyEntries: true,
      decodeStrings: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (e) {
    throw corrupt(name, e);
  }
  try {
    const entries = await checkedEntries(zip, name, size, limits);
    return asZip(zip, name, entries);
  } catch (e) {
    zip.close();
    throw e;
  }
}

async function sizeOf(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile()) return stats.size;
  throw new UserError('input', say`There is no zip file ${file}.`, say`Check the path.`);
}

async function checkedEntries(
  zip: yauzl.ZipFile,
  name: string,
  packedSize: number,
  limits: ZipLimits,
): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > limits.entries) {
    throw refused(name, say`lists ${zip.entryCount} entries, more than ${limits.entries}`);
  }
  const files = new Map<string, yauzl.Entry>();
  // what each path is on a file system that does not tell upper from lower case, nor one form of é from another
  const seen = new Map<string, 'file' | 'folder'>();
  let total = 0;
  let packed = 0;
  const each = zip.eachEntry();
  for (;;) {
    let next: IteratorResult<yauzl.Entry>;
    try {
      next = await each.next();
    } catch (e) {
      throw corrupt(name, e);
    }
    if (next.done) break;
    const entry = next.value;
    const shown = JSON.stringify(entry.fileName.slice(0, 120));
    const isFolder = entry.fileName.endsWith('/');
    const problem = pathProblem(entry.fileName) ?? kindProblem(entry, isFolder);
    if (problem) throw refused(name, say`has an entry ${shown} that ${problem}`);

    total += entry.uncompressedSize;
    packed += entry.compressedSize;
    if (entry.uncompressedSize > limits.entryBytes || total > limits.totalBytes) {
      throw refused(name, say`would unpack to more than is allowed (at ${shown}, ${total} bytes so far)`);
    }
    const isLarge = entry.uncompressedSize > RATIO_FLOOR;
    if (isLarge && entry.uncompressedSize > entry.compressedSize * limits.ratio) {
      throw refused(name, say`has an entry ${shown} that unpacks to over ${limits.ratio} times its size`);
    }
    if (packed > packedSize) throw refused(name, say`has entries that share their data`);

    const key = entry.fileName.replace(/\/$/, '').normalize('NFC').toLowerCase();
    const before = seen.get(key);
    if (before === 'file' || (before && !isFolder)) throw refused(name, say`has two entries ${shown}`);
    seen.set(key, isFolder ? 'folder' : 'file');
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const parent = key.slice(0, at);
      const known = seen.get(parent);
      if (known === 'folder') break;
      if (known === 'file') throw refused(name, say`has an entry ${shown} inside of a file`);
      seen.set(parent, 'folder');
    }
    if (!isFolder) files.set(entry.fileName, entry);
  }
  return files;
}

/** Why a path cannot be unpacked below a folder on any system; undefined when it can. Beyond yauzl's own checks. */
function pathProblem(entryPath: string): Sentence | undefined {
  const segments = entryPath.replace(/\/$/, '').split('/');
  if (entryPath.length > 1000) return say`has too long a name`;
  if (segments.some((s) => s === '..') || entryPath.startsWith('/') || /^[A-Za-z]:/.test(entryPath)) {
    return say`leaves the folder`;
  }
  if (segments.some((s) => s === '' || s === '.')) return say`has an empty part in its path`;
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f\\:*?"<>|]/.test(entryPath)) return say`has a character that file names may not have`;
  if (segments.some((s) => /[. ]$/.test(s) || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(s))) {
    return say`has a name that Windows reads as another one`;
  }
  if (segments.length > 60) return say`is nested too deep`;
  return undefined;
}

/** Unix file types in the upper half of a zip entry's attributes, when a Unix made it. */
const UNIX = 3;
const MACOS = 19;

function kindProblem(entry: yauzl.Entry, isFolder: boolean): Sentence | undefined {
  const madeBy = entry.versionMadeBy >>> 8;
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  // attributes of other systems mean nothing here, but a link is what most tools would make of them all the same
  if (type === 0o120000) return say`is a symbolic link`;
  const isUnix = madeBy === UNIX || madeBy === MACOS;
  if (isUnix && type !== 0 && type !== (isFolder ? 0o040000 : 0o100000)) return say`is not a plain file`;
  if (isFolder) return entry.uncompressedSize > 0 ? say`is a folder with data` : undefined;
  if (entry.isEncrypted()) return say`is encrypted`;
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return say`is compressed by method ${entry.compressionMethod}, which is not supported`;
  }
  return undefined;
}

function asZip(zip: yauzl.ZipFile, name: string, files: ReadonlyMap<string, yauzl.Entry>): Zip {
  const entries = [...files].map(([entryPath, e]) => ({ path: entryPath, bytes: e.uncompressedSize }));

  async function stream(entryPath: string, to: NodeJS.WritableStream, signal?: AbortSignal): Promise<void> {
    const entry = files.get(entryPath);
    if (!entry)
      throw new UserError('input', say`There is no ${entryPath} in ${name}.`, say`Check the zip file.`);
    try {
      const packed = await zip.openReadStreamPromise(entry);
      await pipeline(packed, checksum(entry), to, { signal });
    } catch (e) {
      throwIfCancelled(signal);
      const code = (e as NodeJS.ErrnoException).code;
      const isDisk = code !== undefined && /^E[A-Z]+$/.test(code);
      throw isDisk ? cannotUnpack(name, code) : corrupt(name, e, entryPath);
    }
  }

  async function unpackAll(
    folder: string,
    wanted: readonly string[],
    options: ExtractOptions,
  ): Promise<void> {
    let done = 0;
    for (const entryPath of wanted) {
      throwIfCancelled(options.signal);
      const file = path.join(folder, ...entryPath.split('/'));
      await makeFolder(path.dirname(file));
      await stream(entryPath, createWriteStream(file, { flags: 'wx' }), options.signal);
      options.onFile?.(++done, wanted.length);
    }
  }

  return {
    entries,
    has: (entryPath) => files.has(entryPath),
    async read(entryPath) {
      const chunks: Buffer[] = [];
      const sink = new Transform({
        transform(chunk: Buffer, _, done) {
          chunks.push(chunk);
          done();
        },
      });
      sink.resume();
      await stream(entryPath, sink);
      return Buffer.concat(chunks);
    },
    async extract(folder, options = {}) {
      const wanted = [...files.keys()].filter(options.filter ?? (() => true));
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
        await unpackAll(unpacked, wanted, options);
        await rmdir(folder).catch(() => undefined); // an empty one
        await rename(unpacked, folder);
      } catch (e) {
        if (e instanceof UserError) throw e;
        throw cannotUnpack(name, (e as NodeJS.ErrnoException).code ?? String(e));
      } finally {
        if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
      }
      return wanted;
    },
    close: () => zip.close(),
  };
}

/** Passes bytes on and fails at the end when their CRC is not the entry's. */
function checksum(entry: yauzl.Entry): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(crc === entry.crc32 ? null : new Error('its checksum is wrong'));
    },
  });
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

function refused(name: string, why: Sentence): UserError {
  return new UserError(
    'input',
    say`The zip file ${name} ${why}; it was not unpacked.`,
    say`Download it again from NXP, or unpack it yourself when you trust it.`,
  );
}

function corrupt(name: string, e: unknown, entryPath?: string): UserError {
  if (e instanceof UserError) return e;
  const why = e instanceof Error ? e.message : String(e);
  if (/relative path|absolute path|characters in fileName|invalid characters/i.test(why)) {
    return refused(name, say`has an entry that leaves the folder (${why.slice(0, 200)})`);
  }
  return new UserError(
    'input',
    entryPath === undefined
      ? say`The zip file ${name} is damaged.`
      : say`The zip file ${name} is damaged at ${JSON.stringify(entryPath.slice(0, 120))}.`,
    say`Download it again.`,
    why.slice(0, 500),
  );
}

function cannotUnpack(name: string, code: string): UserError {
  return new UserError(
    'input',
    say`${name} cannot be unpacked (${code}).`,
    say`Check the free space and the permissions of the folder.`,
  );
}
