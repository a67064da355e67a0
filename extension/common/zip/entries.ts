import type yauzl from 'yauzl';
import { say, type Sentence } from '../errors/sentence.ts';
import type { ZipFailures } from './failures.ts';

/** What a zip file may hold at most. */
export interface ZipLimits {
  readonly entries: number;
  /** Bytes of all entries, unpacked. */
  readonly totalBytes: number;
  /** Bytes of one entry, unpacked. */
  readonly entryBytes: number;
  /** Unpacked bytes for each packed one, over entries of more than {@link RATIO_FLOOR}. Deflate itself ends at 1032. */
  readonly ratio: number;
}

/** Smaller entries may be as repetitive as they like. */
const RATIO_FLOOR = 4 * 1024 * 1024;

/** The files of an archive, by their paths; each entry is checked. */
export async function checkedEntries(
  zip: yauzl.ZipFile,
  packedSize: number,
  limits: ZipLimits,
  failures: ZipFailures,
): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > limits.entries) {
    throw failures.refused(say`lists ${zip.entryCount} entries, more than ${limits.entries}`);
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
      throw failures.damaged(e);
    }
    if (next.done) break;
    const entry = next.value;
    const shown = JSON.stringify(entry.fileName.slice(0, 120));
    const isFolder = entry.fileName.endsWith('/');
    const problem = pathProblem(entry.fileName) ?? kindProblem(entry, isFolder);
    if (problem) throw failures.refused(say`has an entry ${shown} that ${problem}`);

    total += entry.uncompressedSize;
    packed += entry.compressedSize;
    if (entry.uncompressedSize > limits.entryBytes || total > limits.totalBytes) {
      throw failures.refused(say`would unpack to more than is allowed (at ${shown}, ${total} bytes so far)`);
    }
    const isLarge = entry.uncompressedSize > RATIO_FLOOR;
    if (isLarge && entry.uncompressedSize > entry.compressedSize * limits.ratio) {
      throw failures.refused(say`has an entry ${shown} that unpacks to over ${limits.ratio} times its size`);
    }
    if (packed > packedSize) throw failures.refused(say`has entries that share their data`);

    const key = entry.fileName.replace(/\/$/, '').normalize('NFC').toLowerCase();
    const before = seen.get(key);
    if (before === 'file' || (before && !isFolder)) throw failures.refused(say`has two entries ${shown}`);
    seen.set(key, isFolder ? 'folder' : 'file');
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const parent = key.slice(0, at);
      const known = seen.get(parent);
      if (known === 'folder') break;
      if (known === 'file') throw failures.refused(say`has an entry ${shown} inside of a file`);
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
