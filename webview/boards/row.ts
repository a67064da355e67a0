import './row.css';
import { h } from '../dom.ts';
import { clockText, firmwareSize, inferenceTime, sizeText } from '../format.ts';
import { hint, wordsOf } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { BoardFitRow, BoardRow } from '../shared/messages/boards.ts';

/** One board as an option of the list box: name and time, what it is, bars for flash and RAM, why it does not fit. */
export function boardOption(board: BoardRow, selected: boolean): HTMLElement {
  const fit = board.fit;
  const refused = fit !== undefined && !fit.fits;
  return h(
    'div',
    {
      id: optionId(board.id),
      class: refused ? 'board refused' : 'board',
      role: 'option',
      'aria-selected': String(selected),
      'data-board': board.id,
    },
    h(
      'div',
      { class: 'board-head' },
      h('span', { class: 'board-name' }, board.name),
      fit?.timeUs !== undefined &&
        h(
          'span',
          { class: 'board-time', title: t('Time of one inference') },
          inferenceTime(fit.timeUs, fit.timeBasis),
        ),
    ),
    h('div', { class: 'board-facts quiet' }, ...facts(board)),
    board.probe !== undefined &&
      h('div', { class: 'board-probe good' }, icon('plug'), h('span', {}, board.probe)),
    fit
      ? h(
          'div',
          { class: 'meters' },
          meter(t('Flash'), fit.basis, fit.flashUsed, board.flashBytes),
          meter(t('RAM'), fit.basis, fit.ramUsed, board.ramBytes),
        )
      : h(
          'div',
          { class: 'board-facts quiet' },
          h('span', {}, t('{0} flash', sizeText(board.flashBytes))),
          h('span', {}, t('{0} RAM', sizeText(board.ramBytes))),
        ),
    refused &&
      h(
        'div',
        { class: 'board-reason' },
        icon('warning'),
        h('span', {}, fit.reasons.map((r) => r.charAt(0).toUpperCase() + r.slice(1)).join('; ')),
      ),
  );
}

/** Id of the option's element, for aria-activedescendant. */
export function optionId(boardId: string): string {
  return `board-${boardId}`;
}

function facts(board: BoardRow): HTMLElement[] {
  const all = [h('span', {}, board.core), h('span', {}, clockText(board.clockHz))];
  if (!board.fpu) {
    all.push(hint(h('span', {}, t('int8 only')), wordsOf('int8Only')));
  }
  if (board.simulated) {
    all.push(hint(h('span', {}, t('simulated')), wordsOf('simulated')));
  }
  return all;
}

function meter(label: string, basis: BoardFitRow['basis'], used: number, total: number): HTMLElement {
  const over = used > total;
  const fill = h('div', { class: over ? 'bar-fill over' : 'bar-fill' });
  // the policy forbids style attributes; the object model is allowed
  fill.style.width = `${Math.min(100, Math.max(1, (used / total) * 100))}%`;
  return h(
    'div',
    { class: 'meter' },
    h('span', { class: 'meter-label quiet' }, label),
    h('div', { class: 'bar' }, fill),
    h(
      'span',
      { class: over ? 'meter-value over' : 'meter-value' },
      `${firmwareSize(used, basis)} / ${sizeText(total)}`,
    ),
  );
}
