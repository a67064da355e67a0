import { ticksOf } from '../../shared/pictures/ticks.ts';
import type { PlotSeries } from '../../shared/plot.ts';
import { cssColour, mix } from '../colour.ts';
import { ground } from '../themeColours.ts';
import { numberText, type Span } from './plotScale.ts';
import { markerPath, type SeriesStyle } from './seriesStyle.ts';

export interface Drawing {
  /** Where each column lies on the horizontal axis. */
  readonly at: Float64Array;
  readonly x: Span;
  readonly y: Span;
  /** Shown behind numbers of the horizontal axis. */
  readonly unit: string;
  readonly series: readonly { readonly data: PlotSeries; readonly style: SeriesStyle }[];
  /** Column under the cursor. */
  readonly cursor: number | undefined;
}

/** The part of a canvas that is drawn in, in CSS pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const FONT = 11;
/** Columns closer than this have no markers. */
const MARKER_GAP = 14;
const MARKER = 2.6;

/** Where a plot lies in a canvas of this size, with room for the numbers beside it. */
export function frameOf(width: number, height: number): Frame {
  const left = Math.min(64, width * 0.2);
  return { left, top: 8, right: Math.max(left + 1, width - 10), bottom: Math.max(9, height - 22) };
}

/** Draws series over each other on one scale, with what is around them. Bounded by the number of columns. */
export function drawPlot(canvas: HTMLCanvasElement, width: number, height: number, drawing: Drawing): void {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const c = canvas.getContext('2d')!;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  const frame = frameOf(width, height);
  const x = scale(drawing.x, frame.left, frame.right);
  const y = scale(drawing.y, frame.bottom, frame.top);
  drawAxes(c, frame, drawing, x, y);
  c.save();
  c.beginPath();
  c.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  c.clip();
  for (const { data, style } of drawing.series) drawSeries(c, data, style, drawing.at, x, y);
  c.restore();
  if (drawing.cursor !== undefined) drawCursor(c, frame, drawing, drawing.cursor, x, y);
}

/** A number's place; one far outside is cut, as a canvas takes no such places. */
type Scale = (value: number) => number;

function scale({ low, high }: Span, from: number, to: number): Scale {
  // halves, because the difference of the greatest doubles is no double
  const whole = high / 2 - low / 2;
  return (value) => from + Math.max(-10, Math.min(11, (value / 2 - low / 2) / whole)) * (to - from);
}

function drawAxes(
  c: CanvasRenderingContext2D,
  frame: Frame,
  { x: across, y: up, unit }: Drawing,
  x: Scale,
  y: Scale,
): void {
  const { text, background } = ground();
  const { left, top, right, bottom } = frame;
  c.lineWidth = 1;
  c.font = `${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  c.fillStyle = cssColour(mix(text, background, 0.15));
  c.strokeStyle = cssColour(mix(text, background, 0.8));
  c.textBaseline = 'middle';
  c.textAlign = 'right';
  for (const tick of ticks(up, (bottom - top) / 32)) {
    line(c, left, y(tick), right, y(tick));
    c.fillText(numberText(tick), left - 6, y(tick), left - 8);
  }
  c.textBaseline = 'top';
  c.textAlign = 'center';
  for (const tick of ticks(across, (right - left) / 80)) {
    if (!Number.isInteger(tick) && unit === '') continue;
    line(c, x(tick), top, x(tick), bottom);
    const label = `${numberText(tick)}${unit}`;
    const half = c.measureText(label).width / 2;
    c.fillText(label, Math.max(half, Math.min(right + 8 - half, x(tick))), bottom + 6);
  }
  c.strokeStyle = cssColour(mix(text, background, 0.4));
  line(c, left, top, left, bottom);
  line(c, left, bottom, right, bottom);
}

function ticks(span: Span, most: number): number[] {
  const { low, high } = span;
  return ticksOf([low, high], Math.min(12, most)).filter((tick) => tick >= low && tick <= high);
}

function line(c: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  const sharp = (v: number): number => Math.round(v) + 0.5;
  c.beginPath();
  c.moveTo(sharp(x0), sharp(y0));
  c.lineTo(sharp(x1), sharp(y1));
  c.stroke();
}

/** Each column is a stroke from its least to its greatest number; columns without a number are passed over. */
function drawSeries(
  c: CanvasRenderingContext2D,
  { low, high }: PlotSeries,
  style: SeriesStyle,
  at: Float64Array,
  x: Scale,
  y: Scale,
): void {
  const points: (readonly [x: number, low: number, high: number])[] = [];
  for (let i = 0; i < at.length; i++) {
    if (!Number.isNaN(low[i])) points.push([x(at[i]!), y(low[i]!), y(high[i]!)]);
  }
  c.strokeStyle = style.colour;
  c.fillStyle = style.colour;
  c.lineWidth = 1.6;
  c.lineJoin = 'round';
  c.setLineDash([...style.dash]);
  c.beginPath();
  for (const [px, least, greatest] of points) {
    c.lineTo(px, least);
    if (greatest !== least) c.lineTo(px, greatest);
  }
  c.stroke();
  c.setLineDash([]);
  const [first, last] = [points[0], points.at(-1)];
  const gap = first && last ? (last[0] - first[0]) / Math.max(1, points.length - 1) : 0;
  if (points.length > 1 && gap < MARKER_GAP) return;
  for (const [px, py] of points) drawMarker(c, style, px, py, MARKER);
}

function drawMarker(
  c: CanvasRenderingContext2D,
  { colour, marker }: SeriesStyle,
  x: number,
  y: number,
  size: number,
): void {
  c.save();
  c.translate(x, y);
  c.fillStyle = colour;
  c.fill(new Path2D(markerPath(marker, size)));
  c.restore();
}

function drawCursor(
  c: CanvasRenderingContext2D,
  { top, bottom }: Frame,
  { at, series }: Drawing,
  column: number,
  x: Scale,
  y: Scale,
): void {
  const px = x(at[column]!);
  c.strokeStyle = cssColour(ground().text);
  c.lineWidth = 1;
  line(c, px, top, px, bottom);
  for (const { data, style } of series) {
    const value = data.high[column] ?? NaN;
    const py = y(value);
    if (!Number.isNaN(value) && py >= top - 1 && py <= bottom + 1) drawMarker(c, style, px, py, MARKER * 1.5);
  }
}
