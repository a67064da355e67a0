import './plotBar.css';
import type { ValueControl } from '../../controls.ts';
import { h } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { choices, Select } from '../../select.ts';
import type { PlotSpan } from '../../shared/plot.ts';
import { toggle, type Toggle } from '../toggle.ts';
import { tool } from '../tool.ts';
import { numberText, type Span } from './plotScale.ts';

/** How a plot is shown; survives hiding the view. */
export interface PlotOptions {
  readonly span: PlotSpan;
  /** What the vertical axis spans; undefined: what the numbers do. */
  readonly range: Span | undefined;
  /** Series that are not drawn. */
  readonly hidden: readonly string[];
}

export const DEFAULT_PLOT: PlotOptions = {
  span: { unit: 'samples', length: 500 },
  range: undefined,
  hidden: [],
};

const SAMPLES = [100, 500, 2000, 20_000];
const SECONDS = [10, 60, 600];

export interface PlotBarOptions {
  readonly onPause: (isPaused: boolean) => void;
  readonly onSpan: (span: PlotSpan) => void;
  readonly onRange: (range: Span | undefined) => void;
  readonly onExport: () => void;
  /** What the vertical axis spans now, to begin with when it is fixed. */
  readonly range: () => Span;
}

/** How much of a plot is shown, and on what scale. */
export class PlotBar {
  readonly element: HTMLElement;
  readonly #options: PlotBarOptions;
  readonly #pause: Toggle;
  readonly #span: Select;
  readonly #scale: Select;
  readonly #low: ValueControl;
  readonly #high: ValueControl;

  constructor(options: PlotBarOptions) {
    this.#options = options;
    this.#pause = toggle('plot-pause', 'pause', t('Pause the plot'), options.onPause);
    this.#span = new Select('plot-span', t('How much is shown'), (value) => {
      const [unit, length] = value.split(' ');
      options.onSpan({ unit: unit === 'seconds' ? 'seconds' : 'samples', length: Number(length) });
    });
    this.#scale = new Select('plot-scale', t('Vertical axis'), (value) =>
      options.onRange(value === 'fixed' ? options.range() : undefined),
    );
    const field = (id: string, label: string): ValueControl =>
      h('vscode-text-field' as 'input', {
        id,
        class: 'plot-limit',
        'aria-label': label,
        title: label,
        onChange: () => this.#takeRange(),
      }) as HTMLElement as ValueControl;
    this.#low = field('plot-low', t('Lower end of the axis'));
    this.#high = field('plot-high', t('Upper end of the axis'));
    this.element = h(
      'div',
      { class: 'plot-bar', role: 'toolbar', 'aria-label': t('Plot') },
      this.#pause.element,
      this.#span.element,
      this.#scale.element,
      this.#low,
      this.#high,
      tool('plot-export', 'save', t('Export the numbers as CSV…'), options.onExport),
    );
  }

  get isPaused(): boolean {
    return this.#pause.isOn;
  }

  set isPaused(isPaused: boolean) {
    this.#pause.isOn = isPaused;
  }

  update({ span, range }: PlotOptions): void {
    this.#span.update(
      choices([
        ...SAMPLES.map((n) => [`samples ${n}`, t('{0} samples', n.toLocaleString())] as const),
        ...SECONDS.map((n) => [`seconds ${n}`, t('{0} seconds', n)] as const),
      ]),
      `${span.unit} ${span.length}`,
    );
    this.#scale.update(
      choices([
        ['auto', t('Automatic range')],
        ['fixed', t('Fixed range')],
      ]),
      range ? 'fixed' : 'auto',
    );
    this.#low.hidden = this.#high.hidden = !range;
    if (!range) return;
    this.#low.value = numberText(range.low);
    this.#high.value = numberText(range.high);
  }

  /** Takes what was typed, if it spans something. */
  #takeRange(): void {
    const [low, high] = [this.#low, this.#high].map(({ value }) =>
      value.trim() === '' ? NaN : Number(value),
    );
    const isRange = Number.isFinite(low) && Number.isFinite(high) && low! < high!;
    this.#options.onRange(isRange ? { low: low!, high: high! } : this.#options.range());
  }
}
