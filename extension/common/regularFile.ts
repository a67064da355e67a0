/**
 * The one way to read what we did not write ourselves: a name may lead, through a link or not, to a pipe that nobody writes
 * to, to a device without an end, or to a file of any size. Lint keeps it.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** What stands at a path. */
export type Regular =
  | { readonly kind: 'file'; readonly size: number; readonly bytes: Buffer }
  | { readonly kind: 'folder' | 'device or pipe' };

/**
 * The first bytes of a regular file, and its size; of nothing else is a byte read.
 * @param most bytes read at most
 * @throws the file system's own error
 */
export async function readRegular(file: string, most: number): Promise<Regular> {
  const before = await stat(file); // opening a device may already do something
  if (!before.isFile()) return { kind: before.isDirectory() ? 'folder' : 'device or pipe' };
  // what has become a pipe since is not waited for
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { kind: 'device or pipe' };
    const bytes = await readStartOf(handle, most);
    return { kind: 'file', size: Math.max(stats.size, bytes.length), bytes };
  } finally {
    await handle.close();
  }
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
  const read = await readRegular(file, most).catch(() => undefined);
  return read?.kind === 'file' ? read.bytes : undefined;
}

/** A regular file of at most `most` bytes, whole; undefined when there is none that can be read, or it is larger. */
export async function readSmall(file: string, most: number): Promise<Buffer | undefined> {
  const bytes = await readStart(file, most + 1);
  return bytes && bytes.length <= most ? bytes : undefined;
}
