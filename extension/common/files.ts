import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled, UserError } from './error.ts';
import { say, type Sentence } from './errors/sentence.ts';
import { makeFolder } from './folders.ts';
import { placeInside } from './output/inside.ts';
import { type NoFile, readInParts, readRegular } from './regularFile.ts';
import { noteMade } from './undo.ts';

/**
 * Reads a whole file of at most `limit` bytes.
 *
 * @param what the file is, for messages, such as `model file`
 * @throws UserError `input` when it is missing, unreadable or larger
 */
export async function readBounded(file: string, limit: number, what: Sentence): Promise<Buffer> {
  return (await bounded(file, limit, what, () => readRegular(file, limit))).bytes;
}

/**
 * SHA-256 of a whole file of at most `limit` bytes, which is never in memory as a whole.
 *
 * @param what the file is, for messages
 * @throws UserError `input` as `readBounded` does, `cancelled`
 */
export async function digestBounded(
  file: string,
  limit: number,
  what: Sentence,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const take = (part: Uint8Array): void => {
    throwIfCancelled(signal);
    hash.update(part);
  };
  await bounded(file, limit, what, () => readInParts(file, limit, take));
  return hash.digest('hex');
}

/** What was read, or a sentence for why there is nothing. */
async function bounded<F extends { readonly kind: 'file' }>(
  file: string,
  limit: number,
  what: Sentence,
  open: () => Promise<F | { readonly kind: 'too large'; readonly size: number } | NoFile>,
): Promise<F> {
  try {
    const read = await open();
    if (read.kind === 'file') return read;
    if (read.kind === 'too large') {
      throw new UserError(
        'input',
        say`The ${what} ${file} is too large (${read.size} bytes).`,
        say`The limit is ${limit} bytes.`,
      );
    }
    const kind = read.kind === 'folder' ? say`a folder` : say`a device or pipe`;
    throw new UserError('input', say`${file} is ${kind}, not the ${what}.`, say`Name a file.`);
  } catch (e) {
    if (e instanceof UserError) throw e;
    const code = (e as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && file.includes('\ufffd')) {
      // what Node makes of bytes that are no UTF-8, so that the name does not lead back to the file
      throw new UserError(
        'input',
        say`The ${what} ${file} cannot be opened: its name, or that of a folder on the way, is not UTF-8.`,
        say`Rename it.`,
      );
    }
    if (code === 'ENOENT')
      throw new UserError('input', say`There is no ${what} ${file}.`, say`Check the path.`);
    throw new UserError(
      'input',
      say`The ${what} ${file} cannot be read (${code ?? say`unknown error`}).`,
      say`Check its permissions.`,
    );
  }
}

/**
 * Writes a file so that nobody ever sees half of it: under a temporary name beside it, then renamed. Its folder is made. A
 * link keeps pointing where it does, as long as that is in the folder, and the file there keeps its permissions. What was there
 * is gone: files for users are written by `writeOutputs`, which looks first.
 *
 * @param within the folder that no link may lead out of; by default the file's
 * @throws UserError `input` when one does, or the place cannot be written
 */
export async function writeFileAtomic(
  file: string,
  data: string | Uint8Array,
  within = path.dirname(path.resolve(file)),
): Promise<void> {
  await replaceFile(file, within, (temporary) => writeFile(temporary, data, { flag: 'wx' }));
}

async function replaceFile(
  file: string,
  within: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const target = await placeInside(within, path.relative(within, path.resolve(file)));
  const temporary = temporaryName(target);
  try {
    await makeFolder(path.dirname(target));
    await write(temporary);
    const before = await stat(target).catch(() => undefined);
    if (before?.isFile()) await chmod(temporary, before.mode & 0o7777);
    await rename(temporary, target);
    if (!before) noteMade('files', target);
  } catch (e) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(file, e);
  }
}

/**
 * Copies a file as `writeFileAtomic` writes one.
 *
 * @throws UserError `input` when the place cannot be written
 */
export async function copyFileAtomic(from: string, to: string): Promise<void> {
  await replaceFile(to, path.dirname(path.resolve(to)), (temporary) =>
    copyFile(from, temporary, constants.COPYFILE_EXCL),
  );
}

/** A name beside `target` that nothing has yet; hidden, so that a crash leaves nothing in sight. */
function temporaryName(target: string): string {
  const random = randomBytes(6).toString('hex');
  return path.join(path.dirname(target), `.${path.basename(target)}.${random}.tmp`);
}

/** A file system's refusal as a sentence; other errors pass. */
export function cannotWrite(target: string, e: unknown, advice = say`Choose another place.`): unknown {
  const { code, syscall } = (e ?? {}) as NodeJS.ErrnoException;
  if (e instanceof UserError || code === undefined || syscall === undefined) return e;
  const why: Readonly<Record<string, Sentence>> = {
    EACCES: say`permission denied`,
    EPERM: say`permission denied`,
    EROFS: say`the file system is read-only`,
    ENOSPC: say`the disk is full`,
    ENOENT: say`its folder has vanished, is a link to nowhere, or takes no files`,
    ENOTDIR: say`part of the path is a file`,
    EDQUOT: say`the disk quota is used up`,
    ENAMETOOLONG: say`its name is too long`,
    EEXIST: say`a file of that name is in the way`,
    EISDIR: say`a folder of that name is in the way`,
  };
  return new UserError('input', say`${target} cannot be written (${why[code] ?? code}).`, advice);
}
