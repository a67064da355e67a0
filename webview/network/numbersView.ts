import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { choices, Select } from '../select.ts';
import type { TensorMessage } from '../shared/messages/network.ts';
import { numberText } from './texts.ts';

/** Numbers of a plane that stand in the page. */
const MOST_NUMBERS = 4096;
/** Numbers of a single row in a line. */
const PER_LINE = 10;

/** One plane's numbers as a table, the PC's below the board's where they differ. */
export class NumbersView {
  readonly element = h('div', {});
  readonly #planes: Select;
  #plane = 0;
  #layer = -1;
  #tensor: TensorMessage | undefined;

  constructor() {
    this.#planes = new Select('tensor-plane', t('Channel'), (value) => {
      this.#plane = Number(value);
      this.#draw();
    });
  }

  show(tensor: TensorMessage): void {
    if (tensor.layer !== this.#layer) this.#plane = firstPlane(tensor);
    this.#layer = tensor.layer;
    this.#tensor = tensor;
    this.#draw();
  }

  #draw(): void {
    if (!this.#tensor) return;
    const { planes, shownPlanes, shownRows, board, pc } = this.#tensor;
    const isRow = planes.height === 1;
    const columns = Math.min(isRow ? PER_LINE : planes.width, MOST_NUMBERS);
    const size = shownRows * planes.width;
    const all = isRow ? Math.ceil(planes.width / PER_LINE) : shownRows;
    const rows = Math.min(all, Math.max(1, Math.floor(MOST_NUMBERS / columns)));
    const from = this.#plane * size;
    // a single row is counted through, in lines of ten
    const cellAt = (y: number, x: number): HTMLElement => {
      const i = isRow ? y * PER_LINE + x : y * planes.width + x;
      return i < size ? numberCell(board[from + i]!, pc?.[from + i]) : h('td', {});
    };
    const table = h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('td', {}),
          ...range(columns).map((x) => h('th', { scope: 'col' }, isRow ? `+${x}` : String(x))),
        ),
      ),
      h(
        'tbody',
        {},
        ...range(rows).map((y) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, String(isRow ? y * PER_LINE : y)),
            ...range(columns).map((x) => cellAt(y, x)),
          ),
        ),
      ),
    );
    this.#planes.update(
      choices(range(shownPlanes).map((p) => [String(p), t('Channel {0} of {1}', p + 1, planes.count)])),
      String(this.#plane),
    );
    const isCut = rows < all || shownRows < planes.height;
    this.element.replaceChildren(
      ...(planes.count > 1 ? [this.#planes.element] : []),
      h('div', { class: 'numbers', tabindex: 0, role: 'region', 'aria-label': t('Numbers') }, table),
      ...(isCut ? [h('p', { class: 'quiet' }, t('The first {0} rows.', rows))] : []),
    );
  }
}

/** The plane of the first difference, where it is shown; else the first. */
function firstPlane({ planes, shownPlanes, difference }: TensorMessage): number {
  const plane = planes.count > 1 ? (difference?.index.at(-1) ?? 0) : 0;
  return plane < shownPlanes ? plane : 0;
}

function numberCell(board: number, pc: number | undefined): HTMLElement {
  if (pc === undefined || pc === board) return h('td', {}, numberText(board));
  return h(
    'td',
    { class: 'differs', title: t('board {0}, PC {1}', numberText(board), numberText(pc)) },
    numberText(board),
    h('span', { class: 'pc' }, numberText(pc)),
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
