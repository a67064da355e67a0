import './tiles.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { term } from '../hint.ts';
import type { TermId } from '../shared/glossary.ts';

/** One number with its name, and a line on where it comes from. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  /** The word of the glossary that it is. */
  readonly word?: TermId;
  /** Says that it is as it should be, or is not. */
  readonly mark?: 'good' | 'bad';
}

/** Tiles in one row, or as many in each of a few where there is less room. */
export function tiles(list: readonly Tile[]): HTMLElement {
  const element = h(
    'dl',
    { class: 'tiles' },
    ...list.map((tile) =>
      h(
        'div',
        { class: 'tile' },
        h('dt', {}, tile.word ? term(tile.word, tile.name) : tile.name),
        h(
          'dd',
          { class: 'tile-value' },
          tile.mark && h('span', { class: tile.mark }, icon(tile.mark === 'good' ? 'check' : 'error')),
          tile.value,
        ),
        h('dd', { class: 'tile-note quiet', title: tile.note }, tile.note),
      ),
    ),
  );
  for (const rows of [1, 2, 3]) {
    element.style.setProperty(`--columns-${rows}`, String(columnsFor(list.length, rows)));
  }
  return element;
}

/** How many tiles are in a row so that about so many rows take all, and the last has more than one of them. */
function columnsFor(count: number, rows: number): number {
  let columns = Math.max(1, Math.ceil(count / rows));
  while (columns < count && (columns === 1 || count % columns === 1)) columns++;
  return columns;
}
