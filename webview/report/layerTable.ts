import './table.css';
import './layerTable.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { ModelReport } from '../shared/report.ts';
import { integer } from '../format.ts';
import { classOf, type Sort, SortHeads } from '../sorting.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { ColumnFit } from './columnFit.ts';
import { columnsOf, type Column } from './layerColumns.ts';

/** Rows made at once; the rest follows in growing steps, so that thousands of layers do not hold up the page. */
const FIRST_ROWS = 200;
/** Rows shown until more are asked for: a page with more of them answers slowly. */
const PAGE_ROWS = 5000;

/**
 * The layer table: an ARIA grid with one row selected. Arrow keys, Home and End move the selection; the head cells are
 * buttons that sort.
 */
export class LayerTable {
  readonly element: HTMLElement;
  readonly #report: ModelReport;
  readonly #columns: readonly Column[];
  readonly #onSelect: (layer: number) => void;
  readonly #body = h('tbody');
  readonly #heads: SortHeads<ModelReport['layers'][number]>;
  readonly #rows: HTMLTableRowElement[] = [];
  /** Largest value of the columns that draw a share. */
  readonly #largest: ReadonlyMap<string, number>;
  #order: number[];
  #selected: number | undefined;
  /** How many rows of the order are shown. */
  #shown = PAGE_ROWS;
  readonly #more = h('button', {
    type: 'button',
    class: 'more-rows',
    onclick: () => this.#showUpTo(this.#shown),
  });

  constructor(
    report: ModelReport,
    options: {
      readonly sort: Sort | undefined;
      readonly onSelect: (layer: number) => void;
      readonly onSort: (sort: Sort) => void;
    },
  ) {
    this.#report = report;
    this.#columns = columnsOf(report);
    this.#onSelect = options.onSelect;
    this.#heads = new SortHeads(this.#columns, options.sort, (sort) => {
      this.#order = this.#heads.placesOf(report.layers);
      this.#fill(FIRST_ROWS);
      options.onSort(sort);
    });
    this.#order = this.#heads.placesOf(report.layers);
    this.#largest = new Map(
      this.#columns
        .filter((c) => c.share)
        .map((c) => [c.id, report.layers.reduce((n, l, i) => Math.max(n, Number(c.key(l, i) ?? 0)), 1)]),
    );
    const table = h(
      'table',
      {
        role: 'grid',
        'aria-label': t('Layers'),
        'aria-rowcount': report.layers.length + 1,
        onkeydown: (event: KeyboardEvent) => this.#onKey(event),
      },
      h('thead', {}, h('tr', {}, ...this.#heads.cells)),
      this.#body,
      this.#foot(),
    );
    const frame = scrollFrame(t('Layers'), table, this.#more);
    const fit = new ColumnFit(table, this.#columns);
    fit.observe(frame);
    this.element = h('div', { class: 'layer-table' }, frame, fit.element);
    this.#fill(FIRST_ROWS);
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  /** Marks a row and brings it into view; does not tell `onSelect`. */
  select(layer: number | undefined, focus = false): void {
    const before = this.#selected === undefined ? undefined : this.#rows[this.#selected];
    before?.setAttribute('aria-selected', 'false');
    before?.setAttribute('tabindex', '-1');
    this.#selected = layer;
    if (layer === undefined) return;
    const place = this.#order.indexOf(layer);
    if (place >= this.#shown) this.#showUpTo(place);
    const row = this.#rows[layer];
    if (!row) return;
    this.#rows[this.#order[0]!]?.setAttribute('tabindex', '-1');
    row.setAttribute('aria-selected', 'true');
    row.setAttribute('tabindex', '0');
    row.scrollIntoView({ block: 'nearest' });
    if (focus) row.focus({ preventScroll: true });
  }

  #foot(): HTMLElement | false {
    if (this.#report.layers.length < 2) return false;
    return h(
      'tfoot',
      {},
      h(
        'tr',
        {},
        ...this.#columns.map((c) =>
          h('td', { class: classOf(c) }, c.id === 'name' ? t('Total') : (c.total?.(this.#report) ?? '')),
        ),
      ),
    );
  }

  /** Shows whole pages up to a place of the order. */
  #showUpTo(place: number): void {
    this.#shown = PAGE_ROWS * (1 + Math.floor(place / PAGE_ROWS));
    this.#fill(PAGE_ROWS);
  }

  /** Makes the next rows of those shown and puts them in order; the rest of them follows in idle time. */
  #fill(count: number): void {
    const missing = this.#order.slice(0, this.#shown).filter((i) => this.#rows[i] === undefined);
    for (const i of missing.slice(0, count)) this.#rows[i] = this.#row(i);
    this.#arrange();
    if (missing.length > count) setTimeout(() => this.#fill(2 * count));
    else if (this.#selected !== undefined) this.select(this.#selected);
  }

  #arrange(): void {
    const shown = this.#order.slice(0, this.#shown);
    this.#body.replaceChildren(...shown.map((i) => this.#rows[i]).filter((row) => row !== undefined));
    const left = this.#order.length - shown.length;
    this.#more.hidden = left === 0;
    this.#more.textContent = t(
      'Show {0} More of {1} Layers',
      integer(Math.min(left, PAGE_ROWS)),
      integer(this.#order.length),
    );
  }

  #row(index: number): HTMLTableRowElement {
    const layer = this.#report.layers[index]!;
    const row = h(
      'tr',
      {
        tabindex: index === this.#order[0] && this.#selected === undefined ? 0 : -1,
        'aria-selected': 'false',
        'aria-rowindex': index + 2,
        'data-layer': index,
        onclick: () => this.#choose(index),
      },
      ...this.#columns.map((column) => {
        const text = column.text(layer, index);
        const cell = h('td', { class: classOf(column) }, text);
        if (!column.numeric) cell.title = text;
        const most = this.#largest.get(column.id);
        if (most !== undefined) {
          cell.classList.add('share');
          cell.style.setProperty(
            '--share-number',
            String((Number(column.key(layer, index) ?? 0) / most) * 100),
          );
        }
        return cell;
      }),
    );
    return row;
  }

  #choose(layer: number): void {
    this.select(layer, true);
    this.#onSelect(layer);
  }

  #onKey(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const at = this.#order.indexOf(Number(event.target.dataset.layer));
    const last = this.#order.length - 1;
    const lastShown = Math.min(last, this.#shown - 1);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lastShown, Enter: at, ' ': at }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(this.#order[Math.max(0, Math.min(last, next))]!);
  }
}
