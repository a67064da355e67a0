import './logRow.css';
import { h } from '../dom.ts';
import type { HexRow, TextRow, Timestamps } from '../shared/messages/monitor.ts';
import { paint } from './ansiPaint.ts';

/** How a line of text is shown. */
export interface TextRowOptions {
  readonly timestamps: Timestamps;
  /** It holds the current match. */
  readonly isCurrent: boolean;
}

/** A line of text in its colours, with what is searched for in marks. */
export function textElement(row: TextRow, options: TextRowOptions): HTMLElement {
  const text = h('span', { class: 'row-text' });
  if (row.runs) {
    let at = 0;
    for (const run of row.runs) {
      const span = h('span', {}, ...marked(row, at, at + run.length));
      paint(span, run.style);
      text.append(span);
      at += run.length;
    }
  } else text.append(...marked(row, 0, row.text.length));
  const classes = ['row'];
  if (row.isNote) classes.push(row.isSent ? 'sent' : 'note');
  if (row.continues) classes.push('continues');
  if (options.isCurrent) classes.push('current');
  return h(
    'div',
    { class: classes.join(' ') },
    options.timestamps !== 'off' && h('span', { class: 'row-time' }, stampOf(row, options.timestamps)),
    text,
  );
}

/** Sixteen bytes: where they are, as hexadecimal, and as text. */
export function hexElement(row: HexRow): HTMLElement {
  return h(
    'div',
    { class: 'row hex' },
    h('span', { class: 'row-time' }, (row.n * 16).toString(16).padStart(8, '0')),
    h('span', { class: 'row-text' }, row.hex),
    h('span', { class: 'row-ascii' }, row.ascii),
  );
}

/** The characters from..to-1 of a line, those searched for in marks. */
function marked({ text, marks = [] }: TextRow, from: number, to: number): (string | HTMLElement)[] {
  const parts: (string | HTMLElement)[] = [];
  let at = from;
  for (let i = 0; i < marks.length; i += 2) {
    const start = Math.max(at, marks[i]!);
    const end = Math.min(to, marks[i + 1]!);
    if (start >= end) continue;
    parts.push(text.slice(at, start), h('mark', {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at, to)];
}

/** As wide in every line. */
const STAMP_WIDTH = 12;

function stampOf({ time, since }: TextRow, timestamps: Timestamps): string {
  if (timestamps === 'absolute') return timeOf(time);
  return (since === undefined ? '' : `+${(since / 1000).toFixed(3)} s`).padStart(STAMP_WIDTH);
}

/** Local time of day with milliseconds. */
function timeOf(ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}
