import type { Timestamps } from '../../../webview/shared/messages/monitor.ts';
import type { Line } from '../../serial/lines.ts';

/** Connects that are remembered; lines of the log from before them are old. */
const MAX_CONNECTS = 1000;

/** What stands in front of lines: how long after the connect they came, or after the line shown before them. */
export class LineTimes {
  #connects: number[] = [];

  /** @param timeMs when, milliseconds since 1970 */
  connected(timeMs: number): void {
    this.#connects.push(timeMs);
    if (this.#connects.length > MAX_CONNECTS) this.#connects.shift();
  }

  /**
   * Milliseconds from what the mode counts from.
   * @param before the line that is shown before it
   * @returns undefined where there is nothing to count from
   */
  since(line: Line, before: Line | undefined, mode: Timestamps): number | undefined {
    if (mode === 'delta') return before && line.timeMs - before.timeMs;
    if (mode !== 'relative') return undefined;
    const connect = this.#connects.findLast((timeMs) => timeMs <= line.timeMs);
    return connect === undefined ? undefined : line.timeMs - connect;
  }
}
