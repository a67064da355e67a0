import type { PatternProblem } from '../../../webview/shared/linePattern.ts';
import type { Line } from '../lines.ts';
import type { Finder } from './finder.ts';
import type { LineSource } from './lineSource.ts';
import { MatchList } from './matchList.ts';

/** What a filter leaves of a log, numbered anew. Nothing is copied and nothing lost: the log has all lines. */
export class FilteredLog implements LineSource {
  readonly #log: LineSource;
  readonly #list: MatchList;

  /** @param more called when more lines are known than at the last `advance` */
  constructor(log: LineSource, find: Finder, invert: boolean, more: () => void) {
    this.#log = log;
    this.#list = new MatchList(log, find, more, invert);
  }

  /** Takes in what the log has got since; to be called before a look at it. */
  advance(): void {
    this.#list.advance();
  }

  get generation(): number {
    return this.#list.generation;
  }

  get first(): number {
    return this.#list.dropped;
  }

  get closed(): number {
    return this.count;
  }

  get count(): number {
    return this.#list.dropped + this.#list.matches.length;
  }

  get problem(): PatternProblem | undefined {
    return this.#list.problem;
  }

  slice(from: number, to: number): readonly Line[] {
    const { first } = this;
    const start = Math.max(0, from - first);
    return this.#list.matches
      .slice(start, Math.max(start, to - first))
      .flatMap(({ line }, i) =>
        this.#log.slice(line, line + 1).map((found) => ({ ...found, number: first + start + i })),
      );
  }

  drop(): void {
    this.#list.drop();
  }
}
