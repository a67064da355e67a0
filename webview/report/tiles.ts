import './tiles.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';

/** One number with its name, and a line on where it comes from. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  /** Says that it is as it should be, or is not. */
  readonly mark?: 'good' | 'bad';
}

export function tiles(list: readonly Tile[]): HTMLElement {
  return h(
    'dl',
    { class: 'tiles' },
    ...list.map((tile) =>
      h(
        'div',
        { class: 'tile' },
        h('dt', {}, tile.name),
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
}
