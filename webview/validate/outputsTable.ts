import '../report/table.css';
import './outputsTable.css';
import { h } from '../dom.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { t } from '../l10n.ts';
import { integer, real } from '../format.ts';
import type { Mismatch, OutputValues } from '../shared/validation.ts';

/** Longer outputs show the values that differ only. */
const SHOWN_WHOLE = 32;
/** Most rows of an output. */
const MOST_ROWS = 100;

/** What board and PC computed, side by side, what differs marked. @param classes names of the values of a first output that has as many */
export function outputsTables({ board, pc }: Mismatch, classes: readonly string[]): HTMLElement[] {
  return pc.map((expected, i) => outputTable(board[i], expected, i === 0 ? classes : []));
}

function outputTable(
  board: OutputValues | undefined,
  { name, values }: OutputValues,
  classes: readonly string[],
): HTMLElement {
  const printed = board?.values ?? [];
  const differs = values.flatMap((v, i) => (v === printed[i] ? [] : [i]));
  const isWhole = values.length <= SHOWN_WHOLE;
  const shown = (isWhole ? values.map((_, i) => i) : differs).slice(0, MOST_ROWS);
  const number = (value: number | undefined): string =>
    Number.isInteger(value) ? integer(value) : real(value);
  const label = (i: number): string => (classes.length === values.length ? classes[i]! : integer(i));
  const note = isWhole
    ? t('{0} of {1} values differ', integer(differs.length), integer(values.length))
    : shown.length < differs.length
      ? t(
          '{0} of {1} values differ; the first {2} of them',
          integer(differs.length),
          integer(values.length),
          shown.length,
        )
      : t('{0} of {1} values differ; these', integer(differs.length), integer(values.length));
  return scrollFrame(
    t('Outputs'),
    h(
      'table',
      { class: 'plain outputs' },
      h('caption', {}, h('span', { class: 'mono' }, name), ' ', h('span', { class: 'quiet' }, note)),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, classes.length === values.length ? t('Class') : t('Value')),
          h('th', { scope: 'col', class: 'numeric' }, t('Board')),
          h('th', { scope: 'col', class: 'numeric' }, t('This computer')),
        ),
      ),
      h(
        'tbody',
        {},
        ...shown.map((i) =>
          h(
            'tr',
            { class: values[i] === printed[i] ? undefined : 'differs' },
            h('th', { scope: 'row' }, label(i)),
            h('td', { class: 'numeric' }, number(printed[i])),
            h('td', { class: 'numeric' }, number(values[i])),
          ),
        ),
      ),
    ),
  );
}
