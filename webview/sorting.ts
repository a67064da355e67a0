import './sorting.css';
import { h } from './dom.ts';
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
  /** Longer explanation for the tooltip. */
  readonly hint?: string;
  readonly numeric: boolean;
  /** What the column sorts by; undefined sorts last. */
  readonly key: (row: Row, index: number) => number | string | undefined;
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
        { scope: 'col', class: `${column.id}${column.numeric ? ' numeric' : ''}`, title: column.hint },
        h(
          'button',
          {
            type: 'button',
            class: 'sort',
            onclick: () => {
              const isSame = this.#sort.column === column.id;
              this.#sort = { column: column.id, descending: isSame && !this.#sort.descending };
              this.#mark();
              onSort(this.#sort);
            },
          },
          h('span', {}, column.title),
          h('span', { class: 'sort-mark', 'aria-hidden': 'true' }),
        ),
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
