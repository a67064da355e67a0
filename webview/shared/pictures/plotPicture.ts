import { coordinate, svg, textWidth, type Picture, type SvgElement } from './svg.ts';
import { ticksOf } from './ticks.ts';

/** A variant in a plot. `y` may be Infinity: it lies above all others. */
export interface PlotPoint {
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly isFront: boolean;
  readonly fits: boolean;
  readonly isChosen: boolean;
}

/** Points that lie at the same place; `x` and `y` are pixels here. */
export interface PlotMark {
  readonly points: readonly PlotPoint[];
  readonly x: number;
  readonly y: number;
}

export interface PlotAxis {
  readonly title: string;
  /** A tick's number as text. */
  readonly text: (value: number) => string;
  /** Nothing lies beyond it, such as 100 %. */
  readonly end?: number | undefined;
}

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  /** What is written where `y` is Infinity. */
  readonly exact: string;
  /** Attributes of a mark's element besides its place, such as those that the keyboard needs. */
  readonly attributes?: (mark: PlotMark) => Readonly<Record<string, string | number | undefined>>;
}

const TEXT = 11;
const MARGIN = { top: 12, right: 22, bottom: 40 };
/** Between a point and the plot's edge, in pixels. */
const INSET = 24;

/** Points over two axes, less to the left and more above being better, and the Pareto front as the border of what they reach. */
export function plotPicture(points: readonly PlotPoint[], options: PlotOptions): Picture {
  const { width, height } = options;
  const finite = points.map((p) => p.y).filter(Number.isFinite);
  const hasExact = finite.length < points.length;
  const bottom = height - MARGIN.bottom;
  const top = MARGIN.top + (hasExact ? 20 : 0);
  const yTicks = ticksOf(finite, (bottom - top) / 40, options.y.end);
  const labels = yTicks.map(options.y.text);
  const left =
    24 + Math.max(0, ...labels.map((l) => textWidth(l, TEXT)), hasExact ? textWidth(options.exact, TEXT) : 0);
  const right = width - MARGIN.right;
  const xTicks = ticksOf(
    points.map((p) => p.x),
    (right - left) / 70,
  );
  const x = scale(
    points.map((p) => p.x),
    left + INSET,
    right - INSET,
  );
  const y = scale(finite, bottom - INSET, top + INSET);
  const yOf = (value: number): number => (Number.isFinite(value) ? y(value) : MARGIN.top + 8);
  const marks = marksOf(points, x, yOf);
  const isInside = (at: number, from: number, to: number): boolean => at >= from - 0.5 && at <= to + 0.5;
  const parts: (SvgElement | undefined)[] = [
    ...xTicks
      .map((t) => [t, x(t)] as const)
      .filter(([, at]) => isInside(at, left, right))
      .flatMap(([t, at]) => [
        svg('path', { class: 'grid', d: `M${coordinate(at)} ${MARGIN.top}V${bottom}` }),
        svg('text', { class: 'tick', x: at, y: bottom + 15, 'font-size': TEXT, 'text-anchor': 'middle' }, [
          options.x.text(t),
        ]),
      ]),
    ...yTicks
      .map((t) => [t, y(t)] as const)
      .filter(([, at]) => isInside(at, top, bottom))
      .flatMap(([t, at]) => [
        svg('path', { class: 'grid', d: `M${coordinate(left)} ${coordinate(at)}H${right}` }),
        tickBeside(left, at, options.y.text(t)),
      ]),
    hasExact ? tickBeside(left, yOf(Infinity), options.exact) : undefined,
    svg('path', { class: 'axis', d: `M${coordinate(left)} ${MARGIN.top}V${bottom}H${right}` }),
    svg(
      'text',
      {
        class: 'axisTitle',
        x: (left + right) / 2,
        y: height - 6,
        'font-size': TEXT,
        'text-anchor': 'middle',
      },
      [options.x.title],
    ),
    svg(
      'text',
      {
        class: 'axisTitle',
        transform: `translate(11 ${coordinate((MARGIN.top + bottom) / 2)}) rotate(-90)`,
        'font-size': TEXT,
        'text-anchor': 'middle',
      },
      [options.y.title],
    ),
    frontLine(marks, bottom, right),
    // those of the front lie above the others
    ...[...marks]
      .sort((a, b) => Number(isFront(a)) - Number(isFront(b)))
      .map((mark) => markElement(mark, options.attributes?.(mark) ?? {})),
    ...frontLabels(marks, left, right),
  ];
  return { width, height, content: svg('g', { class: 'plot' }, parts) };
}

function tickBeside(left: number, at: number, text: string): SvgElement {
  return svg('text', { class: 'tick', x: left - 6, y: at + 4, 'font-size': TEXT, 'text-anchor': 'end' }, [
    text,
  ]);
}

/** Values onto pixels; values that are all the same lie in the middle. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(high > low)) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

function marksOf(
  points: readonly PlotPoint[],
  x: (value: number) => number,
  y: (value: number) => number,
): PlotMark[] {
  const places = new Map<string, { points: PlotPoint[]; x: number; y: number }>();
  for (const point of points) {
    const place = `${point.x} ${point.y}`;
    const known = places.get(place);
    if (known) known.points.push(point);
    else places.set(place, { points: [point], x: x(point.x), y: y(point.y) });
  }
  return [...places.values()].sort((a, b) => a.x - b.x || b.y - a.y);
}

function isFront({ points }: PlotMark): boolean {
  return points.some((p) => p.isFront);
}

/** The border of what can be had: for each cost the best quality. */
function frontLine(marks: readonly PlotMark[], bottom: number, right: number): SvgElement | undefined {
  const front = marks.filter(isFront);
  const [first] = front;
  if (!first) return undefined;
  const steps = front.map(({ x, y }) => `H${coordinate(x)}V${coordinate(y)}`).join('');
  return svg('path', {
    class: 'front',
    d: `M${coordinate(first.x)} ${coordinate(bottom)}${steps}H${coordinate(right)}`,
  });
}

function markElement(
  mark: PlotMark,
  attributes: Readonly<Record<string, string | number | undefined>>,
): SvgElement {
  const { points, x, y } = mark;
  const fits = points.some((p) => p.fits);
  const kind = isFront(mark) ? 'onFront' : fits ? 'behind' : 'tooLarge';
  const at = { cx: x, cy: y };
  const cross = `M${coordinate(x - 4)} ${coordinate(y - 4)}l8 8m0 -8l-8 8`;
  return svg('g', { ...attributes, class: `mark ${kind}` }, [
    svg('circle', { class: 'target', ...at, r: 11 }),
    points.some((p) => p.isChosen) ? svg('circle', { class: 'chosen', ...at, r: 9 }) : undefined,
    fits
      ? svg('circle', { class: 'dot', ...at, r: isFront(mark) ? 5.5 : 4 })
      : svg('path', { class: 'dot', d: cross }),
  ]);
}

/** Numbers of the variants on the front, where there is room for them. */
function frontLabels(marks: readonly PlotMark[], from: number, to: number): SvgElement[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = marks.map(({ x, y }) => ({
    ...{ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 },
  }));
  return marks.filter(isFront).flatMap((mark) => {
    const numbers = mark.points.filter((p) => p.isFront).map((p) => p.number);
    const text = numbers.length > 3 ? `${numbers.slice(0, 2).join(', ')}, …` : numbers.join(', ');
    const w = textWidth(text, TEXT);
    const { x, y } = mark;
    const places = [
      { left: x + 9, top: y - 16 },
      { left: x - 9 - w, top: y - 16 },
      { left: x + 9, top: y + 5 },
      { left: x - 9 - w, top: y + 5 },
    ].map((p) => ({ ...p, right: p.left + w, bottom: p.top + 12 }));
    const free = places.find(
      (p) =>
        p.top >= 0 &&
        p.left >= from + 2 &&
        p.right <= to + MARGIN.right &&
        taken.every((o) => p.right < o.left || p.left > o.right || p.bottom < o.top || p.top > o.bottom),
    );
    if (!free) return [];
    taken.push(free);
    return [svg('text', { class: 'number', x: free.left, y: free.top + 10, 'font-size': TEXT }, [text])];
  });
}
