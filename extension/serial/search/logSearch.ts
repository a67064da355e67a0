import type { PatternProblem } from '../../../webview/shared/linePattern.ts';
import type { Finder } from './finder.ts';
import type { LineSource } from './lineSource.ts';
import { MatchList } from './matchList.ts';

/** Where a step of a search goes. */
interface Step {
  /** The match's place among all of them; -1 when there is none. */
  readonly index: number;
  /** Number of its line. */
  readonly line: number | undefined;
}

/** Where a pattern occurs in a log that goes on growing. */
export class LogSearch {
  readonly #list: MatchList;

  /** @param more called when more is known than at the last question */
  constructor(source: LineSource, find: Finder, more: () => void) {
    this.#list = new MatchList(source, find, more);
  }

  /** Numbers of the lines that hold it, ascending. The open line counts once it is closed. */
  lines(): readonly number[] {
    this.#list.advance();
    return this.#list.matches.map((match) => match.line);
  }

  /** Where it is in the lines from..to-1. */
  placesIn(from: number, to: number): ReadonlyMap<number, readonly number[]> {
    this.#list.advance();
    const matches = this.#list.matches;
    const inside = matches.slice(firstAtOrBehind(matches, from), firstAtOrBehind(matches, to));
    return new Map(inside.map(({ line, places }) => [line, places]));
  }

  /** How many lines hold it. */
  get count(): number {
    this.#list.advance();
    return this.#list.matches.length;
  }

  get problem(): PatternProblem | undefined {
    return this.#list.problem;
  }

  /** Tells the match to go to from a line, around the ends, once all lines that there are have been looked at. */
  step(from: number, direction: 1 | -1, then: (step: Step) => void): void {
    this.#list.whenSettled(() => {
      const { matches } = this.#list;
      const behind = firstAtOrBehind(matches, from + 1);
      const before = firstAtOrBehind(matches, from) - 1;
      const index =
        direction > 0 ? (behind < matches.length ? behind : 0) : before >= 0 ? before : matches.length - 1;
      const line = matches[index]?.line;
      then({ index: line === undefined ? -1 : index, line });
    });
  }

  drop(): void {
    this.#list.drop();
  }
}

/** Index of the first match in a line of this number or a greater one: there may be hundreds of thousands. */
function firstAtOrBehind(matches: readonly { readonly line: number }[], line: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matches[middle]!.line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
