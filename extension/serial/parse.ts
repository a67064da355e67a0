import type { InferenceReport } from './report.ts';

/** Longest line kept, in bytes; of a longer one nothing is parsed. */
export const MAX_LINE = 256;
/** Most classes of one report; further ones are dropped. */
export const MAX_CLASSES = 4096;

const CR = 13;
const LF = 10;
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
// A reset cuts a line anywhere, so the first line after it may have the rest of another in front of it.
const CLASS = /(?<!\bref\s+)class\s*=\s*(\d{1,9})\s*$/i;
const TOP1 = /Top1\s+class\s*=\s*(\d{1,9})\s*(?:\(.*\))?\s*$/i; // NXP's camera examples add a label in brackets
const CONFIDENCE = new RegExp(`(?:^|[^A-Za-z0-9])Confidence\\s*=\\s*(${NUMBER})\\s*%?\\s*$`, 'i');
const TIME = new RegExp(`Inference(?:\\s+time)?\\s*=\\s*(${NUMBER})\\s*\\(?\\s*(us|ms|s)\\b`, 'i');
const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1e6 };

/**
 * Reads inference reports out of a UART's bytes: `class = 7`, `Confidence = 93` for each class, `Top1 class = 7`,
 * `Inference time = 13500 (us)`. NXP's older firmware is understood too: `Confidence = 0.993`, times in ms, and the
 * kind that prints only `Top1 class`, that class' `Confidence` behind it, and the time.
 *
 * Bytes may come in any chunks, lines end in CR, LF or both, other lines are skipped, and a class number seen before
 * (the board was reset, or the next inference began) discards what was unfinished. Takes constant memory whatever comes
 * and never throws. A report heard from its middle on lacks the first classes; class numbers are explicit, so it shows.
 */
export class ReportParser {
  #line: number[] = [];
  #tooLong = false;
  #confidences = new Map<number, number>();
  #pendingClass: number | undefined;
  #top1: number | undefined;

  /** Takes bytes and returns the reports that they completed (a report is complete with its `Inference time`). */
  push(bytes: Uint8Array): InferenceReport[] {
    const reports: InferenceReport[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) {
        const report = this.#endLine();
        if (report) reports.push(report);
      } else if (this.#line.length < MAX_LINE) this.#line.push(byte);
      else this.#tooLong = true;
    }
    return reports;
  }

  /** The stream is over: a last line without its ending counts, and so does a report that states no time. */
  end(): InferenceReport | undefined {
    const report = this.#endLine();
    if (report) return report;
    return this.#confidences.size > 0 && this.#top1 !== undefined ? this.#takeReport(undefined) : undefined;
  }

  #endLine(): InferenceReport | undefined {
    const text = this.#tooLong ? '' : String.fromCharCode(...this.#line);
    this.#line = [];
    this.#tooLong = false;
    return text === '' ? undefined : this.#read(text);
  }

  #read(text: string): InferenceReport | undefined {
    const top1 = TOP1.exec(text);
    if (top1) {
      this.#top1 = Number(top1[1]);
      this.#pendingClass = undefined;
      return undefined;
    }
    const classLine = CLASS.exec(text);
    if (classLine) {
      this.#beginClass(Number(classLine[1]));
      return undefined;
    }
    const confidence = CONFIDENCE.exec(text);
    if (confidence) {
      this.#addConfidence(Number(confidence[1]));
      return undefined;
    }
    const time = TIME.exec(text);
    if (!time) return undefined;
    const timeUs = Number(time[1]) * MICROSECONDS[time[2]!.toLowerCase()]!;
    // A time alone is the tail of a report whose beginning was not heard.
    if (this.#confidences.size === 0 && this.#top1 === undefined) return undefined;
    return this.#takeReport(Number.isFinite(timeUs) ? Math.round(timeUs) : undefined);
  }

  #beginClass(index: number): void {
    if (this.#top1 !== undefined || this.#confidences.has(index) || index === 0) this.#discard();
    this.#pendingClass = index;
  }

  #addConfidence(value: number): void {
    let index = this.#pendingClass;
    if (index === undefined && this.#top1 !== undefined) {
      // `Top1 ` cut by a reset and then `class = 0` reads as `Top1 class = 0`; its confidence gives it away.
      const restarted = this.#confidences.has(this.#top1);
      index = this.#top1;
      if (restarted) this.#discard();
    }
    this.#pendingClass = undefined;
    if (index !== undefined && this.#confidences.size < MAX_CLASSES) this.#confidences.set(index, value);
  }

  #takeReport(timeUs: number | undefined): InferenceReport {
    const confidences = [...this.#confidences].map(([classIndex, value]) => ({ classIndex, value }));
    const report = { confidences, top1: this.#top1, timeUs };
    this.#discard();
    return report;
  }

  #discard(): void {
    this.#confidences = new Map();
    this.#pendingClass = undefined;
    this.#top1 = undefined;
  }
}
