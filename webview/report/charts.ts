import './charts.css';
import type { Histogram } from '../shared/report.ts';
import { svg } from '../dom.ts';
import { real } from '../format.ts';

const HEIGHT = 96;
const AXIS = 18;

export interface HistogramOptions {
  /** One sentence for screen readers. */
  readonly label: string;
  /** An interval to mark behind the bars, such as what int8 can express. */
  readonly band?: { readonly min: number; readonly max: number } | undefined;
}

/** Bars over an axis that spans the histogram and the band; the counts' square roots, so that rare values show. */
export function histogramChart(
  histogram: Histogram,
  width: number,
  options: HistogramOptions,
): SVGSVGElement {
  const { band } = options;
  const low = Math.min(histogram.min, band?.min ?? Infinity);
  const high = Math.max(histogram.max, band?.max ?? -Infinity);
  const span = high > low ? high - low : 1;
  const x = (value: number): number => Math.round(((value - low) / span) * (width - 1) * 100) / 100;
  const base = HEIGHT - AXIS;
  const most = Math.sqrt(Math.max(1, ...histogram.counts));
  const step = (histogram.max - histogram.min) / histogram.counts.length;
  const chart = svg('svg', {
    class: 'chart',
    width,
    height: HEIGHT,
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: 'img',
    'aria-label': options.label,
  });
  if (band) {
    const left = x(band.min);
    chart.append(
      svg('rect', { class: 'band', x: left, y: 0, width: Math.max(1, x(band.max) - left), height: base }),
    );
  }
  histogram.counts.forEach((n, i) => {
    if (n === 0) return;
    const left = x(histogram.min + i * step);
    const right = step > 0 ? x(histogram.min + (i + 1) * step) : left + 3;
    const height = Math.max(1, (Math.sqrt(n) / most) * (base - 4));
    chart.append(
      svg('rect', {
        class: 'bin',
        x: left,
        y: base - height,
        width: Math.max(1, right - left - 0.5),
        height,
      }),
    );
  });
  chart.append(svg('path', { class: 'axis', d: `M0 ${base + 0.5}H${width}` }));
  const zero = low < 0 && high > 0 ? x(0) : undefined;
  if (zero !== undefined) chart.append(svg('path', { class: 'zero', d: `M${zero} 0V${base}` }));
  const label = (at: number, anchor: string, text: string): void => {
    chart.append(svg('text', { class: 'tick', x: at, y: HEIGHT - 4, 'text-anchor': anchor }, text));
  };
  label(0, 'start', real(low));
  label(width, 'end', real(high));
  if (zero !== undefined && zero > 60 && zero < width - 60) label(zero, 'middle', '0');
  return chart;
}
