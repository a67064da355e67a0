import './plotView.css';
import { h } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { PlotUpdate } from '../../shared/messages/monitor.ts';
import type { PlotRequest, PlotSeries } from '../../shared/plot.ts';
import { PlotBar, type PlotOptions } from './plotBar.ts';
import { drawPlot, frameOf } from './plotCanvas.ts';
import { PlotTable } from './plotTable.ts';
import { across, columnText, nearest, positions, type Span, spanOf, withRoom } from './plotScale.ts';
import { seriesStyles } from './seriesStyle.ts';

export interface PlotViewOptions {
  /** What of the plot is wanted from now on; undefined: nothing. */
  readonly onRequest: (request: PlotRequest | undefined) => void;
  /** An update is on screen. */
  readonly onDrawn: () => void;
  readonly onExport: () => void;
  readonly onOptions: (options: PlotOptions) => void;
}

/** Series shown in the words of the cursor: a screen reader reads them all. */
const MOST_SPOKEN = 8;

/** The plot of the numbers in the log's lines: drawing, table and choices. The host sends what fits on it, and the page draws that. */
export class PlotView {
  readonly element: HTMLElement;
  readonly #callbacks: PlotViewOptions;
  readonly #bar: PlotBar;
  readonly #table: PlotTable;
  readonly #canvas = h('canvas', { class: 'plot-canvas' });
  readonly #slider: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #note: HTMLElement;
  readonly #hidden: Set<string>;
  #options: PlotOptions;
  #last: PlotUpdate | undefined;
  /** How far to the right the cursor is, 0 to 1; undefined for none. */
  #cursor: number | undefined;
  #end: number | undefined;
  #requested = '';
  #willDraw = false;

  constructor(options: PlotOptions, callbacks: PlotViewOptions) {
    this.#options = options;
    this.#callbacks = callbacks;
    this.#hidden = new Set(options.hidden);
    this.#bar = new PlotBar({
      onPause: (isPaused) => this.#setPaused(isPaused),
      onSpan: (span) => this.#set({ span }),
      onRange: (range) => this.#set({ range }),
      onExport: callbacks.onExport,
      range: () => this.#range(),
    });
    this.#table = new PlotTable(this.#hidden, () => this.#set({ hidden: [...this.#hidden] }));
    this.#slider = h(
      'div',
      {
        class: 'plot-area',
        id: 'plot-area',
        role: 'slider',
        tabindex: '0',
        'aria-label': t('Plot: arrow keys move the cursor'),
        'aria-valuemin': 0,
        'aria-valuemax': 0,
        'aria-valuenow': 0,
        onPointermove: (e: PointerEvent) => this.#pointAt(e),
        onPointerleave: () => this.#setCursor(undefined),
        onKeydown: (e: KeyboardEvent) => this.#onKey(e),
      },
      this.#canvas,
    );
    this.#empty = h(
      'div',
      { class: 'plot-empty quiet' },
      t(
        'Numbers in lines are drawn here: “name: value”, “name=value”, or numbers separated by commas, tabs or blanks.',
      ),
    );
    this.#note = h('div', { class: 'plot-note quiet', role: 'status' });
    this.element = h(
      'section',
      { class: 'plot', 'aria-label': t('Plot'), hidden: true },
      this.#bar.element,
      h('div', { class: 'plot-body' }, this.#slider, this.#empty, this.#table.element),
      this.#note,
    );
    new ResizeObserver(() => this.#changed()).observe(this.#slider);
    new MutationObserver(() => this.#draw()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['style', 'class'],
    });
    this.#bar.update(options);
  }

  /** Shows or hides it; while it is hidden nothing is asked for. */
  show(isShown: boolean): void {
    this.element.hidden = !isShown;
    this.#changed();
  }

  focus(): void {
    this.#slider.focus();
  }

  update(update: PlotUpdate): void {
    if (this.#last && this.#last.generation !== update.generation) this.#resume();
    this.#last = update;
    this.#draw();
  }

  #set(change: Partial<PlotOptions>): void {
    this.#options = { ...this.#options, ...change };
    this.#bar.update(this.#options);
    this.#callbacks.onOptions(this.#options);
    this.#changed();
  }

  #setPaused(isPaused: boolean): void {
    if (!isPaused) return this.#resume();
    this.#end = this.#last?.to;
    this.#changed();
  }

  #resume(): void {
    this.#bar.isPaused = false;
    this.#end = undefined;
    this.#changed();
  }

  /** Draws what there is, and asks for what is wanted now. */
  #changed(): void {
    const { width } = this.#slider.getBoundingClientRect();
    const frame = frameOf(width, 0);
    const columns = Math.max(1, Math.round(frame.right - frame.left));
    const { span } = this.#options;
    const request = this.element.hidden ? undefined : { span, columns, end: this.#end };
    const key = JSON.stringify(request);
    if (key !== this.#requested) {
      this.#requested = key;
      this.#callbacks.onRequest(request);
    }
    this.#draw();
  }

  #draw(): void {
    if (this.#willDraw || this.element.hidden) return;
    this.#willDraw = true;
    requestAnimationFrame(() => {
      this.#willDraw = false;
      this.#drawNow();
      this.#callbacks.onDrawn();
    });
  }

  #drawNow(): void {
    const update = this.#last;
    if (!update) return;
    const hasSamples = update.count > 0;
    this.#empty.hidden = hasSamples;
    this.#slider.hidden = this.#table.element.hidden = !hasSamples;
    const note = update.hasMoreNames
      ? t('More names came than are drawn: the first {0} are.', update.series.length)
      : '';
    if (this.#note.textContent !== note) this.#note.textContent = note;
    this.#note.hidden = note === '';
    const styles = seriesStyles(update.series.length);
    const { span } = this.#options;
    const at = positions(update, span.unit);
    const x = across(at, update, span);
    const cursor = this.#cursorColumn(at, x);
    this.#table.update(update.series, styles, cursor);
    this.#tell(update, at, cursor);
    const { width, height } = this.#slider.getBoundingClientRect();
    if (width < 40 || height < 40) return;
    drawPlot(this.#canvas, width, height, {
      at,
      x,
      y: this.#range(),
      unit: span.unit === 'seconds' ? ' s' : '',
      series: update.series
        .map((data, i) => ({ data, style: styles[i]! }))
        .filter(({ data }) => !this.#hidden.has(data.name)),
      cursor,
    });
  }

  #shown(): readonly PlotSeries[] {
    return this.#last?.series.filter(({ name }) => !this.#hidden.has(name)) ?? [];
  }

  /** What the vertical axis spans. */
  #range(): Span {
    return this.#options.range ?? withRoom(spanOf(this.#shown()));
  }

  #cursorColumn(at: Float64Array, { low, high }: Span): number | undefined {
    if (this.#cursor === undefined || at.length === 0) return undefined;
    return nearest(at, low + this.#cursor * (high - low));
  }

  /** Says where the cursor is, and what is there. */
  #tell(update: PlotUpdate, at: Float64Array, cursor: number | undefined): void {
    const column = cursor ?? at.length - 1;
    const sample = update.samples[column] ?? 0;
    const values = this.#shown()
      .slice(0, MOST_SPOKEN)
      .map((series) => `${series.name} ${columnText(series, column)}`);
    const texts = {
      'aria-valuemin': update.from,
      'aria-valuemax': Math.max(update.from, update.to - 1),
      'aria-valuenow': sample,
      'aria-valuetext': t('Sample {0}: {1}', sample, values.join(', ')),
    };
    // without the cursor that would be read anew with each sample
    if (cursor === undefined) texts['aria-valuetext'] = t('{0} samples', update.count);
    for (const [name, text] of Object.entries(texts)) this.#slider.setAttribute(name, String(text));
  }

  #pointAt(event: PointerEvent): void {
    const box = this.#slider.getBoundingClientRect();
    const { left, right } = frameOf(box.width, box.height);
    const part = (event.clientX - box.left - left) / (right - left);
    this.#setCursor(part < -0.02 || part > 1.02 ? undefined : Math.max(0, Math.min(1, part)));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const update = this.#last;
    if (event.key === 'Escape') return this.#setCursor(undefined);
    if (!update || update.samples.length === 0) return;
    const last = update.samples.length - 1;
    const page = Math.max(1, Math.round(last / 10));
    const at = positions(update, this.#options.span.unit);
    const x = across(at, update, this.#options.span);
    const now = this.#cursorColumn(at, x) ?? last;
    const keys: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1 },
      ...{ PageUp: now + page, PageDown: now - page, Home: 0, End: last },
    };
    const to = keys[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const column = Math.max(0, Math.min(last, to));
    this.#setCursor((at[column]! - x.low) / (x.high - x.low));
  }

  #setCursor(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.#draw();
  }
}
