import type { Encoding } from '../../../webview/shared/portSettings.ts';
import type { UserError } from '../../common/error.ts';
import { FileLog } from '../../serial/fileLog/fileLog.ts';
import { logsThere } from '../../serial/fileLog/rotatingFile.ts';
import type { MonitorHost } from './host.ts';

/** The log into a file, which its user begins and ends; connections come and go meanwhile. */
export class FileLogging {
  readonly #host: MonitorHost;
  /** A log has begun or ended. @param file the one it goes or went to */
  readonly #changed: (file: string) => void;
  readonly #failed: (error: unknown) => void;
  #log: FileLog | undefined;
  #isAsking = false;
  #encoding: Encoding = 'utf-8';

  constructor(
    host: MonitorHost,
    on: { readonly changed: (file: string) => void; readonly failed: (error: unknown) => void },
  ) {
    this.#host = host;
    this.#changed = on.changed;
    this.#failed = on.failed;
  }

  /** The file that is written now. */
  get file(): string | undefined {
    return this.#log?.file;
  }

  push(bytes: Uint8Array, timeMs: number): void {
    this.#log?.push(bytes, timeMs);
  }

  setEncoding(encoding: Encoding, timeMs: number): void {
    this.#encoding = encoding;
    this.#log?.setEncoding(encoding, timeMs);
  }

  endLine(timeMs: number): void {
    this.#log?.endLine(timeMs);
  }

  /**
   * Asks for a file and begins. Failures are shown, not thrown.
   * @param name proposed
   */
  async start(name: string): Promise<void> {
    if (this.#log || this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#begin(name);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** Ends the log; resolves when all is written. */
  async stop(): Promise<void> {
    const log = this.#log;
    if (!log) return;
    this.#log = undefined;
    await log.close(Date.now());
    this.#changed(log.file);
  }

  async #begin(name: string): Promise<void> {
    const file = await this.#host.askWhereToSave(name, 'fileLog');
    if (file === undefined) return;
    const { format, maxBytes, earlier } = this.#host.defaults().fileLog;
    const there = await logsThere({ file, earlier });
    const answer = there.length === 0 ? 'replace' : await this.#host.askAppend(there);
    if (answer === undefined) return;
    const options = {
      file,
      format,
      maxBytes,
      earlier,
      append: answer === 'append',
      encoding: this.#encoding,
    };
    this.#log = await FileLog.start(options, (error) => this.#end(error));
    this.#changed(file);
  }

  /** The log has ended by itself. */
  #end(error: UserError): void {
    const file = this.#log?.file;
    this.#log = undefined;
    this.#failed(error);
    if (file !== undefined) this.#changed(file);
  }
}
