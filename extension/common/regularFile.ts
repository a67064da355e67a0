/**
 * The one way to read what we did not write ourselves: a name may lead, through a link or not, to a pipe that nobody writes
 * to, to a device without an end, or to a file of any size. Lint keeps it.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** What stands at a path where a file was looked for. */
export interface NoFile {
  readonly kind: 'folder' | 'device or pipe';
}

/** Opens a regular file; of nothing else is a byte read. @throws the file system's own error */
async function atRegular<T>(
  file: string,
  read: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T | NoFile> {
  const before = await stat(file); // opening a device may already do something
  if (!before.isFile()) return { kind: before.isDirectory() ? 'folder' : 'device or pipe' };
  // what has become a pipe since is not waited for
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    return stats.isFile() ? await read(handle, stats.size) : { kind: 'device or pipe' };
  } finally {
    await handle.close();
  }
}

/**
 * A regular file, whole. Of one that is larger than `limit` nothing is read, or as little as tells that it is.
 *
 * @param limit in bytes
 * @throws the file system's own error
 */
export async function readRegular(
  file: string,
  limit: number,
): Promise<
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'too large'; readonly size: number }
  | NoFile
> {
  return atRegular(file, async (handle, size) => {
    if (size > limit) return { kind: 'too large', size };
    // what grows, or states no size, is stopped here
    const bytes = await readStartOf(handle, limit + 1);
    return bytes.length > limit ? { kind: 'too large', size: bytes.length } : { kind: 'file', bytes };
  });
}

/** Bytes that are in memory at once of a file that is read in parts. */
const PART_BYTES = 1024 * 1024;

/**
 * A regular file, part by part, in memory that the next part overwrites.
 *
 * @param limit in bytes
 * @throws the file system's own error, and what `take` throws
 */
export async function readInParts(
  file: string,
  limit: number,
  take: (part: Uint8Array) => void,
): Promise<{ readonly kind: 'file' } | { readonly kind: 'too large'; readonly size: number } | NoFile> {
  return atRegular(file, async (handle, size) => {
    if (size > limit) return { kind: 'too large', size };
    const buffer = Buffer.allocUnsafe(PART_BYTES);
    for (let done = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, PART_BYTES, done);
      if (bytesRead === 0) return { kind: 'file' };
      done += bytesRead;
      if (done > limit) return { kind: 'too large', size: done };
      take(buffer.subarray(0, bytesRead));
    }
  });
}

/** Files of /proc state a size of 0 and others grow while they are read: what counts is what comes. */
async function readStartOf(handle: FileHandle, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = most;
  while (left > 0) {
    const { size } = await handle.stat();
    const done = most - left;
    const wanted = Math.min(left, Math.max(size - done, 64 * 1024));
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, done);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** The first bytes of a regular file; undefined when there is none that can be read. */
export async function readStart(file: string, most: number): Promise<Buffer | undefined> {
  const read = await atRegular(file, (handle) => readStartOf(handle, most)).catch(() => undefined);
  return Buffer.isBuffer(read) ? read : undefined;
}

/** A regular file of at most `limit` bytes, whole; undefined when there is none that can be read, or it is larger. */
export async function readSmall(file: string, limit: number): Promise<Buffer | undefined> {
  const read = await readRegular(file, limit).catch(() => undefined);
  return read?.kind === 'file' ? read.bytes : undefined;
}
