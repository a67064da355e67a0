import { ByteLog, hexRow } from '../../serial/bytes.ts';
import { LineLog, plainText, type Line } from '../../serial/lines.ts';
import { LogSearch } from '../../serial/search.ts';
import type {
  Found,
  HexRow,
  LogUpdate,
  TextRow,
  WindowRequest,
} from '../../../webview/shared/messages/monitor.ts';
import type { Encoding } from '../../../webview/shared/portSettings.ts';

/** Pause between two updates of a page: 20 a second look continuous. */
const UPDATE_MS = 50;
/** Most rows sent at once; a page asks for what it shows. */
const MAX_WINDOW = 400;

type Window = Omit<WindowRequest, 'type'>;

/**
 * The log as a page sees it: holds lines and bytes, and sends only the rows on screen, at most 20 times a second and
 * never before the page has drawn the last ones. However fast bytes come, the page has little to do.
 */
export class MonitorLog {
  readonly #lines: LineLog;
  readonly #bytes = new ByteLog();
  readonly #post: (message: LogUpdate | Found) => void;
  #window: Window | undefined;
  #search: LogSearch | undefined;
  #received = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastSent = 0;
  /** An update was sent and not yet drawn. */
  #awaiting = false;
  #changed = false;
  /** What the page was sent, to leave out rows that it has. */
  #sent: { generation: number; from: number; to: number; final: boolean; hex: boolean } | undefined;

  constructor(maxLines: number, post: (message: LogUpdate | Found) => void) {
    this.#lines = new LineLog({ maxLines });
    this.#post = post;
  }

  /** Keeps this many lines from now on. */
  setMaxLines(maxLines: number): void {
    this.#lines.setMaxLines(maxLines);
    this.#touch();
  }

  /** Bytes received since the last clear. */
  get received(): number {
    return this.#received;
  }

  push(bytes: Uint8Array, timeMs: number): void {
    this.#received += bytes.length;
    this.#lines.push(bytes, timeMs);
    this.#bytes.push(bytes);
    this.#touch();
  }

  /** A remark of ours among the lines. */
  note(text: string, timeMs: number): void {
    this.#lines.note(text, timeMs);
    this.#touch();
  }

  /** What was sent, as a note of its own kind. */
  sent(text: string, timeMs: number): void {
    this.#lines.sent(text, timeMs);
    this.#touch();
  }

  /** From now on bytes are text in this encoding. */
  setEncoding(encoding: Encoding, timeMs: number): void {
    this.#lines.setEncoding(encoding, timeMs);
    this.#touch();
  }

  /** The port was closed: what the last bytes began is over. */
  end(timeMs: number): void {
    this.#lines.end(timeMs);
    this.#touch();
  }

  clear(): void {
    this.#lines.clear();
    this.#bytes.clear();
    this.#received = 0;
    this.#touch();
  }

  /** The kept lines as text for the clipboard. */
  text(): string {
    return plainText(this.#lines.slice(0, Infinity));
  }

  /** The page shows these rows now. Answers at once. */
  setWindow(window: Window): void {
    const size = Math.min(Math.max(0, Math.floor(window.size) || 0), MAX_WINDOW);
    this.#window = { ...window, from: Math.max(0, Math.floor(window.from) || 0), size };
    this.#sent = undefined;
    this.#awaiting = false;
    this.#send();
  }

  /** The page has put the last update on screen. */
  drawn(): void {
    this.#awaiting = false;
    if (this.#changed) this.#schedule();
  }

  /** Nobody looks: nothing is sent until setWindow. */
  hide(): void {
    this.#window = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  search(query: string, matchCase: boolean): void {
    this.#search = query === '' ? undefined : new LogSearch(this.#lines, query.slice(0, 1000), matchCase);
    this.#touch();
  }

  /** Goes to the next or previous match, seen from a line. */
  step(from: number, direction: 1 | -1): void {
    const index = this.#search?.step(from, direction) ?? -1;
    const matches = this.#search?.matches() ?? [];
    const line = matches[index];
    this.#post({
      type: 'found',
      position: index + 1,
      matches: matches.length,
      ...(line === undefined ? {} : { line }),
    });
  }

  #touch(): void {
    this.#changed = true;
    if (!this.#awaiting) this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined || !this.#window) return;
    const wait = Math.max(0, this.#lastSent + UPDATE_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, wait);
  }

  #send(): void {
    if (!this.#window) return;
    const { hex, follow, size } = this.#window;
    const first = hex ? this.#bytes.first / 16 : this.#lines.first;
    const count = hex ? Math.ceil(this.#bytes.end / 16) : this.#lines.count;
    const from = follow ? Math.max(first, count - size) : Math.max(first, Math.min(this.#window.from, count));
    const to = Math.min(count, from + size);
    const closed = hex ? Math.floor(this.#bytes.end / 16) : this.#lines.closed;
    const now = { generation: this.#lines.generation, from, to, final: to <= closed, hex };
    const same = this.#sent?.final && now.final && equal(this.#sent, now);
    this.#sent = now;
    this.#changed = false;
    this.#awaiting = true;
    this.#lastSent = performance.now();
    this.#post({
      type: 'log',
      hex,
      generation: this.#lines.generation,
      first,
      count,
      bytes: this.#received,
      ...(same ? {} : { rows: hex ? this.#hexRows(from, to) : this.#lines.slice(from, to).map(textRow) }),
      ...(this.#search ? { matches: this.#search.matches().length } : {}),
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

function textRow(line: Line): TextRow {
  return {
    n: line.number,
    time: line.timeMs,
    text: line.text,
    ...(line.runs ? { runs: line.runs } : {}),
    ...(line.continues ? { continues: true as const } : {}),
    ...(line.isNote ? { isNote: true as const } : {}),
    ...(line.isSent ? { isSent: true as const } : {}),
  };
}

function equal<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}
