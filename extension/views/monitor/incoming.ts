import path from 'node:path';
import type { PortDescription } from '../../serial/port.ts';
import type { InferenceReport } from '../../inference/report.ts';
import { hasAllOf } from '../../workflow/compare/compare.ts';
import { Recorder } from '../../serial/recorder.ts';
import type { Encoding } from '../../../webview/shared/portSettings.ts';
import { FileLogging } from './fileLogging.ts';
import type { MonitorHost } from './host.ts';
import { MonitorLog } from './log.ts';
import { MonitorPlot } from './plot.ts';
import type { Reference } from './reference.ts';
import { Results } from './results.ts';

/** Whether a report has what its network prints: one that lacks it is the end of another, whose beginning was not heard. */
function isWhole(report: InferenceReport, reference: Reference | undefined): boolean {
  if (report.confidences.length > 0) return true;
  if (!reference?.pc) return reference?.output.type === 'index32' || report.others !== undefined;
  return hasAllOf(report, reference.pc);
}

/** What comes from a board: shown in the log, recorded whole, and read for results. */
export class Incoming {
  readonly log: MonitorLog;
  readonly plot: MonitorPlot;
  readonly fileLogging: FileLogging;
  readonly results: Results;
  readonly #host: MonitorHost;
  readonly #recorder: Recorder;
  /** The log is no longer empty, or is again. */
  readonly #changed: () => void;

  constructor(
    host: MonitorHost,
    on: { readonly changed: () => void; readonly failed: (error: unknown) => void },
  ) {
    this.#host = host;
    this.#changed = on.changed;
    this.log = new MonitorLog(host.defaults().maxLines, (message) => host.post(message));
    this.plot = new MonitorPlot(this.log.lines, (message) => host.post(message));
    this.results = new Results(host);
    this.#recorder = new Recorder(host.recordFile, on.failed);
    this.fileLogging = new FileLogging(host, {
      changed: (file) => this.#tellLogging(file),
      failed: on.failed,
    });
  }

  /** Takes what a connected port received. */
  receive(bytes: Uint8Array, port: PortDescription | undefined): void {
    this.take(bytes);
    const report = this.results.receive(bytes);
    if (!report || !port) return;
    const reference = this.#host.references.behind(port, report, this.#host.selectedBoard());
    if (!isWhole(report, reference)) return;
    this.results.show(report, reference, port.label);
  }

  /** Takes bytes into log and record only. */
  take(bytes: Uint8Array): void {
    const wasEmpty = this.log.received === 0;
    const now = Date.now();
    this.log.push(bytes, now);
    this.plot.touch();
    this.#recorder.push(bytes);
    this.fileLogging.push(bytes, now);
    if (wasEmpty && bytes.length > 0) this.#changed();
  }

  /** The port was closed: what the last bytes began is over. */
  end(): void {
    this.log.end(Date.now());
    this.fileLogging.endLine(Date.now());
  }

  /** From now on bytes are text in this encoding. */
  setEncoding(encoding: Encoding): void {
    this.log.setEncoding(encoding, Date.now());
    this.fileLogging.setEncoding(encoding, Date.now());
  }

  /** Shows what was sent; record and files have received bytes only. */
  sent(text: string): void {
    this.log.sent(text, Date.now());
  }

  /** A remark of ours among the lines. */
  note(text: string): void {
    this.log.note(text, Date.now());
  }

  /** Takes what another run has printed as a whole, below a remark that says so: it is no part of the lines around it. */
  takeRun(remark: string, uart: Uint8Array): void {
    this.end();
    this.note(remark);
    this.take(uart);
    this.end();
  }

  async clear(): Promise<void> {
    this.log.clear();
    this.plot.touch();
    this.#changed();
    await this.#recorder.clear();
  }

  /** Saves every byte received since the last clear; resolves to how many. */
  save(file: string): Promise<number> {
    return this.#recorder.save(file);
  }

  /** Nobody looks at the page now. */
  hide(): void {
    this.log.hide();
    this.plot.hide();
  }

  async dispose(): Promise<void> {
    this.results.dispose();
    this.plot.hide();
    this.log.dispose();
    await this.fileLogging.stop();
    await this.#recorder.dispose();
  }

  #tellLogging(file: string): void {
    const { t } = this.#host;
    const name = path.basename(file);
    this.note(
      this.fileLogging.file === undefined
        ? t('Logging to {0} has ended', name)
        : t('Logging to {0} from here on', name),
    );
    this.#changed();
  }
}
