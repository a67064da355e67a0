import './layerList.css';
import { h } from '../dom.ts';
import { integer, perSample } from '../format.ts';
import { t } from '../l10n.ts';
import type { LayerRow } from '../shared/messages/network.ts';
import { stateWord } from './texts.ts';

/** The network's layers with what they are; one is chosen by a click, or by its button with the keyboard. */
export class LayerList {
  readonly element: HTMLElement;
  readonly #body = h('tbody', {});
  readonly #onSelect: (layer: number) => void;

  constructor(onSelect: (layer: number) => void) {
    this.#onSelect = onSelect;
    const column = (text: string, numeric = false): HTMLElement =>
      h('th', { scope: 'col', class: numeric && 'numeric' }, text);
    this.element = h(
      'div',
      { class: 'layer-list' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            column('#', true),
            column(t('Layer')),
            column(t('Output')),
            column(t('Cycles'), true),
            column(t('Tensor')),
          ),
        ),
        this.#body,
      ),
    );
  }

  get isEmpty(): boolean {
    return this.#body.childElementCount === 0;
  }

  show(layers: readonly LayerRow[]): void {
    const focused = this.#body.contains(document.activeElement)
      ? document.activeElement!.closest<HTMLElement>('tr')!.dataset['layer']
      : undefined;
    this.#body.replaceChildren(...layers.map((row) => this.#row(row)));
    if (focused !== undefined) this.#rowOf(Number(focused))?.querySelector('button')?.focus();
  }

  select(layer: number): void {
    for (const row of this.#body.querySelectorAll<HTMLElement>('tr')) {
      const isChosen = row.dataset['layer'] === String(layer);
      row.classList.toggle('selected', isChosen);
      row.querySelector('button')!.setAttribute('aria-pressed', String(isChosen));
    }
  }

  #rowOf(layer: number): HTMLElement | null {
    return this.#body.querySelector(`tr[data-layer="${layer}"]`);
  }

  #row(row: LayerRow): HTMLElement {
    const { layer, name, operator, shape, cycles, state, verdict } = row;
    const select = (): void => this.#onSelect(layer);
    const gone = state === 'gone' ? ` ${t('(overwritten)')}` : '';
    return h(
      'tr',
      { 'data-layer': layer, class: state, onClick: select },
      h('td', { class: 'numeric' }, String(layer + 1)),
      h(
        'th',
        { scope: 'row' },
        h('button', { type: 'button', 'aria-pressed': 'false' }, name),
        h('span', { class: 'quiet operator' }, operator),
      ),
      h('td', {}, perSample(shape)),
      h('td', { class: 'numeric' }, cycles === undefined ? '' : integer(cycles)),
      h(
        'td',
        { class: verdict === 'differs' ? 'bad' : verdict === 'equal' ? 'good' : 'quiet' },
        stateWord(row),
        gone !== '' && h('span', { class: 'quiet' }, gone),
      ),
    );
  }
}
