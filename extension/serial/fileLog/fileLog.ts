import type { Encoding } from '../../../webview/shared/portSettings.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { cannotWrite } from '../../common/files.ts';
import { type OpenFile, RotatingFile, type RotatingFileOptions } from './rotatingFile.ts';
import { TimedLines } from './timedLines.ts';

/** Bytes that may wait for a slow disk. */
const MAX_WAITING = 64 * 1024 * 1024;

export interface FileLogOptions extends RotatingFileOptions {
  /** Every byte as it came, or lines of text with their times. */
  readonly format: 'raw' | 'text';
  readonly encoding: Encoding;
}

/** Writes what a board prints into a file as it comes. One that has failed takes no more. */
export class FileLog {
  readonly file: string;
  readonly #lines: TimedLines | undefined;
  readonly #out: RotatingFile;
  readonly #onFailed: (error: UserError) => void;
  /** Pieces that are not written yet: lines, or bytes as they came. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  /** Nothing more is taken. */
  #ended = false;
  #hasFailed = false;
  #closing: Promise<void> | undefined;

  private constructor(options: FileLogOptions, out: RotatingFile, onFailed: (error: UserError) => void) {
    this.file = options.file;
    this.#lines = options.format === 'text' ? new TimedLines() : undefined;
    this.#lines?.setEncoding(options.encoding, 0);
    this.#out = out;
    this.#onFailed = onFailed;
  }

  /**
   * Begins a log.
   * @param onFailed called once, when the disk is full or too slow: the log has ended then
   * @throws UserError `input` when the file cannot be made or appended to
   */
  static async start(
    options: FileLogOptions,
    onFailed: (error: UserError) => void,
    openFile?: OpenFile,
  ): Promise<FileLog> {
    try {
      return new FileLog(options, await RotatingFile.open(options, openFile), onFailed);
    } catch (error) {
      throw cannotWrite(options.file, error);
    }
  }

  push(bytes: Uint8Array, timeMs: number): void {
    if (this.#lines) this.#take(this.#lines.push(bytes, timeMs));
    else this.#wait(bytes);
  }

  /** What follows is text in this encoding; raw bytes have none. */
  setEncoding(encoding: Encoding, timeMs: number): void {
    this.#take(this.#lines?.setEncoding(encoding, timeMs) ?? []);
  }

  /** The port was closed: an open line ends. */
  endLine(timeMs: number): void {
    this.#take(this.#lines?.end(timeMs) ?? []);
  }

  /** Ends the log, resolves when all is written. Idempotent. */
  async close(timeMs: number): Promise<void> {
    this.endLine(timeMs);
    this.#ended = true;
    await this.#writing;
    await (this.#closing ??= this.#out.close().catch(() => undefined)); // one that cannot be written was told
  }

  #take(lines: readonly string[]): void {
    for (const line of lines) this.#wait(Buffer.from(line));
  }

  #wait(piece: Uint8Array): void {
    if (this.#ended || piece.length === 0) return;
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#waitingBytes > MAX_WAITING) {
      const sentence = say`Logging to ${this.file} has stopped: the disk is slower than the board.`;
      return this.#fail(new UserError('device', sentence, say`Log to another place.`));
    }
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pieces = this.#waiting;
        this.#waiting = [];
        this.#waitingBytes = 0;
        if (this.#lines) await this.#out.writeWhole(pieces);
        else await this.#out.write(Buffer.concat(pieces));
      }
    } catch (error) {
      const why = cannotWrite(this.file, error);
      const detail = error instanceof Error ? error.message : String(error);
      const sentence =
        why instanceof UserError ? why.sentence : say`${this.file} cannot be written (${detail}).`;
      const help = say`Make room there, or log to another place.`;
      this.#fail(new UserError('device', say`Logging has stopped: ${sentence}`, help, detail));
    }
  }

  #fail(error: UserError): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#ended = true;
    this.#waiting = [];
    this.#onFailed(error);
    void this.close(0);
  }
}
