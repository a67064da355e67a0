import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PortError } from '../error.ts';

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
export function temporaryName(target: string): string {
  const random = randomBytes(6).toString('hex');
  return path.join(path.dirname(target), `.${path.basename(target)}.${random}.tmp`);
}

/** A file system's refusal as a sentence; other errors pass. */
export function cannotWrite(target: string, e: unknown): unknown {
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
