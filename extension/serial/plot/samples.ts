import type { NamedValue } from './lineValues.ts';

/** Series that are kept; whoever prints more names gets the first ones. */
const MAX_SERIES = 16;
/** Samples that are kept of each. */
const CAPACITY = 20_000;

/** Numbers of one name, NaN where a sample has none: sample n stands at n modulo the capacity. */
interface Series {
  readonly name: string;
  readonly values: Float64Array;
  last: number;
}

/** The last samples of some series: a line of numbers is a sample. Bounded in samples and in series. */
export class PlotSamples {
  readonly #capacity: number;
  readonly #times: Float64Array;
  readonly #series = new Map<string, Series>();
  #count = 0;
  #hasMoreNames = false;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity);
  }

  /** Number of the oldest sample that is kept. */
  get first(): number {
    return Math.max(0, this.#count - this.#capacity);
  }

  /** Samples there have been. */
  get count(): number {
    return this.#count;
  }

  /** In the order in which they appeared. */
  get series(): readonly Pick<Series, 'name' | 'last'>[] {
    return [...this.#series.values()];
  }

  /** Names came for which there was no room. */
  get hasMoreNames(): boolean {
    return this.#hasMoreNames;
  }

  /** @param timeMs when the line came, milliseconds since 1970; a clock that is put back stands still */
  add(values: readonly NamedValue[], timeMs: number): void {
    const at = this.#count % this.#capacity;
    const before = this.#count === 0 ? -Infinity : this.timeOf(this.#count - 1);
    const known = values.flatMap(({ name, value }) => {
      const series = this.#seriesOf(name);
      return series ? [{ series, value }] : [];
    });
    if (known.length === 0) return;
    for (const { values: all } of this.#series.values()) all[at] = NaN;
    for (const { series, value } of known) {
      series.values[at] = value;
      series.last = value;
    }
    this.#times[at] = Math.max(before, timeMs);
    this.#count++;
  }

  /** When a sample came. */
  timeOf(sample: number): number {
    return this.#times[sample % this.#capacity]!;
  }

  /** Numbers of a series by sample. */
  reader(name: string): (sample: number) => number {
    const { values } = this.#series.get(name)!;
    return (sample) => values[sample % this.#capacity]!;
  }

  /** The first sample that is kept and came at this time or later. */
  firstSince(timeMs: number): number {
    let [low, high] = [this.first, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeOf(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#series.clear();
    this.#count = 0;
    this.#hasMoreNames = false;
  }

  #seriesOf(name: string): Series | undefined {
    const known = this.#series.get(name);
    if (known) return known;
    if (this.#series.size === MAX_SERIES) {
      this.#hasMoreNames = true;
      return undefined;
    }
    const made = { name, values: new Float64Array(this.#capacity).fill(NaN), last: NaN };
    this.#series.set(name, made);
    return made;
  }
}
