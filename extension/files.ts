import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PortError } from './error.ts';

/** Reads a whole file of at most `limit` bytes. @throws PortError `input` when it is missing, unreadable or larger */
export async function readBounded(file: string, limit: number, what: string): Promise<Buffer> {
  try {
    const stats = await stat(file);
    const { size } = stats;
    if (!stats.isFile()) {
      const kind = stats.isDirectory() ? 'a folder' : 'a device or pipe';
      throw new PortError('input', `${file} is ${kind}, not the ${what}.`, 'Name a file.');
    }
    if (size > limit) {
      throw new PortError(
        'input',
        `The ${what} ${file} is too large (${size} bytes).`,
        `The limit is ${limit} bytes.`,
      );
    }
    return await readFile(file);
  } catch (e) {
    if (e instanceof PortError) throw e;
    const code = (e as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new PortError('input', `There is no ${what} ${file}.`, 'Check the path.');
    throw new PortError(
      'input',
      `The ${what} ${file} cannot be read (${code ?? 'unknown error'}).`,
      'Check its permissions.',
    );
  }
}

/**
 * Writes a file so that nobody ever sees half of it: under a temporary name beside it, then renamed. Its folder is made.
 *
 * @throws PortError `input` when the place cannot be written
 */
export async function writeFileAtomic(file: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, data, { flag: 'wx' });
    await rename(temporary, file);
  } catch (e) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(file, e);
  }
}

/** A name beside `target` that nothing has yet; hidden, so that a crash leaves nothing in sight. */
function temporaryName(target: string): string {
  const random = randomBytes(6).toString('hex');
  return path.join(path.dirname(target), `.${path.basename(target)}.${random}.tmp`);
}

/** A file system's refusal as a sentence; other errors pass. */
function cannotWrite(target: string, e: unknown): unknown {
  const code = (e as NodeJS.ErrnoException | undefined)?.code;
  if (e instanceof PortError || code === undefined) return e;
  const why: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'a file of that name is in the way',
    EISDIR: 'a folder of that name is in the way',
  };
  return new PortError(
    'input',
    `${target} cannot be written (${why[code] ?? code}).`,
    'Choose another place.',
  );
}
