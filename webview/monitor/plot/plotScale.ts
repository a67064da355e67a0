import type { PlotSeries, PlotSpan, PlotWindow } from '../../shared/plot.ts';

export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Room above and below the numbers, as a part of what they span. */
const INSET = 0.05;

/** From the least to the greatest number of some series; undefined when there is none. */
export function spanOf(series: readonly Pick<PlotSeries, 'low' | 'high'>[]): Span | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const one of series) {
    for (const v of one.low) if (v < low) low = v;
    for (const v of one.high) if (v > high) high = v;
  }
  return low <= high ? { low, high } : undefined;
}

/** An axis that has room for these numbers; one number alone stands in its middle. */
export function withRoom(span: Span | undefined): Span {
  if (!span) return { low: 0, high: 1 };
  const { low, high } = span;
  if (low === high) {
    const half = Math.abs(low) / 2 || 1;
    return { low: low - half, high: high + half };
  }
  // the difference of the greatest doubles is no double
  const room = Math.min((high / 2 - low / 2) * 2 * INSET, Number.MAX_VALUE / 4);
  return {
    low: Math.max(low - room, -Number.MAX_VALUE / 2),
    high: Math.min(high + room, Number.MAX_VALUE / 2),
  };
}

/** Where the columns of a window lie: sample numbers, or seconds before its end, which is 0. */
export function positions({ samples, times }: PlotWindow, unit: PlotSpan['unit']): Float64Array {
  if (unit === 'samples') return samples;
  const end = times.at(-1) ?? 0;
  return times.map((time) => (time - end) / 1000);
}

/** What the horizontal axis spans: all samples there are, or the seconds asked for. */
export function across(at: Float64Array, window: PlotWindow, { unit, length }: PlotSpan): Span {
  if (unit === 'seconds') return { low: -length, high: 0 };
  const { from, to } = window;
  return at.length < 2
    ? withRoom({ low: from, high: from })
    : { low: from, high: Math.max(from + 1, to - 1) };
}

/** Index of the column that is nearest to a position; -1 when there is none. */
export function nearest(at: Float64Array, position: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! < position) low = middle + 1;
    else high = middle;
  }
  if (low === at.length) return low - 1;
  return low > 0 && position - at[low - 1]! < at[low]! - position ? low - 1 : low;
}

/** A number with six digits, as few characters as that takes. */
export function numberText(value: number): string {
  return Number.isNaN(value) ? '–' : String(Number(value.toPrecision(6)));
}

/** What a series has in a column: a number, from the least to the greatest of several, or none. */
export function columnText({ low, high }: Pick<PlotSeries, 'low' | 'high'>, column: number): string {
  const [least, greatest] = [low[column] ?? NaN, high[column] ?? NaN];
  return least === greatest || Number.isNaN(least)
    ? numberText(least)
    : `${numberText(least)} … ${numberText(greatest)}`;
}
