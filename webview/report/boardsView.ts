import './table.css';
import './boardsView.css';
import type { BoardFit, ModelReport } from '../shared/report.ts';
import { h } from '../dom.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { t } from '../l10n.ts';
import { icon } from '../icons.ts';
import { bytes, firmwareSize, inferenceTime, percent } from '../format.ts';

/** Which boards the model fits, what it takes of their memories, how long one inference takes there. */
export function boardsView(report: ModelReport): HTMLElement {
  const fitting = report.boards.filter((b) => b.fits).length;
  return h(
    'section',
    {},
    h(
      'h2',
      {},
      t('Boards'),
      ' ',
      h('span', { class: 'quiet' }, t('fits {0} of {1}', fitting, report.boards.length)),
    ),
    report.boardsNote !== undefined && h('p', { class: 'quiet' }, report.boardsNote),
    scrollFrame(
      t('Boards'),
      h(
        'table',
        { class: 'plain' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, t('Board')),
            h('th', { scope: 'col' }, t('Fits')),
            h('th', { scope: 'col' }, t('Flash')),
            h('th', { scope: 'col' }, t('RAM')),
            h('th', { scope: 'col', class: 'numeric' }, t('Inference')),
          ),
        ),
        h('tbody', {}, ...report.boards.map((fit) => boardRow(fit, fit.id === report.board?.id))),
      ),
    ),
  );
}

function boardRow(fit: BoardFit, current: boolean): HTMLElement {
  return h(
    'tr',
    { class: current ? 'current' : undefined },
    h('td', {}, fit.name),
    h(
      'td',
      { class: 'fit' },
      h('span', { class: fit.fits ? 'good' : 'bad' }, icon(fit.fits ? 'check' : 'close')),
      fit.fits ? t('Yes') : sentence(fit.reasons),
    ),
    h('td', {}, use(fit.flash, fit.basis)),
    h('td', {}, use(fit.ram, fit.basis)),
    h(
      'td',
      { class: 'numeric' },
      fit.timeUs === undefined ? t('Unknown') : inferenceTime(fit.timeUs, fit.timeBasis),
    ),
  );
}

/** Reasons are clauses; joined they start with a capital. */
function sentence(reasons: readonly string[]): string {
  const text = reasons.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function use({ used, total }: BoardFit['flash'], basis: BoardFit['basis']): HTMLElement {
  const fill = h('div', { class: used > total ? 'bar-fill over' : 'bar-fill' });
  fill.style.width = `${Math.min(1, used / Math.max(1, total)) * 100}%`;
  return h(
    'div',
    { class: 'use', title: t('{0} of the memory', percent(used / Math.max(1, total))) },
    h('div', { class: 'bar', 'aria-hidden': 'true' }, fill),
    h('span', {}, t('{0} of {1}', firmwareSize(used, basis), bytes(total))),
  );
}
