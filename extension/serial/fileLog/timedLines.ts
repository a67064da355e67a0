import type { Encoding } from '../../../webview/shared/portSettings.ts';
import { LineLog } from '../lines.ts';

/** Bytes taken at once: fewer than lines are kept, so that none is dropped before it is read. */
const STEP = 1024;

/**
 * What a board prints as lines of a text file: its time, the text without colours, a line feed. A line that is too long for the
 * log goes on without a time.
 */
export class TimedLines {
  readonly #log = new LineLog({ maxLines: 2 * STEP });
  #next = 0;
  #continues = false;

  setEncoding(encoding: Encoding, timeMs: number): string[] {
    this.#log.setEncoding(encoding, timeMs);
    return this.#closed();
  }

  /** @returns the lines that these bytes end */
  push(bytes: Uint8Array, timeMs: number): string[] {
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += STEP) {
      this.#log.push(bytes.subarray(at, at + STEP), timeMs);
      for (const line of this.#closed()) lines.push(line);
    }
    return lines;
  }

  /** Ends the line that is open. */
  end(timeMs: number): string[] {
    this.#log.end(timeMs);
    return this.#closed();
  }

  #closed(): string[] {
    const lines = this.#log.slice(this.#next, this.#log.closed).map(({ text, timeMs, continues }) => {
      const begin = this.#continues ? '' : `${new Date(timeMs).toISOString()} `;
      this.#continues = continues;
      return begin + text + (continues ? '' : '\n');
    });
    this.#next = this.#log.closed;
    return lines;
  }
}
