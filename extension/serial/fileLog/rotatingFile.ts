import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';

export interface RotatingFileOptions {
  readonly file: string;
  /** Bytes after which a new file is begun; 0: never. */
  readonly maxBytes: number;
  /** Earlier files that are kept: `NAME.1`, the last one, to `NAME.N`. */
  readonly earlier: number;
  /** Goes on behind what is there, instead of beginning anew. */
  readonly append: boolean;
}

/** Opens a file for writing. */
export type OpenFile = (file: string, flags: number) => Promise<FileHandle>;

/** Never through a link, which may lead anywhere; Windows has no such flag. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_LINK;
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_LINK;

/** Which of the names that a log would have are in use. */
export async function logsThere({
  file,
  earlier,
}: Pick<RotatingFileOptions, 'file' | 'earlier'>): Promise<string[]> {
  const names = [file, ...numbered(file, earlier)];
  const there = await Promise.all(names.map((name) => lstat(name).catch(() => undefined)));
  return names.filter((_, i) => there[i]);
}

/**
 * A file that grows to a size, becomes `NAME.1`, and begins anew; what was `NAME.1` becomes `NAME.2`, and so on. The oldest is
 * removed. All methods reject with the file system's error, one call at a time.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  readonly #openFile: OpenFile;
  #handle: FileHandle;
  /** Of the file that is open. */
  #size: number;

  private constructor(options: RotatingFileOptions, openFile: OpenFile, handle: FileHandle, size: number) {
    this.#options = options;
    this.#openFile = openFile;
    this.#handle = handle;
    this.#size = size;
  }

  /**
   * Begins; without `append` the files of that name are gone.
   * @param openFile for tests: another place for the same bytes
   * @throws UserError `input` when what is there is no file to append to; the file system's error
   */
  static async open(options: RotatingFileOptions, openFile: OpenFile = open): Promise<RotatingFile> {
    const { file, append } = options;
    if (!append) {
      for (const name of await logsThere(options)) await rm(name); // a link, not what it leads to
      return new RotatingFile(options, openFile, await openFile(file, NEW), 0);
    }
    const before = await lstat(file).catch(() => undefined);
    if (before && !before.isFile()) {
      throw new UserError(
        'input',
        say`${file} is no file that can be appended to.`,
        say`Choose another name.`,
      );
    }
    const handle = await openFile(file, APPEND);
    return new RotatingFile(options, openFile, handle, before?.size ?? 0);
  }

  /** Writes pieces, none of them on both sides of a rotation; one that is larger than a file has a file of its own. */
  async writeWhole(pieces: readonly Uint8Array[]): Promise<void> {
    let batch: Uint8Array[] = [];
    let size = this.#size;
    for (const piece of pieces) {
      if (size > 0 && this.#isFull(size + piece.length - 1)) {
        await this.#write(Buffer.concat(batch));
        await this.#rotate();
        [batch, size] = [[], 0];
      }
      batch.push(piece);
      size += piece.length;
    }
    await this.#write(Buffer.concat(batch));
  }

  /** Writes bytes, which fill each file to its last byte. */
  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#isFull(this.#size)) await this.#rotate();
      const { maxBytes } = this.#options;
      const part = maxBytes === 0 ? rest : rest.subarray(0, maxBytes - this.#size);
      await this.#write(part);
      rest = rest.subarray(part.length);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #isFull(size: number): boolean {
    return this.#options.maxBytes > 0 && size >= this.#options.maxBytes;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      // as much as there is room for; the next call then says that the disk is full
      const { bytesWritten } = await this.#handle.write(rest);
      this.#size += bytesWritten;
      rest = rest.subarray(bytesWritten);
    }
  }

  async #rotate(): Promise<void> {
    const { file, earlier } = this.#options;
    await this.#handle.close();
    const names = [file, ...numbered(file, earlier)];
    await rm(names[earlier]!, { force: true });
    for (let i = earlier; i > 0; i--) await rename(names[i - 1]!, names[i]!).catch(unlessAbsent);
    this.#handle = await this.#openFile(file, NEW);
    this.#size = 0;
  }
}

function numbered(file: string, earlier: number): string[] {
  return Array.from({ length: earlier }, (_, i) => `${file}.${i + 1}`);
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
