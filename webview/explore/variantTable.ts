import './variantTable.css';
import { h } from '../dom.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { term } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import { COSTS, type Quality } from '../shared/exploration.ts';
import type { VariantRow } from '../shared/messages/explore.ts';
import { costText, plotTexts, qualityText } from './texts.ts';

interface TableActions {
  readonly onSelect: (number: number) => void;
  readonly onTake: (number: number) => void;
}

/** The variants from the best to the worst, with a button each that makes it the choice of a port. */
export class VariantTable {
  readonly element: HTMLElement;
  readonly #rows = new Map<number, HTMLElement>();

  constructor(
    rows: readonly VariantRow[],
    qualities: readonly Quality[],
    isCounted: boolean,
    actions: TableActions,
  ) {
    const texts = plotTexts(isCounted);
    const numeric = (content: Node | string, rare = false): HTMLElement =>
      h('th', { scope: 'col', class: rare ? 'numeric rare' : 'numeric' }, content);
    // where the label says it, Top1 beside float matters less
    const isRare = (q: Quality): boolean => q === 'sameTop1' && qualities.includes('accuracy');
    const body = rows.map((row) => {
      const { number, figures } = row;
      const cell = (text: string, rare = false): HTMLElement =>
        h('td', { class: rare ? 'numeric rare' : 'numeric' }, text);
      const element = h(
        'tr',
        {
          'data-variant': number,
          onClick: (event: MouseEvent) => {
            if (!(event.target as Element).closest('button')) actions.onSelect(number);
          },
        },
        h('td', { class: 'on-front' }),
        h('td', { class: 'numeric' }, String(number)),
        h(
          'th',
          { scope: 'row', class: 'words' },
          ...breakable(row.words),
          row.isChosen && h('span', { class: 'now good' }, ` ${t('chosen now')}`),
          row.why !== '' && h('span', { class: 'why bad' }, row.why),
        ),
        ...qualities.map((q) => cell(figures ? qualityText(figures, q) : '', isRare(q))),
        ...COSTS.map((c) => cell(figures ? costText(figures, c, isCounted) : '')),
        h('td', { class: 'take' }, takeButton(row, actions.onTake)),
      );
      this.#rows.set(number, element);
      return element;
    });
    this.element = scrollFrame(
      t('Variants'),
      h(
        'table',
        { class: 'variants' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, t('On the front'))),
            numeric('#'),
            h('th', { scope: 'col' }, term('quantization')),
            ...qualities.map((q) => numeric(term(q), isRare(q))),
            numeric(term('cycles', texts.costs.cycles)),
            numeric(term('flash')),
            numeric(term('ram')),
            h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, t('Use'))),
          ),
        ),
        h('tbody', {}, ...body),
      ),
    );
  }

  /** Marks what lies on the front of what is plotted. */
  showFront(front: ReadonlySet<number>): void {
    for (const [number, row] of this.#rows) {
      const cell = row.querySelector('.on-front')!;
      const isOn = front.has(number);
      cell.replaceChildren(
        ...(isOn
          ? [
              h('span', { class: 'dot', 'aria-hidden': 'true' }),
              h('span', { class: 'visually-hidden' }, t('on the front')),
            ]
          : []),
      );
    }
  }

  select(numbers: readonly number[], isFromPlot: boolean): void {
    for (const [number, row] of this.#rows) row.classList.toggle('selected', numbers.includes(number));
    if (isFromPlot) this.#rows.get(numbers[0]!)?.scrollIntoView({ block: 'nearest' });
  }
}

function takeButton(row: VariantRow, onTake: (number: number) => void): HTMLElement | false {
  if (row.isChosen) return h('span', { class: 'in-use good' }, icon('check'), t('In Use'));
  if (!row.figures) return false;
  return h(
    'button',
    {
      type: 'button',
      class: 'use',
      'aria-label': t('Use This: variant {0}, {1}', row.number, row.words),
      onClick: () => onTake(row.number),
    },
    t('Use This'),
  );
}

/** Words that may be broken behind an underscore. */
function breakable(words: string): Node[] {
  return words
    .split(/(?<=_)/)
    .flatMap((part, i) => [...(i > 0 ? [h('wbr')] : []), document.createTextNode(part)]);
}
