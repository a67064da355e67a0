import type { LineFilter, LinePattern } from '../../../webview/shared/linePattern.ts';
import type { FilterState, Found, SearchState } from '../../../webview/shared/messages/monitor.ts';
import { ExpressionThread } from '../../serial/search/expressionThread.ts';
import { FilteredLog } from '../../serial/search/filteredLog.ts';
import { finderOf } from '../../serial/search/finder.ts';
import type { LineSource } from '../../serial/search/lineSource.ts';
import { LogSearch } from '../../serial/search/logSearch.ts';

/** The lines of a log that a page shows, all or what a filter leaves, and where in them the text is that is searched for. */
export class ShownLines {
  readonly #log: LineSource;
  /** Matching in a thread has found something. */
  readonly #changed: () => void;
  readonly #filterThread = new ExpressionThread();
  readonly #searchThread = new ExpressionThread();
  #filter: LineFilter | undefined;
  #filtered: FilteredLog | undefined;
  #pattern: LinePattern | undefined;
  #search: LogSearch | undefined;
  /** Changes with the filter: lines are numbered anew. */
  #filters = 0;

  constructor(log: LineSource, changed: () => void) {
    this.#log = log;
    this.#changed = changed;
  }

  get filter(): LineFilter | undefined {
    return this.#filter;
  }

  /** What to show, up to date. A filter that takes too long hides nothing. */
  get lines(): LineSource {
    this.#filtered?.advance();
    return this.#filtered?.problem ? this.#log : (this.#filtered ?? this.#log);
  }

  /** Changes when the lines' numbers start anew. */
  get numbering(): string {
    return `${this.#log.generation} ${this.#filters} ${this.#filtered?.problem ?? ''}`;
  }

  setFilter(filter: LineFilter | undefined): void {
    this.#filtered?.drop();
    this.#filterThread.drop();
    this.#filters++;
    this.#filter = filter;
    this.#filtered =
      filter &&
      new FilteredLog(this.#log, finderOf(filter, this.#filterThread), filter.invert, () => this.#matched());
    this.search(this.#pattern);
  }

  search(pattern: LinePattern | undefined): void {
    this.#search?.drop();
    this.#searchThread.drop();
    this.#pattern = pattern;
    this.#search =
      pattern && new LogSearch(this.lines, finderOf(pattern, this.#searchThread), () => this.#changed());
  }

  /** Tells the next or previous match, seen from a line. */
  step(from: number, direction: 1 | -1, tell: (found: Found) => void): void {
    const search = this.#search;
    this.#filtered?.advance();
    if (!search) return tell({ type: 'found', position: 0, matches: 0 });
    search.step(from, direction, ({ index, line }) => {
      const there = line === undefined ? {} : { line };
      tell({ type: 'found', position: index + 1, matches: search.count, ...there });
    });
  }

  /** Where the text searched for is in the lines from..to-1. */
  placesIn(from: number, to: number): ReadonlyMap<number, readonly number[]> {
    return this.#search?.placesIn(from, to) ?? new Map<number, readonly number[]>();
  }

  searchState(): SearchState | undefined {
    return this.#search && { matches: this.#search.count, problem: this.#search.problem };
  }

  filterState(): FilterState | undefined {
    const { count, first } = this.#log;
    const shown = this.#filtered;
    return shown && { shown: shown.count - shown.first, all: count - first, problem: shown.problem };
  }

  dispose(): void {
    this.#filtered?.drop();
    this.#search?.drop();
    this.#filterThread.dispose();
    this.#searchThread.dispose();
  }

  #matched(): void {
    // a filter that has come to nothing shows the log itself, which is then what is searched
    if (this.#filtered?.problem) this.search(this.#pattern);
    this.#changed();
  }
}
