import type { Encoding } from '../../webview/shared/portSettings.ts';
import type { Style } from '../../webview/shared/textStyle.ts';
import { applySgr, PLAIN } from './ansi.ts';
import { decoderOf } from './encoding.ts';

/** A run of text in one style; runs cover the line without gaps. */
export interface Run {
  readonly length: number;
  readonly style: Style;
}

/** One line of the log as shown. Never changes once closed. */
export interface Line {
  /** Counts from 0 since the log was last cleared; never reused. */
  readonly number: number;
  /** Milliseconds since 1970 when the line's first byte arrived. */
  readonly timeMs: number;
  /** Printable text: control characters other than tab stand as their pictures (U+2400...). */
  readonly text: string;
  /** undefined when the whole line is plain. */
  readonly runs: readonly Run[] | undefined;
  /** True when the line was too long and goes on in the next one. */
  readonly continues: boolean;
  /** True for a line of ours (connected, unplugged, sent) among the board's. */
  readonly isNote: boolean;
  /** A note that says what was sent. */
  readonly isSent?: true;
}

export interface LineLogOptions {
  /** Lines kept; the oldest are dropped from view beyond it. */
  readonly maxLines: number;
  /** UTF-16 units after which a line is broken: bounds memory when no line ending ever comes. */
  readonly maxLineLength: number;
}

const DEFAULT_LINE_LOG: LineLogOptions = { maxLines: 20_000, maxLineLength: 1024 };

/** Longest SGR sequence obeyed; a longer one is dropped up to its end all the same. */
const MAX_SEQUENCE = 256;
/** After this much of a string nobody terminated (a window title, say) text is shown again. */
const MAX_STRING = 4096;

/** Style changes kept in one line; a line that changes more often goes on in the last style. */
const MAX_RUNS = 128;

const BEL = 0x07;
const LF = 0x0a;
const CR = 0x0d;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const CSI = 0x9b;
const ST = 0x9c;

/** What the parser is in the middle of (the states of ECMA-48 control functions that matter for dropping them). */
type State =
  | 'text'
  | 'escape' // after ESC
  | 'csi' // after ESC [
  | 'string'; // after ESC ] P X ^ _: up to BEL or ST

/** What the last line ending was, so that CR LF, LF CR and CR CR LF end one line. */
type Ending = 'none' | 'cr' | 'lf' | 'lfcr';

/**
 * Turns bytes from a UART into lines for display, in any chunks: text in an encoding, any line ending,
 * SGR colours kept, every other escape sequence dropped, bounded in lines and in line length.
 */
export class LineLog {
  readonly #maxLineLength: number;
  /** Line n stands at n modulo its length, which is the number of lines kept. */
  #ring: (Line | undefined)[];
  /** Number of the oldest line kept. */
  #first = 0;
  #encoding: Encoding = 'utf-8';
  #decoder = decoderOf(this.#encoding);
  #closed = 0;
  #text = '';
  #runs: Run[] = [];
  #timeMs = 0;
  #style: Style = PLAIN;
  #state: State = 'text';
  #sequence = '';
  #stringLength = 0;
  #ending: Ending = 'none';
  #generation = 0;

  constructor(options: Partial<LineLogOptions> = {}) {
    const wanted = { ...DEFAULT_LINE_LOG, ...options };
    this.#maxLineLength = Math.max(2, wanted.maxLineLength); // a surrogate pair
    this.#ring = new Array<Line | undefined>(wanted.maxLines);
  }

  /** Lines there have been since the last clear, with the one still open when it holds text. */
  get count(): number {
    return this.#closed + (this.#text === '' ? 0 : 1);
  }

  /** Number of the oldest line kept, and so the number of lines dropped from view. */
  get first(): number {
    return this.#first;
  }

  /** Keeps another number of lines from now on; the newest ones stay. */
  setMaxLines(maxLines: number): void {
    if (maxLines === this.#ring.length) return;
    const first = Math.max(this.#first, this.#closed - maxLines);
    const ring = new Array<Line | undefined>(maxLines);
    for (let n = first; n < this.#closed; n++) ring[n % maxLines] = this.#ring[n % this.#ring.length];
    this.#ring = ring;
    this.#first = first;
  }

  /** Changes whenever line numbers start anew. */
  get generation(): number {
    return this.#generation;
  }

  /** Lines that will not change any more have smaller numbers than this. */
  get closed(): number {
    return this.#closed;
  }

  /**
   * Takes bytes as they came.
   * @param timeMs when they came, milliseconds since 1970
   */
  push(bytes: Uint8Array, timeMs: number): void {
    this.#take(this.#decoder.push(bytes), timeMs);
  }

  /** From now on bytes are text in this encoding; lines that there are stay as they were read. */
  setEncoding(encoding: Encoding, timeMs: number): void {
    if (encoding === this.#encoding) return;
    this.#take(this.#decoder.end(), timeMs);
    this.#encoding = encoding;
    this.#decoder = decoderOf(encoding);
  }

  /** The port was closed: half a character becomes U+FFFD, half a sequence is dropped, an open line is ended. */
  end(timeMs: number): void {
    this.#take(this.#decoder.end(), timeMs);
    this.#state = 'text';
    this.#sequence = '';
    this.#style = PLAIN;
    this.#ending = 'none';
    if (this.#text !== '') this.#close(false);
  }

  /** Adds a remark that is not from the board, on a line of its own; the board's open line ends before it. */
  note(text: string, timeMs: number): void {
    if (this.#text !== '') this.#close(false);
    this.#store({ timeMs, text, runs: undefined, continues: false, isNote: true });
  }

  /** Adds what was sent to the board, as a note of its own kind; what does not fit a line is left out. */
  sent(text: string, timeMs: number): void {
    if (this.#text !== '') this.#close(false);
    const shown = `→ ${printable(text.slice(0, this.#maxLineLength))}`;
    this.#store({ timeMs, text: shown, runs: undefined, continues: false, isNote: true, isSent: true });
  }

  /** Forgets all lines; what the parser is in the middle of goes on. */
  clear(): void {
    this.#ring.fill(undefined);
    this.#closed = 0;
    this.#first = 0;
    this.#text = '';
    this.#runs = [];
    this.#generation++;
  }

  /** The lines from..to-1 that are still kept. */
  slice(from: number, to: number): Line[] {
    const lines: Line[] = [];
    const end = Math.min(to, this.count);
    for (let n = Math.max(from, this.first); n < end; n++) lines.push(this.#line(n));
    return lines;
  }

  #line(n: number): Line {
    if (n < this.#closed) return this.#ring[n % this.#ring.length]!;
    return {
      number: n,
      timeMs: this.#timeMs,
      text: this.#text,
      runs: styled([...this.#runs]),
      continues: false,
      isNote: false,
    };
  }

  #take(text: string, timeMs: number): void {
    let i = 0;
    while (i < text.length) {
      if (this.#state !== 'text') {
        i = this.#skipSequence(text, i);
        continue;
      }
      let end = i;
      while (end < text.length && !isSpecial(text.charCodeAt(end))) end++;
      if (end > i) this.#append(text.slice(i, end), timeMs);
      if (end < text.length) this.#special(text.charCodeAt(end), timeMs);
      i = end + 1;
    }
  }

  #special(code: number, timeMs: number): void {
    if (code === LF || code === CR) this.#lineEnding(code, timeMs);
    else if (code === ESC) this.#state = 'escape';
    else if (code === CSI) this.#enter('csi');
    else if (code >= 0x80 && code <= 0x9f) {
      if (isStringIntroducer(code - 0x40)) this.#enter('string');
    } else this.#append(pictured(code), timeMs);
  }

  #enter(state: State): void {
    this.#state = state;
    this.#sequence = '';
    this.#stringLength = 0;
  }

  /** Consumes one character inside an escape sequence; line endings and CAN/SUB break it off, so nothing hides for long. */
  #skipSequence(text: string, i: number): number {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR) {
      this.#state = 'text';
      return i; // and is a line ending then
    }
    if (code === CAN || code === SUB) {
      this.#state = 'text';
      return i + 1;
    }
    if (code === ESC) {
      this.#enter('escape'); // also the first half of ST, whose second half is dropped as any escape
      return i + 1;
    }
    if (this.#state === 'string') {
      if (code === BEL || code === ST || ++this.#stringLength >= MAX_STRING) this.#state = 'text';
      return i + 1;
    }
    if (code > 0x7e) {
      this.#state = 'text'; // not a control sequence after all
      return i;
    }
    if (this.#state === 'escape') this.#escape(code, text[i]!);
    else this.#csi(code, text[i]!);
    return i + 1;
  }

  #escape(code: number, char: string): void {
    if (code >= 0x20 && code <= 0x2f) return; // intermediate
    if (char === '[') this.#enter('csi');
    else if (isStringIntroducer(code)) this.#enter('string');
    else this.#state = 'text';
  }

  #csi(code: number, char: string): void {
    if (code >= 0x40) {
      // a private marker (`?`, `>`) or an intermediate makes it another function than SGR
      if (char === 'm' && /^[\d;:]*$/.test(this.#sequence) && this.#sequence.length < MAX_SEQUENCE) {
        this.#style = applySgr(this.#style, this.#sequence);
      }
      this.#state = 'text';
    } else if (code >= 0x20 && this.#sequence.length < MAX_SEQUENCE) this.#sequence += char;
  }

  #lineEnding(code: number, timeMs: number): void {
    const before = this.#ending;
    if (code === LF) {
      this.#ending = before === 'cr' ? 'none' : 'lf';
      if (before === 'cr') return;
    } else {
      if (before === 'lf') {
        this.#ending = 'lfcr'; // LF CR, unless LF follows: then it was an empty line's CR LF
        return;
      }
      this.#ending = 'cr';
      if (before === 'cr') return;
    }
    if (this.#text === '') this.#timeMs = timeMs;
    this.#close(false);
  }

  #append(text: string, timeMs: number): void {
    this.#ending = 'none';
    let rest = text;
    for (;;) {
      const room = this.#maxLineLength - this.#text.length;
      if (rest.length <= room) break;
      const cut = isHighSurrogate(rest.charCodeAt(room - 1)) && room > 0 ? room - 1 : room;
      this.#extend(rest.slice(0, cut), timeMs);
      this.#close(true);
      rest = rest.slice(cut);
    }
    this.#extend(rest, timeMs);
  }

  #extend(text: string, timeMs: number): void {
    if (text === '') return;
    if (this.#text === '') this.#timeMs = timeMs;
    this.#text += text;
    const last = this.#runs.at(-1);
    if (last && (last.style === this.#style || this.#runs.length === MAX_RUNS)) {
      this.#runs[this.#runs.length - 1] = { length: last.length + text.length, style: last.style };
    } else this.#runs.push({ length: text.length, style: this.#style });
  }

  #close(continues: boolean): void {
    this.#store({
      timeMs: this.#timeMs,
      text: this.#text,
      runs: styled(this.#runs),
      continues,
      isNote: false,
    });
    this.#text = '';
    this.#runs = [];
  }

  #store(line: Omit<Line, 'number'>): void {
    this.#ring[this.#closed % this.#ring.length] = { number: this.#closed, ...line };
    this.#closed++;
    this.#first = Math.max(this.#first, this.#closed - this.#ring.length);
  }
}

/** What the board printed as plain text: broken lines joined again, remarks left out. */
export function plainText(lines: readonly Line[]): string {
  return lines
    .filter((l) => !l.isNote)
    .map((l) => (l.continues ? l.text : `${l.text}\n`))
    .join('');
}

function styled(runs: readonly Run[]): readonly Run[] | undefined {
  return runs.some((r) => r.style !== PLAIN) ? runs : undefined;
}

/** Control characters but tab, line separators, and the bidirectional controls that could reorder what is read. */
function isSpecial(code: number): boolean {
  if (code < 0x20) return code !== 0x09;
  if (code < 0x7f) return false;
  if (code <= 0x9f) return true;
  return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/** A special character as it is shown: controls as their pictures, the others by number, as the editor shows them. */
function pictured(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `[U+${code.toString(16).toUpperCase()}]`;
}

/** A text in which every special character is shown, line endings too. */
function printable(text: string): string {
  let shown = '';
  for (const unit of text.split(''))
    shown += isSpecial(unit.charCodeAt(0)) ? pictured(unit.charCodeAt(0)) : unit;
  return shown;
}

/** OSC, DCS, SOS, PM and APC, as the character after ESC. */
function isStringIntroducer(code: number): boolean {
  return code === 0x5d || code === 0x50 || code === 0x58 || code === 0x5e || code === 0x5f;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
