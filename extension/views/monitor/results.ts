import type { Result } from '../../../webview/shared/messages/monitor.ts';
import type { Translate } from '../../common/errors/sentence.ts';
import { ReportParser } from '../../inference/parse.ts';
import type { InferenceReport } from '../../inference/report.ts';
import { closenessText } from '../closenessText.ts';
import type { MonitorHost } from './host.ts';
import type { Reference } from './reference.ts';
import { resultOf, type ResultWords } from './result.ts';

/** Inference times kept for the sparkline. */
const HISTORY = 60;
/** A result is shown at most this often; a fast board prints hundreds a second. */
const RESULT_MS = 100;

/** Reads results out of what a board prints, and shows the newest one beside what the PC computes. */
export class Results {
  readonly #host: MonitorHost;
  #parser = new ReportParser();
  #times: number[] = [];
  #shown: Result | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shownAt = 0;

  constructor(host: MonitorHost) {
    this.#host = host;
  }

  /** The result on the page; undefined before the first. */
  get shown(): Result | undefined {
    return this.#shown;
  }

  /** The board was reset: what it began to print it will not end. */
  restart(): void {
    this.#parser = new ReportParser();
  }

  /** Another board or other firmware: its times are not those of before. */
  forgetTimes(): void {
    this.#times = [];
  }

  /** Takes a board's output; the newest report that it completed. */
  receive(bytes: Uint8Array): InferenceReport | undefined {
    const reports = this.#parser.push(bytes);
    reports.forEach((report) => this.#count(report));
    return reports.at(-1);
  }

  /** Shows a report that came another way than by `receive`. */
  showOther(report: InferenceReport, reference: Reference | undefined, source: string): void {
    this.#count(report);
    this.show(report, reference, source);
  }

  /**
   * Shows a result, at most ten a second, the newest one last.
   * @param source where it comes from, in words
   */
  show(report: InferenceReport, reference: Reference | undefined, source: string): void {
    const own = this.#host.labels();
    const labels = own.length > 0 ? own : (reference?.labels ?? []);
    this.#shown = resultOf(report, reference, labels, source, [...this.#times], wordsOf(this.#host.t));
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#shownAt + RESULT_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#shownAt = performance.now();
      this.#host.post({ type: 'result', result: this.#shown });
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #count({ timeUs }: InferenceReport): void {
    if (timeUs === undefined) return;
    this.#times.push(timeUs);
    this.#times.splice(0, this.#times.length - HISTORY);
  }
}

function wordsOf(t: Translate): ResultWords {
  return {
    match: t('Matches this computer'),
    top1Matches: t('Top1 is the float network’s'),
    nearlySame: t('nearly all positions are the float network’s'),
    distance: ({ steps, isFar }) =>
      isFar
        ? t('Far from float: an output is {0} of 255 steps away', steps.toFixed(0))
        : t('Near float: outputs at most {0} of 255 steps away', steps.toFixed(0)),
    differs: (n) =>
      n === 1 ? t('One class differs') : n === 0 ? t('Top1 differs') : t('{0} classes differ', String(n)),
    reconstructionDiffers: t('The reconstruction error differs'),
    closeness: (closeness) => closenessText(closeness, t),
    outputDiffers: (name, differing, elements) =>
      t('{0} of {1} values of output {2} differ', String(differing), String(elements), name),
    noPcResult: t('No result of this computer to compare with'),
  };
}
