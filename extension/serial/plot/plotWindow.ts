import type { PlotSpan, PlotWindow } from '../../../webview/shared/plot.ts';
import type { PlotSamples } from './samples.ts';

/** Columns that a page may ask for. */
const MAX_COLUMNS = 4000;

/**
 * A part of some samples for a drawing of so many columns: each has the smallest and the greatest number of its samples, so that no peak
 * is lost, however many there are.
 *
 * @param end number of the sample behind the last one; undefined for the newest
 */
export function plotWindow(
  samples: PlotSamples,
  span: PlotSpan,
  columns: number,
  end: number | undefined,
): PlotWindow {
  const to = Math.max(samples.first, Math.min(samples.count, end ?? Infinity));
  const from = Math.min(to, firstOf(samples, span, to));
  const size = Math.min(to - from, Math.max(1, Math.min(MAX_COLUMNS, Math.floor(columns) || 1)));
  const begin = Float64Array.from({ length: size }, (_, i) => from + Math.floor((i * (to - from)) / size));
  return {
    from,
    to,
    samples: begin,
    times: begin.map((sample) => samples.timeOf(sample)),
    series: samples.series.map(({ name, last }) => {
      const value = samples.reader(name);
      const low = new Float64Array(size).fill(NaN);
      const high = new Float64Array(size).fill(NaN);
      for (let i = 0; i < size; i++) {
        const behind = begin[i + 1] ?? to;
        for (let sample = begin[i]!; sample < behind; sample++) {
          const v = value(sample);
          if (!(v >= low[i]!)) low[i] = Number.isNaN(v) ? low[i]! : v;
          if (!(v <= high[i]!)) high[i] = Number.isNaN(v) ? high[i]! : v;
        }
      }
      return { name, last, low, high };
    }),
  };
}

function firstOf(samples: PlotSamples, span: PlotSpan, to: number): number {
  if (span.unit === 'samples') return Math.max(samples.first, to - span.length);
  return to === samples.first ? to : samples.firstSince(samples.timeOf(to - 1) - span.length * 1000);
}
