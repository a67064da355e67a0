import './plotTable.css';
import { h, svg } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { PlotSeries } from '../../shared/plot.ts';
import { columnText, numberText, spanOf } from './plotScale.ts';
import { markerPath, type SeriesStyle } from './seriesStyle.ts';

interface Row {
  readonly element: HTMLTableRowElement;
  readonly toggle: HTMLButtonElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/** The plot's legend and its numbers in one: a row a series, with a button that shows or hides it. */
export class PlotTable {
  readonly element: HTMLElement;
  readonly #body = h('tbody');
  readonly #valueHead = h('th', { scope: 'col' });
  readonly #rows = new Map<string, Row>();
  readonly #hidden: Set<string>;
  readonly #onHidden: () => void;

  /** @param hidden names of series that are not drawn, kept by who draws */
  constructor(hidden: Set<string>, onHidden: () => void) {
    this.#hidden = hidden;
    this.#onHidden = onHidden;
    const head = h(
      'tr',
      {},
      h('th', { scope: 'col' }, t('Series')),
      this.#valueHead,
      h('th', { scope: 'col', class: 'extreme' }, t('Min')),
      h('th', { scope: 'col', class: 'extreme' }, t('Max')),
    );
    this.element = h(
      'div',
      { class: 'plot-table', role: 'region', 'aria-label': t('Numbers of the plot'), tabindex: '0' },
      h('table', {}, h('thead', {}, head), this.#body),
    );
  }

  /** @param column under the cursor; undefined: the newest numbers are shown */
  update(series: readonly PlotSeries[], styles: readonly SeriesStyle[], column: number | undefined): void {
    setText(this.#valueHead, column === undefined ? t('Last') : t('At cursor'));
    const names = new Set(series.map(({ name }) => name));
    for (const [name, row] of this.#rows) {
      if (names.has(name)) continue;
      row.element.remove();
      this.#rows.delete(name);
    }
    series.forEach((one, i) => {
      const row = this.#rows.get(one.name) ?? this.#add(one.name);
      const isShown = !this.#hidden.has(one.name);
      row.element.classList.toggle('off', !isShown);
      row.toggle.setAttribute('aria-pressed', String(isShown));
      const swatch = row.toggle.querySelector('svg')!;
      const key = JSON.stringify(styles[i]);
      if (swatch.getAttribute('data-style') !== key) {
        const made = swatchOf(styles[i]!);
        made.setAttribute('data-style', key);
        swatch.replaceWith(made);
      }
      const span = spanOf([one]);
      const texts = [
        column === undefined ? numberText(one.last) : columnText(one, column),
        numberText(span?.low ?? NaN),
        numberText(span?.high ?? NaN),
      ];
      row.cells.forEach((cell, k) => setText(cell, texts[k]!));
    });
  }

  #add(name: string): Row {
    const toggle = h(
      'button',
      {
        class: 'plot-series',
        type: 'button',
        title: name,
        onClick: () => {
          if (!this.#hidden.delete(name)) this.#hidden.add(name);
          this.#onHidden();
        },
      },
      svg('svg'),
      h('span', { class: 'plot-name' }, name),
    );
    const cells = [h('td'), h('td', { class: 'extreme' }), h('td', { class: 'extreme' })];
    const element = h('tr', {}, h('th', { scope: 'row' }, toggle), ...cells);
    this.#body.append(element);
    const row = { element, toggle, cells };
    this.#rows.set(name, row);
    return row;
  }
}

/** A piece of a series' line, with its marker. */
function swatchOf({ colour, dash, marker }: SeriesStyle): SVGSVGElement {
  return svg(
    'svg',
    { width: 26, height: 10, viewBox: '-13 -5 26 10', 'aria-hidden': 'true' },
    svg('path', {
      d: 'M-13 0H13',
      stroke: colour,
      'stroke-width': 2,
      fill: 'none',
      'stroke-dasharray': dash.join(' ') || 'none',
    }),
    svg('path', { d: markerPath(marker, 3.2), fill: colour }),
  );
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
