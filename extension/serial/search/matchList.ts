import type { PatternProblem } from '../../../webview/shared/linePattern.ts';
import type { Places } from './expression.ts';
import type { Finder } from './finder.ts';
import type { LineSource } from './lineSource.ts';

/** Lines and characters that are looked at together. */
const MOST_LINES = 500;
const MOST_CHARACTERS = 1 << 16;

interface Match {
  /** Number in the source. */
  readonly line: number;
  readonly places: readonly number[];
}

/** The lines of a growing source that have a pattern, or that have it not. Each line is looked at once, when it is closed. */
export class MatchList {
  readonly #source: LineSource;
  readonly #find: Finder;
  readonly #invert: boolean;
  /** More is known than when `advance` returned. */
  readonly #more: () => void;
  #matches: Match[] = [];
  /** Matches that are gone with their lines. */
  #dropped = 0;
  #next = 0;
  #generation: number;
  #isBusy = false;
  #isDropped = false;
  #problem: PatternProblem | undefined;
  /** Those who wait until the lines before a number are looked at. */
  #waiting: { readonly until: number; readonly done: () => void }[] = [];

  constructor(source: LineSource, find: Finder, more: () => void, invert = false) {
    this.#source = source;
    this.#find = find;
    this.#more = more;
    this.#invert = invert;
    this.#generation = source.generation;
  }

  /** The matches whose lines are still there, ascending. */
  get matches(): readonly Match[] {
    return this.#matches;
  }

  /** How many matches there were before these. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The source's, as far as its lines were looked at. */
  get generation(): number {
    return this.#generation;
  }

  /** Why no more are found. */
  get problem(): PatternProblem | undefined {
    return this.#problem;
  }

  /** Looks at the lines that are new; what takes time goes on, and `more` is called. */
  advance(): void {
    const source = this.#source;
    if (this.#generation !== source.generation) {
      this.#generation = source.generation;
      this.#matches = [];
      this.#dropped = this.#next = 0;
    }
    while (!this.#isBusy && !this.#problem && this.#next < source.closed) {
      const lines = this.#someLines();
      const found = this.#find(lines.map((line) => line.text));
      const { generation } = source;
      if (!(found instanceof Promise)) {
        this.#take(lines, found);
        continue;
      }
      this.#isBusy = true;
      void found.then((answer) => {
        this.#isBusy = false;
        if (this.#isDropped) return;
        if (generation === this.#source.generation) this.#take(lines, answer);
        this.advance();
        this.#more();
      });
    }
    this.#forgetOld();
    this.#tell();
  }

  /** Calls `done` when all lines that are closed now were looked at, or cannot be. */
  whenSettled(done: () => void): void {
    this.#waiting.push({ until: this.#source.closed, done });
    this.advance();
  }

  /** Nobody wants to know any more. */
  drop(): void {
    this.#isDropped = true;
    this.#waiting = [];
  }

  #someLines(): readonly { readonly number: number; readonly text: string }[] {
    const lines = this.#source.slice(this.#next, Math.min(this.#source.closed, this.#next + MOST_LINES));
    let characters = 0;
    const end = lines.findIndex((line) => (characters += line.text.length) > MOST_CHARACTERS);
    const some = end < 0 ? lines : lines.slice(0, end + 1);
    const last = some.at(-1);
    this.#next = last ? last.number + 1 : this.#source.closed;
    return some;
  }

  #take(lines: readonly { readonly number: number }[], found: readonly Places[] | PatternProblem): void {
    if (typeof found === 'string') {
      this.#problem = found;
      return;
    }
    lines.forEach(({ number }, i) => {
      const places = found[i];
      if ((places === undefined) === this.#invert) this.#matches.push({ line: number, places: places ?? [] });
    });
  }

  #forgetOld(): void {
    const { first } = this.#source;
    const kept = this.#matches.findIndex((match) => match.line >= first);
    const gone = kept < 0 ? this.#matches.length : kept;
    if (gone === 0) return;
    this.#matches.splice(0, gone);
    this.#dropped += gone;
  }

  #tell(): void {
    if (this.#waiting.length === 0) return;
    const looked = this.#problem ? Infinity : this.#isBusy ? -1 : this.#next;
    const isDone = ({ until }: { until: number }): boolean => until <= looked;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((waiting) => !isDone(waiting));
    for (const waiting of done) waiting.done();
  }
}
