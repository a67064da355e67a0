import { h } from '../dom.ts';
import { t } from '../l10n.ts';

/** What it needs to know of a column. */
interface RankedColumn {
  readonly title: string;
  /** The largest rank is left out first; a column without one never is. */
  readonly rank?: number;
}

/**
 * Fits a table to its place: where that is narrow, columns are left out by their rank (`rank-2` on their cells), and a line says which, with
 * a button that brings them all back, to be scrolled to.
 */
export class ColumnFit {
  /** The line. */
  readonly element = h('div', { class: 'column-fit', hidden: true });
  readonly #table: HTMLTableElement;
  readonly #columns: readonly RankedColumn[];
  /** From the one that is left out first. */
  readonly #ranks: readonly number[];
  readonly #said = h('span', { class: 'quiet' });
  readonly #button: HTMLButtonElement;
  #place: HTMLElement | undefined;
  #showsAll = false;

  constructor(table: HTMLTableElement, columns: readonly RankedColumn[]) {
    this.#table = table;
    this.#columns = columns;
    const ranks = columns.map((c) => c.rank).filter((rank) => rank !== undefined);
    this.#ranks = [...new Set(ranks)].sort((a, b) => b - a);
    this.#button = h('button', {
      type: 'button',
      class: 'link',
      onclick: () => {
        this.#showsAll = !this.#showsAll;
        this.#fit();
      },
    });
    this.element.append(this.#said, this.#button);
  }

  /** Fits it to the width of an element from now on. */
  observe(place: HTMLElement): void {
    this.#place = place;
    let width = -1;
    new ResizeObserver(() => {
      if (place.clientWidth === width) return;
      width = place.clientWidth;
      this.#fit();
    }).observe(place);
  }

  #fit(): void {
    const place = this.#place;
    if (!place || place.clientWidth === 0) return;
    const isWide = (): boolean => this.#table.scrollWidth > place.clientWidth + 1;
    for (const rank of this.#ranks) this.#table.classList.remove(`without-${rank}`);
    const isTooWide = isWide();
    const left = new Set<number>();
    for (const rank of this.#ranks) {
      if (this.#showsAll || !isWide()) break;
      left.add(rank);
      this.#table.classList.add(`without-${rank}`);
    }
    this.element.hidden = !isTooWide;
    const names = this.#columns.filter((c) => c.rank !== undefined && left.has(c.rank)).map((c) => c.title);
    this.#said.textContent = names.length > 0 ? t('Not shown: {0}', names.join(', ')) : '';
    this.#button.textContent = this.#showsAll ? t('Fit Columns to the Width') : t('Show All Columns');
  }
}
