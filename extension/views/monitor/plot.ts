import type { PlotUpdate } from '../../../webview/shared/messages/monitor.ts';
import { checkedRequest, type PlotRequest } from '../../../webview/shared/plot.ts';
import { LineValues } from '../../serial/plot/lineValues.ts';
import { plotCsv } from '../../serial/plot/plotCsv.ts';
import { plotWindow } from '../../serial/plot/plotWindow.ts';
import { PlotSamples } from '../../serial/plot/samples.ts';
import type { LineSource } from '../../serial/search/lineSource.ts';
import { Pace } from './pace.ts';

/** Lines that are read between two updates: those of a UART at full rate many times over. */
const MOST_LINES = 5000;

/** The plot of the numbers in a log's lines. Nothing is read while nobody looks; then the lines that the log still has are. */
export class MonitorPlot {
  readonly #lines: LineSource;
  readonly #post: (message: PlotUpdate) => void;
  readonly #pace = new Pace(() => this.#send());
  readonly #samples = new PlotSamples();
  #values = new LineValues();
  #request: PlotRequest | undefined;
  #next = 0;
  /** The last line read goes on in the next one: longer than any line of a log it is no sample, nor is the rest of it. */
  #isBroken = false;
  #generation: number;

  constructor(lines: LineSource, post: (message: PlotUpdate) => void) {
    this.#lines = lines;
    this.#post = post;
    this.#generation = lines.generation;
  }

  /** A page shows this part of the plot now. Answers at once. */
  setRequest(request: PlotRequest | undefined): void {
    this.#request = checkedRequest(request);
    if (this.#request) this.#pace.now();
    else this.#pace.stop();
  }

  /** The log has changed. */
  touch(): void {
    this.#pace.touch();
  }

  drawn(): void {
    this.#pace.drawn();
  }

  /** Nobody looks: nothing is sent until setRequest. */
  hide(): void {
    this.setRequest(undefined);
  }

  /** All samples that are kept, as CSV. */
  csv(): string {
    while (this.#read());
    return plotCsv(this.#samples);
  }

  /** Reads lines that are new; whether more are left. */
  #read(): boolean {
    const { generation, closed } = this.#lines;
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#next = 0;
      this.#values = new LineValues();
      this.#samples.clear();
    }
    const to = Math.min(closed, Math.max(this.#next, this.#lines.first) + MOST_LINES);
    for (const line of this.#lines.slice(this.#next, to)) {
      const isWhole = !line.isNote && !line.continues && !this.#isBroken;
      if (isWhole) this.#samples.add(this.#values.read(line.text), line.timeMs);
      this.#isBroken = line.continues;
    }
    this.#next = to;
    return to < closed;
  }

  #send(): void {
    if (!this.#request) return;
    if (this.#read()) this.#pace.touch();
    const { span, columns, end } = this.#request;
    const { first, count, hasMoreNames } = this.#samples;
    this.#post({
      type: 'plot',
      generation: this.#generation,
      first,
      count,
      hasMoreNames,
      ...plotWindow(this.#samples, span, columns, end),
    });
  }
}
