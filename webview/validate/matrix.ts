import './matrix.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { integer } from '../report/format.ts';
import type { Confusion } from '../shared/validation.ts';

/** A cell of the matrix: places in the classes. */
export interface Cell {
  readonly actual: number;
  readonly predicted: number;
}

/** More classes than this stand closer. */
const MANY_CLASSES = 16;
/** Longer names of more classes than a few stand upright above their columns. */
const LONG_NAME = 4;
const FEW_CLASSES = 5;
/** Width of a digit, and of what is around the number of a cell, in pixels. */
const DIGIT = 7.5;
const AROUND = 10;

/**
 * The confusion matrix as a heat map: rows are what the labels say, columns what the board answered. One cell takes part in the order of the tab
 * key; arrow keys, Home, End and Page Up and Down go on from there.
 */
export class ConfusionMatrix {
  readonly element: HTMLElement;
  readonly #classes: number;
  readonly #cells: readonly (readonly HTMLButtonElement[])[];
  readonly #onSelect: (cell: Cell) => void;
  /** What the tab key comes to. */
  #current: Cell;
  #selected: Cell | undefined;

  constructor({ classes, matrix }: Confusion, onSelect: (cell: Cell) => void) {
    this.#classes = classes.length;
    this.#onSelect = onSelect;
    const most = matrix.reduce((n, row) => row.reduce((a, b) => Math.max(a, b), n), 0);
    const worst = mostWrong(matrix);
    this.#cells = matrix.map((row, actual) => {
      const sum = row.reduce((a, b) => a + b, 0);
      return row.map((count, predicted) =>
        // few are what matters off the diagonal: they are held to the most of them, not to all
        cellButton(classes, { actual, predicted }, count, actual === predicted ? sum : worst.count),
      );
    });
    this.#current = worst;
    this.#cellAt(this.#current)?.setAttribute('tabindex', '0');
    const isMany = classes.length > MANY_CLASSES;
    const isLong = classes.length > FEW_CLASSES && classes.some((name) => name.length > LONG_NAME);
    const head = (name: string, scope: 'col' | 'row'): HTMLElement =>
      h('th', { scope, title: name }, h('span', {}, name));
    const table = h(
      'table',
      {
        class: `matrix${isMany ? ' many' : ''}${isLong ? ' long' : ''}`,
        'aria-label': t('Confusion matrix'),
      },
      h('thead', {}, h('tr', {}, h('td'), ...classes.map((name) => head(name, 'col')))),
      h(
        'tbody',
        {},
        ...this.#cells.map((row, actual) =>
          h('tr', {}, head(classes[actual]!, 'row'), ...row.map((button) => h('td', {}, button))),
        ),
      ),
    );
    table.style.setProperty(
      '--cell',
      `${Math.max(isMany ? 24 : 32, Math.ceil(integer(most).length * DIGIT + AROUND))}px`,
    );
    table.addEventListener('click', (event) => this.#choose(cellOf(event.target)));
    table.addEventListener('keydown', (event) => this.#onKey(event));
    this.element = h(
      'div',
      { class: 'matrix-frame' },
      h('div', { class: 'matrix-axis predicted', 'aria-hidden': 'true' }, t('The board answers')),
      h('div', { class: 'matrix-axis actual', 'aria-hidden': 'true' }, t('The label says')),
      h('div', { class: 'matrix-scroll' }, table),
    );
  }

  /** Marks a cell; does not tell `onSelect`. @returns false when there is no such cell */
  select(cell: Cell): boolean {
    const button = this.#cellAt(cell);
    if (!button) return false;
    if (this.#selected) this.#cellAt(this.#selected)?.setAttribute('aria-pressed', 'false');
    this.#selected = cell;
    button.setAttribute('aria-pressed', 'true');
    this.#makeCurrent(cell);
    return true;
  }

  #cellAt({ actual, predicted }: Cell): HTMLButtonElement | undefined {
    return this.#cells[actual]?.[predicted];
  }

  #makeCurrent(cell: Cell): void {
    this.#cellAt(this.#current)?.setAttribute('tabindex', '-1');
    this.#current = cell;
    this.#cellAt(cell)?.setAttribute('tabindex', '0');
  }

  #choose(cell: Cell | undefined): void {
    if (cell && this.select(cell)) this.#onSelect(cell);
  }

  #onKey(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const { actual, predicted } = cell;
    const last = this.#classes - 1;
    const to: Readonly<Record<string, Cell>> = {
      ArrowRight: { actual, predicted: Math.min(last, predicted + 1) },
      ArrowLeft: { actual, predicted: Math.max(0, predicted - 1) },
      ArrowDown: { actual: Math.min(last, actual + 1), predicted },
      ArrowUp: { actual: Math.max(0, actual - 1), predicted },
      Home: { actual, predicted: 0 },
      End: { actual, predicted: last },
      PageUp: { actual: 0, predicted },
      PageDown: { actual: last, predicted },
    };
    const next = Object.hasOwn(to, event.key) ? to[event.key] : undefined;
    if (!next) return;
    event.preventDefault();
    this.#makeCurrent(next);
    this.#cellAt(next)?.focus();
  }
}

/** @param full the count that has the full colour */
function cellButton(
  classes: readonly string[],
  { actual, predicted }: Cell,
  count: number,
  full: number,
): HTMLButtonElement {
  const isRight = actual === predicted;
  const words = isRight
    ? t('{0} taken for {0}: {1}', classes[actual]!, integer(count))
    : t('{0} taken for {1}: {2}', classes[actual]!, classes[predicted]!, integer(count));
  const button = h(
    'button',
    {
      type: 'button',
      class: `${isRight ? 'right' : 'wrong'}${count === 0 ? ' none' : ''}`,
      tabindex: -1,
      'aria-pressed': 'false',
      'aria-label': words,
      title: words,
      'data-actual': actual,
      'data-predicted': predicted,
    },
    count === 0 ? '' : integer(count),
  );
  // the root makes small counts show
  if (count > 0) button.style.setProperty('--heat', String(Math.sqrt(count / full)));
  return button;
}

function cellOf(target: EventTarget | null): Cell | undefined {
  const button = (target as Element | null)?.closest<HTMLElement>('button[data-actual]');
  return button
    ? { actual: Number(button.dataset['actual']), predicted: Number(button.dataset['predicted']) }
    : undefined;
}

/** Where most samples went wrong; the first cell where none did. */
function mostWrong(matrix: Confusion['matrix']): Cell & { readonly count: number } {
  let best = { actual: 0, predicted: 0, count: 0 };
  matrix.forEach((row, actual) =>
    row.forEach((count, predicted) => {
      if (actual !== predicted && count > best.count) best = { actual, predicted, count };
    }),
  );
  return best;
}
