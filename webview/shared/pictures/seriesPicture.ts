import { coordinate, type Picture, svg, textWidth } from './svg.ts';

const TEXT = 11;
const BOTTOM = 20;
const TOP = 8;

/**
 * Numbers as lines over their places, all on one scale.
 * @param series of the same length each @param text a number as text
 */
export function seriesPicture(
  series: readonly (readonly number[])[],
  text: (value: number) => string,
  { width, height }: { readonly width: number; readonly height: number },
): Picture {
  const length = series[0]?.length ?? 0;
  const all = (pick: (a: number, b: number) => number, start: number): number =>
    series.reduce((n, line) => line.reduce(pick, n), start);
  const low = all((a, b) => Math.min(a, b), Infinity);
  const high = all((a, b) => Math.max(a, b), -Infinity);
  const labels = [text(low), text(high)];
  const left = 8 + Math.max(...labels.map((l) => textWidth(l, TEXT)));
  const right = width - 8;
  const bottom = height - BOTTOM;
  const x = (i: number): number => left + (length > 1 ? i / (length - 1) : 0.5) * (right - left);
  const y = (value: number): number =>
    high > low ? bottom - ((value - low) / (high - low)) * (bottom - TOP) : (TOP + bottom) / 2;
  const tick = (at: { x: number; y: number; anchor: string }, label: string): Picture['content'] =>
    svg('text', { class: 'tick', x: at.x, y: at.y, 'font-size': TEXT, 'text-anchor': at.anchor }, [label]);
  const content = svg('g', { class: 'series' }, [
    svg('path', { class: 'axis', d: `M${coordinate(left)} ${TOP}V${bottom}H${coordinate(right)}` }),
    ...(low < 0 && high > 0
      ? [svg('path', { class: 'grid', d: `M${coordinate(left)} ${coordinate(y(0))}H${coordinate(right)}` })]
      : []),
    ...series.map((line, i) =>
      svg('path', {
        class: `line line-${i}`,
        d: line.map((v, k) => `${k === 0 ? 'M' : 'L'}${coordinate(x(k))} ${coordinate(y(v))}`).join(''),
      }),
    ),
    tick({ x: left - 4, y: bottom, anchor: 'end' }, labels[0]!),
    ...(high > low ? [tick({ x: left - 4, y: TOP + 9, anchor: 'end' }, labels[1]!)] : []),
    tick({ x: left, y: height - 6, anchor: 'start' }, '0'),
    tick({ x: right, y: height - 6, anchor: 'end' }, String(length - 1)),
  ]);
  return { width, height, content };
}
