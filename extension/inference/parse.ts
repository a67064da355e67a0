import type { InferenceReport, PrintedReconstruction } from './report.ts';

/** Longest line kept, in bytes; of a longer one nothing is parsed. */
export const MAX_LINE = 256;
/** Most classes of one report: an output of 256 x 256. Further ones are dropped. */
export const MAX_CLASSES = 65_536;
/** Most named outputs of one report, and elements of all: as many bytes as the largest board has RAM. */
const MAX_OUTPUTS = 64;
export const MAX_ELEMENTS = 1_048_576;

const CR = 13;
const LF = 10;
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
// A reset cuts a line anywhere, so the first line after it may have the rest of another in front of it.
const CLASS = /(?<!\bref\s+)class\s*=\s*(\d{1,9})\s*$/i;
// NXP's camera examples add a label in brackets; of two that a reset put on one line the last counts.
const TOP1 = /^.*Top1\s+class\s*=\s*(\d{1,9})\s*(?:\(.*\))?\s*$/i;
const CONFIDENCE = new RegExp(`(?:^|[^A-Za-z0-9])Confidence\\s*=\\s*(${NUMBER})\\s*%?\\s*$`, 'i');
/**
 * Colours, cursor movements and other control sequences (ECMA-48 5.4). One that seems to end in a letter that reports begin
 * with may have been cut by a reset, so it stays.
 */
// eslint-disable-next-line no-control-regex -- that is what these are
const SEQUENCE = /\x1b\[[0-?]*[ -/]*(?![CcTt])[@-~]/g;
/** Fill characters, flow control, bells: a terminal shows nothing of them. */
// eslint-disable-next-line no-control-regex -- that is what these are
const CONTROL = /[\0-\x08\x0e-\x1f\x7f]/g;
/** Elements of a named output from the position on, its name as in C; behind a single one its real number. */
const ELEMENTS = /([A-Za-z_]\w*)\[(\d{1,9})\]: ?([-+.\deE][-+.\deE ]*)(?:= (-?\d+(?:\.\d+)?))? ?$/;
const NUMBERS = new RegExp(`^${NUMBER}$`);
const RECONSTRUCTION =
  /Reconstruction error = (\d{1,10})(?: \(threshold (\d{1,10})\): (normal|anomalous))? ?$/;
const TIME = new RegExp(`Inference(?:\\s+time)?\\s*=\\s*(${NUMBER})\\s*\\(?\\s*(us|ms|s)\\b`, 'i');
const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1e6 };

/** Elements of an output by index, and their real numbers. */
interface Heard {
  readonly values: Map<number, number>;
  readonly reals: Map<number, string>;
}

/** Outputs by name. */
type Elements = Map<string, Heard>;

/**
 * Reads inference reports out of a UART's bytes: `class = 7`, `Confidence = 93` for each class, `Top1 class = 7`,
 * `Inference time = 13500 (us)`. NXP's older firmware is understood too: `Confidence = 0.993`, times in ms, and the
 * kind that prints only `Top1 class`, that class' `Confidence` behind it, and the time. Outputs that are no classes come as
 * `NAME[0]: -5`, `NAME[0]: -5 = 23.45` or, large ones, `NAME[32]: 1 2 3` before the classes, or before
 * `Reconstruction error = 123 (threshold 456): normal`. A network that names the class itself (ArgMax) prints `Top1 class` and the
 * time, one without classes its outputs and the time.
 *
 * Bytes may come in any chunks, lines end in CR, LF or both, what a terminal does not show (colours, NUL) is not read, and
 * other lines are skipped. What was unfinished is discarded where a report starts anew (the board was reset, or the next inference began): at class 0, at a class number seen before,
 * and at whatever does not belong behind `Top1 class`. Takes constant memory whatever comes and never throws. A report heard
 * from its middle on lacks the first classes; class numbers are explicit, so it shows.
 */
export class ReportParser {
  #line: number[] = [];
  #tooLong = false;
  #confidences = new Map<number, number>();
  /** Further outputs heard before this report's classes, and since they began: those are of the next, if they are of any. */
  #others: Elements = new Map();
  #later: Elements = new Map();
  /** The output of the element heard last. */
  #element = '';
  #pendingClass: number | undefined;
  #top1: number | undefined;
  /** A confidence stood behind `Top1 class`: it is the only one, and that class' own. */
  #isTop1Confident = false;
  #reconstruction: PrintedReconstruction | undefined;

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
    const text = this.#tooLong ? '' : Buffer.from(this.#line).toString('latin1');
    this.#line = [];
    this.#tooLong = false;
    return text === ''
      ? undefined
      : this.#read(text.replace(SEQUENCE, '').replace(CONTROL, '').replace(/\s+/g, ' '));
  }

  #read(text: string): InferenceReport | undefined {
    const top1 = TOP1.exec(text);
    if (top1) {
      this.#endClasses(Number(top1[1]));
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
    const elements = ELEMENTS.exec(text);
    if (elements) {
      const [, name, index, list, real] = elements;
      this.#addElements(name!, Number(index), list!.trim().split(' '), real);
      return undefined;
    }
    const error = RECONSTRUCTION.exec(text);
    if (error) {
      this.#endOutputs(error);
      return undefined;
    }
    const time = TIME.exec(text);
    if (!time) return undefined;
    const timeUs = Number(time[1]) * MICROSECONDS[time[2]!.toLowerCase()]!;
    // A time alone is the tail of a report whose beginning was not heard; a network without classes prints its other outputs.
    if (!this.#hasBegun && this.#others.size === 0) return undefined;
    return this.#takeReport(Number.isFinite(timeUs) ? Math.round(timeUs) : undefined);
  }

  #beginClass(index: number): void {
    const isNew = index !== 0 && !this.#confidences.has(index);
    // `Top1 ` cut by a reset and then `class = 0` reads as `Top1 class = 0`; its confidence and the next class give it away.
    if (isNew && this.#isTop1Confident) this.#top1 = undefined;
    else if (!isNew || this.#top1 !== undefined) this.#discard();
    this.#isTop1Confident = false;
    this.#pendingClass = index;
  }

  #endClasses(top1: number): void {
    // one Top1 after the other: a reset lies between them, unless the first was only the class before this one
    if (this.#top1 !== undefined && !this.#isTop1Confident) this.#discard();
    this.#isTop1Confident = false;
    this.#pendingClass = undefined;
    this.#top1 = top1;
  }

  #addConfidence(value: number): void {
    if (this.#pendingClass === undefined && this.#top1 !== undefined) {
      // behind Top1 only firmware that prints no other: those before are of another report
      this.#confidences = new Map([[this.#top1, value]]);
      this.#isTop1Confident = true;
    } else if (this.#pendingClass !== undefined && this.#confidences.size < MAX_CLASSES) {
      this.#confidences.set(this.#pendingClass, value);
    }
    this.#pendingClass = undefined;
  }

  /** An output begins anew at its first element: what was heard of it before is of another report. */
  #addElements(name: string, index: number, texts: readonly string[], real: string | undefined): void {
    // of several numbers none has a real one; what is no number is of a line that a reset cut
    if (!texts.every((text) => NUMBERS.test(text)) || (real !== undefined && texts.length > 1)) return;
    const outputs = this.#hasBegun ? this.#later : this.#others;
    unglue(outputs, this.#element, name, index);
    this.#element = name;
    let heard = outputs.get(name);
    if (!heard || index === 0) {
      if (!heard && outputs.size >= MAX_OUTPUTS) return;
      heard = { values: new Map(), reals: new Map() };
      outputs.set(name, heard);
    }
    const room = MAX_ELEMENTS - sizeOf(this.#others) - sizeOf(this.#later);
    for (const [k, text] of texts.slice(0, Math.max(0, room)).entries()) {
      heard.values.set(index + k, Number(text));
    }
    if (real !== undefined && room > 0) heard.reals.set(index, real);
  }

  /** The line that stands behind the outputs of a network whose output is its input again. */
  #endOutputs([, error, threshold, verdict]: readonly (string | undefined)[]): void {
    // one after the other: a reset lies between them
    if (this.#reconstruction) this.#discard();
    this.#reconstruction = {
      error: Number(error),
      threshold: threshold === undefined ? undefined : Number(threshold),
      isAnomalous: verdict === undefined ? undefined : verdict === 'anomalous',
    };
  }

  #takeReport(timeUs: number | undefined): InferenceReport {
    const confidences = [...this.#confidences].map(([classIndex, value]) => ({ classIndex, value }));
    const others = [...this.#others].map(([name, { values, reals }]) => ({
      ...{ name, values },
      ...(reals.size > 0 ? { reals } : {}),
    }));
    const report = {
      ...{ confidences, top1: this.#top1, timeUs },
      ...(others.length > 0 ? { others } : {}),
      ...(this.#reconstruction ? { reconstruction: this.#reconstruction } : {}),
    };
    this.#others = new Map();
    this.#later = new Map();
    this.#discard();
    return report;
  }

  /** Something has been heard that stands behind a report's named outputs. */
  get #hasBegun(): boolean {
    return (
      this.#confidences.size > 0 ||
      this.#pendingClass !== undefined ||
      this.#top1 !== undefined ||
      this.#reconstruction !== undefined
    );
  }

  #discard(): void {
    if (this.#hasBegun) {
      this.#others = this.#later;
      this.#later = new Map();
    }
    this.#confidences = new Map();
    this.#pendingClass = undefined;
    this.#top1 = undefined;
    this.#isTop1Confident = false;
    this.#reconstruction = undefined;
  }
}

function sizeOf(outputs: Elements): number {
  let size = 0;
  for (const { values } of outputs.values()) size += values.size;
  return size;
}

/**
 * The first line of an output may stand behind the rest of a line that a reset cut (`Confboxes[0]: 7`); the second one, which
 * follows, tells its name.
 * @param index of the first element of that second line
 */
function unglue(outputs: Elements, glued: string, name: string, index: number): void {
  const heard = outputs.get(glued);
  if (index === 0 || glued === name || !glued.endsWith(name)) return;
  if (heard?.values.size !== index || !heard.values.has(0)) return;
  outputs.delete(glued);
  outputs.set(name, heard);
}
