import './logRow.css';
import { h } from '../dom.ts';
import type { HexRow, TextRow } from '../shared/messages/monitor.ts';
import { paint } from './ansiPaint.ts';

/** How a line of text is shown. */
export interface TextRowOptions {
  readonly timestamps: boolean;
  /** It holds the current match. */
  readonly isCurrent: boolean;
  /** Text searched for; empty for none. */
  readonly query: string;
  readonly matchCase: boolean;
}

/** A line of text in its colours, with what is searched for in marks. */
export function textElement(row: TextRow, options: TextRowOptions): HTMLElement {
  const text = h('span', { class: 'row-text' });
  if (row.runs) {
    let at = 0;
    for (const run of row.runs) {
      const span = h('span', {}, ...marked(row.text.slice(at, at + run.length), options));
      paint(span, run.style);
      text.append(span);
      at += run.length;
    }
  } else text.append(...marked(row.text, options));
  const classes = ['row'];
  if (row.isNote) classes.push(row.isSent ? 'sent' : 'note');
  if (row.continues) classes.push('continues');
  if (options.isCurrent) classes.push('current');
  return h(
    'div',
    { class: classes.join(' ') },
    options.timestamps && h('span', { class: 'row-time' }, timeOf(row.time)),
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

function marked(text: string, { query, matchCase }: TextRowOptions): (string | HTMLElement)[] {
  if (query === '') return [text];
  const fold = (s: string) => (matchCase ? s : s.toLowerCase());
  const [hay, needle] = [fold(text), fold(query)];
  if (hay.length !== text.length) return [text]; // lower case of another length: positions would not fit
  const parts: (string | HTMLElement)[] = [];
  let at = 0;
  for (let i = hay.indexOf(needle); i >= 0; i = hay.indexOf(needle, at)) {
    parts.push(text.slice(at, i), h('mark', {}, text.slice(i, i + needle.length)));
    at = i + needle.length;
  }
  return [...parts, text.slice(at)];
}

/** Local time of day with milliseconds. */
function timeOf(ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}
