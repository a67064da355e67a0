import { h } from '../dom.ts';
import { explained, term } from '../hint.ts';
import { t } from '../l10n.ts';
import type { Result } from '../shared/messages/monitor.ts';

/** A head of a table of values. @param name class of the column's cells */
export function columnHead(name: string, content: Node | string): HTMLElement {
  return h('th', { scope: 'col', class: name }, content);
}

/** Of the column with the real numbers that the board's stand for. */
export function realHead(name: string): HTMLElement {
  return columnHead(name, explained(t('Board'), t('The real number that the board’s stands for')));
}

/** Of the column with the numbers that the board printed. */
export function rawHead(): HTMLElement {
  return columnHead('raw', term('raw'));
}

/** Of the two columns beside the board's numbers: what the PC computes in whole numbers and in real ones. */
export function pcHeads({ pcIsFloat }: Result): HTMLElement[] {
  const inWhole = pcIsFloat
    ? explained(
        t('PC float, raw'),
        t('The float model on this computer, in the numbers that the board prints'),
      )
    : term('pcQuantized');
  return [columnHead('pc', inWhole), columnHead('pc', term('floatNetwork'))];
}
