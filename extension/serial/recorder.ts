import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { copyFileAtomic } from '../common/files.ts';
import { refuseInputs } from '../common/output/inputs.ts';

/**
 * Keeps every byte that arrived, in a file: the view drops old lines, the saved log does not. Bytes are written as
 * they came; the file is removed by dispose().
 */
export class Recorder {
  readonly #file: string;
  /** Counts the clears: each log has a file of its own, so that removing the old one never touches the new. */
  #log = 0;
  readonly #onError: (error: UserError) => void;
  #stream: WriteStream | undefined;
  #bytes = 0;
  #failed: UserError | undefined;

  /**
   * @param file where to keep the bytes until they are saved; its folder is made when needed
   * @param onError called once when the disk is full or the file cannot be written: from then on bytes are lost
   */
  constructor(file: string, onError: (error: UserError) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** Bytes recorded since the last clear. */
  get bytes(): number {
    return this.#bytes;
  }

  push(bytes: Uint8Array): void {
    if (this.#failed || bytes.length === 0) return;
    this.#bytes += bytes.length;
    this.#open().write(bytes);
  }

  /**
   * Copies everything recorded so far to a file, all or nothing.
   * @throws UserError 'device' when recording had failed, 'input' when the target is the record itself or cannot be written
   */
  async save(target: string): Promise<number> {
    this.#open(); // an empty log is an empty file
    await this.flush();
    if (this.#failed) throw this.#failed;
    const bytes = this.#bytes;
    await refuseInputs([target], [this.#path]);
    await copyFileAtomic(this.#path, target);
    return bytes;
  }

  /** Waits until all bytes are in the file. */
  async flush(): Promise<void> {
    const stream = this.#stream;
    if (!stream || this.#failed) return;
    await new Promise<void>((done) => {
      stream.write('', (error) => {
        if (error) this.#fail(error); // the callback comes before the event
        done();
      });
    });
  }

  /** Starts anew with an empty file: what arrives from now on belongs to the new log, also while the old one is removed. */
  async clear(): Promise<void> {
    const [stream, file] = [this.#stream, this.#path];
    this.#stream = undefined;
    this.#log++;
    this.#bytes = 0;
    this.#failed = undefined;
    await remove(stream, file);
  }

  /** Removes the file. */
  async dispose(): Promise<void> {
    await this.clear();
  }

  get #path(): string {
    return this.#log === 0 ? this.#file : `${this.#file}.${this.#log}`;
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = new UserError(
      'device',
      say`The log can no longer be recorded: ${message(error)}.`,
      say`Make room on the disk, then clear the log to record again.`,
    );
    this.#onError(this.#failed);
  }

  #open(): WriteStream {
    if (this.#stream) return this.#stream;
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const stream = createWriteStream(this.#path, { flags: 'w', highWaterMark: 1 << 20 });
    stream.on('error', (error) => {
      if (this.#stream === stream) this.#fail(error);
    });
    this.#stream = stream;
    return stream;
  }
}

async function remove(stream: WriteStream | undefined, file: string): Promise<void> {
  if (!stream) return;
  if (!stream.closed) {
    const closed = once(stream, 'close').catch(() => undefined);
    stream.end();
    await closed;
  }
  await rm(file, { force: true });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z]+: /, '') : String(error);
}
