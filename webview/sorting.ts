import './sorting.css';
import { h } from './dom.ts';
import { hint } from './hint.ts';
import { icon } from './icons.ts';

/** What a table is sorted by. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** A column that a table can be sorted by. */
export interface SortColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Its place among those that are left out where there is little room; a class of its cells (report/columnFit.ts). */
  readonly rank?: number;
  /** What its values are measured in, below the title. */
  readonly unit?: string;
  /** Longer explanation for the tooltip. */
  readonly hint?: string;
  readonly numeric: boolean;
  /** What the column sorts by; undefined sorts last. */
  readonly key: (row: Row, index: number) => number | string | undefined;
}

/** Classes of a column's cells. */
export function classOf({ id, numeric, rank }: Pick<SortColumn<never>, 'id' | 'numeric' | 'rank'>): string {
  return [id, numeric && 'numeric', rank !== undefined && `rank-${rank}`].filter(Boolean).join(' ');
}

/** Places of the rows in the order of a column; those that are equal in it stay as they are. */
function sortedPlaces<Row>(rows: readonly Row[], { key }: SortColumn<Row>, descending: boolean): number[] {
  const direction = descending ? -1 : 1;
  return rows
    .map((row, i) => [key(row, i), i] as const)
    .sort(([x, a], [y, b]) => {
      if (x === y) return a - b;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      return (x < y ? -1 : 1) * direction;
    })
    .map(([, i]) => i);
}

function sortButton<Row>({ title, unit, hint: words }: SortColumn<Row>, onclick: () => void): HTMLElement {
  const button = h(
    'button',
    { type: 'button', class: 'sort', onclick },
    h('span', {}, title),
    h('span', { class: 'sort-mark', 'aria-hidden': 'true' }),
    unit !== undefined && h('span', { class: 'unit' }, unit),
  );
  return words === undefined ? button : hint(button, words);
}

/** The head cells of a table: a button each, that sorts by its column, and the other way when it does so already. */
export class SortHeads<Row> {
  readonly cells: readonly HTMLElement[];
  readonly #columns: readonly SortColumn<Row>[];
  #sort: Sort;

  /** @param sort what was chosen before; a column that is not there any more counts as the first one */
  constructor(columns: readonly SortColumn<Row>[], sort: Sort | undefined, onSort: (sort: Sort) => void) {
    this.#columns = columns;
    this.#sort =
      sort && columns.some((c) => c.id === sort.column)
        ? sort
        : { column: columns[0]!.id, descending: false };
    this.cells = columns.map((column) =>
      h(
        'th',
        { scope: 'col', class: classOf(column) },
        sortButton(column, () => {
          const isSame = this.#sort.column === column.id;
          this.#sort = { column: column.id, descending: isSame && !this.#sort.descending };
          this.#mark();
          onSort(this.#sort);
        }),
      ),
    );
    this.#mark();
  }

  /** Places of the rows in the order that is chosen. */
  placesOf(rows: readonly Row[]): number[] {
    const column = this.#columns.find((c) => c.id === this.#sort.column)!;
    return sortedPlaces(rows, column, this.#sort.descending);
  }

  #mark(): void {
    const { column, descending } = this.#sort;
    this.#columns.forEach(({ id }, i) => {
      const cell = this.cells[i]!;
      if (id === column) cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
      cell
        .querySelector('.sort-mark')!
        .replaceChildren(...(id === column ? [icon(descending ? 'descending' : 'ascending')] : []));
    });
  }
}
