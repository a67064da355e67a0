import './problemList.css';
import type { RefusedReport } from '../shared/report.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { icon } from '../icons.ts';

/** The nodes that are refused, each a button that selects it. */
export class ProblemList {
  readonly element: HTMLElement;
  readonly #buttons: readonly HTMLElement[];

  constructor({ problems, problemCount }: RefusedReport, onSelect: (row: number) => void) {
    this.#buttons = problems.map(({ label, why, needed }, row) =>
      h(
        'button',
        {
          type: 'button',
          class: 'problem',
          'aria-pressed': 'false',
          onclick: () => {
            this.select(row);
            onSelect(row);
          },
        },
        h('span', { class: 'bad' }, icon('error')),
        h(
          'span',
          { class: 'problem-text' },
          h('span', { class: 'problem-node' }, label, ' '),
          h('span', {}, why),
          needed === '' ? false : h('span', { class: 'quiet' }, needed),
        ),
      ),
    );
    const rest = problemCount - problems.length;
    this.element = h(
      'section',
      { class: 'problems', 'aria-label': t('What is not supported') },
      h('h2', {}, t('What is not supported'), ' ', h('span', { class: 'quiet' }, String(problemCount))),
      h('ul', {}, ...this.#buttons.map((button) => h('li', {}, button))),
      rest > 0 && h('p', { class: 'quiet' }, t('{0} more are not listed.', String(rest))),
    );
  }

  /** Marks a row and brings it into view. */
  select(row: number): void {
    this.#buttons.forEach((button, k) => button.setAttribute('aria-pressed', String(k === row)));
    this.#buttons[row]?.scrollIntoView({ block: 'nearest' });
  }
}
