import { ByteLog, hexRow } from '../../serial/bytes.ts';
import { LineLog, plainText, type Line } from '../../serial/lines.ts';
import type { LineSource } from '../../serial/search/lineSource.ts';
import type { LineFilter, LinePattern } from '../../../webview/shared/linePattern.ts';
import type {
  Found,
  HexRow,
  LogUpdate,
  TextRow,
  Timestamps,
  WindowRequest,
} from '../../../webview/shared/messages/monitor.ts';
import type { Encoding } from '../../../webview/shared/portSettings.ts';
import { LineTimes } from './lineTimes.ts';
import { Pace } from './pace.ts';
import { ShownLines } from './shownLines.ts';

/** Most rows sent at once; a page asks for what it shows. */
const MAX_WINDOW = 400;

type Window = Omit<WindowRequest, 'type'>;

/** The log as a page sees it: holds lines and bytes, and sends only the rows on screen, as the page can draw them. */
export class MonitorLog {
  readonly #lines: LineLog;
  readonly #bytes = new ByteLog();
  readonly #shown: ShownLines;
  readonly #times = new LineTimes();
  readonly #post: (message: LogUpdate | Found) => void;
  readonly #pace = new Pace(() => this.#send());
  #window: Window | undefined;
  #timestamps: Timestamps = 'off';
  #received = 0;
  #numbering = '';
  #generation = 0;
  /** What the page was sent, to leave out rows that it has. */
  #sent: { generation: number; from: number; to: number; final: boolean; hex: boolean } | undefined;

  constructor(maxLines: number, post: (message: LogUpdate | Found) => void) {
    this.#lines = new LineLog({ maxLines });
    this.#post = post;
    this.#shown = new ShownLines(this.#lines, () => this.#touchRows());
  }

  /** Keeps this many lines from now on. */
  setMaxLines(maxLines: number): void {
    this.#lines.setMaxLines(maxLines);
    this.#pace.touch();
  }

  /** Bytes received since the last clear. */
  get received(): number {
    return this.#received;
  }

  /** All lines that are kept. */
  get lines(): LineSource {
    return this.#lines;
  }

  get filter(): LineFilter | undefined {
    return this.#shown.filter;
  }

  push(bytes: Uint8Array, timeMs: number): void {
    this.#received += bytes.length;
    this.#lines.push(bytes, timeMs);
    this.#bytes.push(bytes);
    this.#pace.touch();
  }

  /** A remark of ours among the lines. */
  note(text: string, timeMs: number): void {
    this.#lines.note(text, timeMs);
    this.#pace.touch();
  }

  /** The port was opened: relative times count from here. */
  connected(timeMs: number): void {
    this.#times.connected(timeMs);
  }

  /** What was sent, as a note of its own kind. */
  sent(text: string, timeMs: number): void {
    this.#lines.sent(text, timeMs);
    this.#pace.touch();
  }

  /** From now on bytes are text in this encoding. */
  setEncoding(encoding: Encoding, timeMs: number): void {
    this.#lines.setEncoding(encoding, timeMs);
    this.#pace.touch();
  }

  /** The port was closed: what the last bytes began is over. */
  end(timeMs: number): void {
    this.#lines.end(timeMs);
    this.#pace.touch();
  }

  clear(): void {
    this.#lines.clear();
    this.#bytes.clear();
    this.#received = 0;
    this.#pace.touch();
  }

  /** The kept lines that are shown, as text for the clipboard. */
  text(): string {
    return plainText(this.#shown.lines.slice(0, Infinity));
  }

  /** The page shows these rows now. Answers at once. */
  setWindow(window: Window): void {
    const size = Math.min(Math.max(0, Math.floor(window.size) || 0), MAX_WINDOW);
    this.#window = { ...window, from: Math.max(0, Math.floor(window.from) || 0), size };
    this.#sent = undefined;
    this.#pace.now();
  }

  /** The page has put the last update on screen. */
  drawn(): void {
    this.#pace.drawn();
  }

  /** Nobody looks: nothing is sent until setWindow. */
  hide(): void {
    this.#window = undefined;
    this.#pace.stop();
  }

  setTimestamps(timestamps: Timestamps): void {
    this.#timestamps = timestamps;
    this.#touchRows();
  }

  setFilter(filter: LineFilter | undefined): void {
    this.#shown.setFilter(filter);
    this.#pace.touch();
  }

  search(pattern: LinePattern | undefined): void {
    this.#shown.search(pattern);
    this.#touchRows();
  }

  /** Goes to the next or previous match, seen from a line. */
  step(from: number, direction: 1 | -1): void {
    this.#shown.step(from, direction, (found) => this.#post(found));
  }

  dispose(): void {
    this.hide();
    this.#shown.dispose();
  }

  /** Rows that the page has are others now. */
  #touchRows(): void {
    this.#sent = undefined;
    this.#pace.touch();
  }

  #send(): void {
    if (!this.#window) return;
    const { hex, follow, size } = this.#window;
    const { lines, numbering } = this.#shown;
    if (numbering !== this.#numbering) this.#generation++;
    this.#numbering = numbering;
    const first = hex ? this.#bytes.first / 16 : lines.first;
    const count = hex ? Math.ceil(this.#bytes.end / 16) : lines.count;
    const from = follow ? Math.max(first, count - size) : Math.max(first, Math.min(this.#window.from, count));
    const to = Math.min(count, from + size);
    const closed = hex ? Math.floor(this.#bytes.end / 16) : lines.closed;
    const now = { generation: this.#generation, from, to, final: to <= closed, hex };
    const same = this.#sent?.final && now.final && equal(this.#sent, now);
    this.#sent = now;
    const [search, filter] = [this.#shown.searchState(), this.#shown.filterState()];
    this.#post({
      type: 'log',
      hex,
      generation: this.#generation,
      first,
      count,
      bytes: this.#received,
      ...(same ? {} : { rows: hex ? this.#hexRows(from, to) : this.#textRows(lines, from, to) }),
      ...(search ? { search } : {}),
      ...(filter ? { filter } : {}),
    });
  }

  #textRows(lines: LineSource, from: number, to: number): TextRow[] {
    const marks = this.#shown.placesIn(from, to);
    let before = lines.slice(from - 1, from)[0];
    return lines.slice(from, to).map((line) => {
      const since = this.#times.since(line, before, this.#timestamps);
      before = line;
      return textRow(line, since, marks.get(line.number));
    });
  }

  #hexRows(from: number, to: number): HexRow[] {
    const bytes = this.#bytes.slice(from * 16, to * 16);
    const rows: HexRow[] = [];
    for (let i = 0; i < bytes.length; i += 16)
      rows.push({ n: from + i / 16, ...hexRow(bytes.subarray(i, i + 16)) });
    return rows;
  }
}

function textRow(line: Line, since: number | undefined, marks: readonly number[] | undefined): TextRow {
  return {
    n: line.number,
    time: line.timeMs,
    text: line.text,
    ...(line.runs ? { runs: line.runs } : {}),
    ...(line.continues ? { continues: true as const } : {}),
    ...(line.isNote ? { isNote: true as const } : {}),
    ...(since === undefined ? {} : { since }),
    ...(marks && marks.length > 0 ? { marks } : {}),
    ...(line.isSent ? { isSent: true as const } : {}),
  };
}

function equal<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}
