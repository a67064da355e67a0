/** Histogram of a value over all samples, on equal bins between min and max. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** Counts by bin. */
  readonly histogram: Float64Array;
}

/** Observed range of every value of a graph, by value name; those inside of recurrent layers by their inner names. */
export type Ranges = ReadonlyMap<string, ValueRange>;

/** How the representable range is chosen from the observed one. */
export const RANGE_CHOICES = ['minmax', 'percentile', 'mse'] as const;
export type RangeChoice = (typeof RANGE_CHOICES)[number];

export const BINS = 512;

/** Collects one value's range; the histogram is re-binned when a sample widens the range. */
export class RangeCollector {
  #min = Infinity;
  #max = -Infinity;
  #counts = new Float64Array(BINS);
  /** Whether something was no number. */
  #hasNaN = false;

  add(data: ArrayLike<number>): void {
    let lo = Infinity;
    let hi = -Infinity;
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!;
      if (x < lo) lo = x;
      if (x > hi) hi = x;
      if (Number.isNaN(x)) this.#hasNaN = true;
    }
    this.#widen(lo, hi);
    for (let i = 0; i < data.length; i++) this.#counts[binOf(data[i]!, this.#min, this.#max)]! += 1;
  }

  /** The collected range; a value that was never seen is [0, 0], one that was not always a number [NaN, NaN]. */
  result(): ValueRange {
    if (this.#hasNaN) return { min: NaN, max: NaN, histogram: this.#counts };
    const seen = this.#min <= this.#max;
    return { min: seen ? this.#min : 0, max: seen ? this.#max : 0, histogram: this.#counts };
  }

  #widen(lo: number, hi: number): void {
    if (lo >= this.#min && hi <= this.#max) return;
    const min = Math.min(lo, this.#min);
    const max = Math.max(hi, this.#max);
    if (this.#min <= this.#max) {
      const old = this.#counts;
      const width = (this.#max - this.#min) / BINS;
      this.#counts = new Float64Array(BINS);
      old.forEach((n, i) => {
        this.#counts[binOf(this.#min + (i + 0.5) * width, min, max)]! += n;
      });
    }
    this.#min = min;
    this.#max = max;
  }
}

/** Bin of x in [min, max]; the share is taken first, as BINS / (max - min) can be infinite. */
function binOf(x: number, min: number, max: number): number {
  return max > min ? Math.min(BINS - 1, Math.floor(((x - min) / (max - min)) * BINS)) : 0;
}

/** Values outside this share of the mass are clipped by `percentile`. */
const PERCENTILE = 0.9999;

/** The range to represent: all of it, without the outermost 0.01 %, or that of least squared error in `levels` steps. */
export function chooseRange(
  r: ValueRange,
  choice: RangeChoice,
  levels: number,
): { readonly min: number; readonly max: number } {
  if (choice === 'minmax' || r.max <= r.min) return { min: r.min, max: r.max };
  return choice === 'percentile' ? percentileRange(r) : leastErrorRange(r, levels);
}

function percentileRange({ min, max, histogram }: ValueRange): { min: number; max: number } {
  const total = histogram.reduce((a, b) => a + b, 0);
  const cut = ((1 - PERCENTILE) / 2) * total;
  const width = (max - min) / histogram.length;
  let first = 0;
  for (let n = histogram[0]!; n <= cut && first < histogram.length - 1; n += histogram[first]!) first++;
  let last = histogram.length - 1;
  for (let n = histogram[last]!; n <= cut && last > first; n += histogram[last]!) last--;
  return { min: min + first * width, max: min + (last + 1) * width };
}

/** Tries symmetric shrinkings of the range toward 0 and takes that of least expected squared error. */
function leastErrorRange({ min, max, histogram }: ValueRange, levels: number): { min: number; max: number } {
  const width = (max - min) / histogram.length;
  let best = { min, max };
  let bestError = Infinity;
  for (let k = 100; k >= 20; k -= 2) {
    const lo = (Math.min(min, 0) * k) / 100;
    const hi = (Math.max(max, 0) * k) / 100;
    const step = (hi - lo) / levels;
    const rounding = (step * step) / 12;
    let error = 0;
    histogram.forEach((n, i) => {
      const x = min + (i + 0.5) * width;
      const clipped = x < lo ? lo - x : x > hi ? x - hi : 0;
      error += n * (clipped > 0 ? clipped * clipped : rounding);
    });
    if (error < bestError * 0.999) {
      bestError = error;
      best = { min: Math.max(min, lo), max: Math.min(max, hi) };
    }
  }
  return best;
}
