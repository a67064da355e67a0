import type { LineLog } from './lines.ts';

/** Where a text occurs in a log that goes on growing: each line is looked at once. */
export class LogSearch {
  readonly #log: LineLog;
  readonly #query: string;
  readonly #matchCase: boolean;
  #lines: number[] = [];
  #next = 0;
  #generation: number;

  /** @param query looked for literally; an empty one is found nowhere */
  constructor(log: LineLog, query: string, matchCase: boolean) {
    this.#log = log;
    this.#matchCase = matchCase;
    this.#query = matchCase ? query : query.toLowerCase();
    this.#generation = log.generation;
  }

  /** Numbers of the kept lines that hold the text, ascending. The open line counts once it is closed. */
  matches(): readonly number[] {
    if (this.#generation !== this.#log.generation) {
      this.#generation = this.#log.generation;
      this.#lines = [];
      this.#next = 0;
    }
    if (this.#query === '') return [];
    for (const line of this.#log.slice(this.#next, this.#log.closed)) {
      const text = this.#matchCase ? line.text : line.text.toLowerCase();
      if (text.includes(this.#query)) this.#lines.push(line.number);
    }
    this.#next = this.#log.closed;
    const stale = this.#lines.findIndex((n) => n >= this.#log.first);
    if (stale !== 0) this.#lines.splice(0, stale < 0 ? this.#lines.length : stale);
    return this.#lines;
  }

  /**
   * The match to go to from a line.
   * @returns its index in matches(), wrapping around; -1 when there is none
   */
  step(from: number, direction: 1 | -1): number {
    const lines = this.matches();
    if (lines.length === 0) return -1;
    if (direction > 0) {
      const i = lines.findIndex((n) => n > from);
      return i < 0 ? 0 : i;
    }
    const i = lines.findLastIndex((n) => n < from);
    return i < 0 ? lines.length - 1 : i;
  }
}
