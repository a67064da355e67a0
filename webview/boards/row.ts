import { h } from '../dom.ts';
import { formatBytes, formatClock, formatTime } from '../format.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { BoardRow } from './messages.ts';

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
      'aria-label': spoken(board),
      'data-board': board.id,
    },
    h(
      'div',
      { class: 'board-head' },
      h('span', { class: 'board-name' }, board.name),
      fit?.timeUs !== undefined &&
        h(
          'span',
          { class: 'board-time', title: t('Predicted time of one inference') },
          formatTime(fit.timeUs),
        ),
    ),
    h('div', { class: 'board-facts quiet' }, ...facts(board)),
    board.probe !== undefined &&
      h('div', { class: 'board-probe good' }, icon('plug'), h('span', {}, board.probe)),
    h(
      'div',
      { class: 'meters' },
      meter(t('Flash'), fit?.flashUsed, board.flashBytes),
      meter(t('RAM'), fit?.ramUsed, board.ramBytes),
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
  const all = [h('span', {}, board.core), h('span', {}, formatClock(board.clockHz))];
  if (!board.fpu) {
    all.push(h('span', { title: t('No FPU: takes fully quantized models only') }, t('int8 only')));
  }
  if (board.simulated) {
    all.push(h('span', { title: t('Runs here as a simulated board') }, t('simulated')));
  }
  return all;
}

function meter(label: string, used: number | undefined, total: number): HTMLElement {
  const over = used !== undefined && used > total;
  const fill = h('div', { class: over ? 'bar-fill over' : 'bar-fill' });
  // the policy forbids style attributes; the object model is allowed
  fill.style.width = `${used === undefined ? 0 : Math.min(100, Math.max(1, (used / total) * 100))}%`;
  const numbers = used === undefined ? formatBytes(total) : `${formatBytes(used)} / ${formatBytes(total)}`;
  return h(
    'div',
    { class: 'meter' },
    h('span', { class: 'meter-label quiet' }, label),
    used === undefined ? h('span', { class: 'meter-gap' }) : h('div', { class: 'bar' }, fill),
    h('span', { class: over ? 'meter-value over' : 'meter-value' }, numbers),
  );
}

/** The whole row as one sentence. */
function spoken(board: BoardRow): string {
  const fit = board.fit;
  const parts = [board.name, board.core, formatClock(board.clockHz)];
  if (!board.fpu) parts.push(t('quantized models only'));
  if (board.simulated) parts.push(t('simulated'));
  if (board.probe) parts.push(board.probe);
  const memory = (used: number | undefined, total: number) =>
    used === undefined ? formatBytes(total) : t('{0} of {1}', formatBytes(used), formatBytes(total));
  parts.push(`${t('Flash')} ${memory(fit?.flashUsed, board.flashBytes)}`);
  parts.push(`${t('RAM')} ${memory(fit?.ramUsed, board.ramBytes)}`);
  if (fit?.timeUs !== undefined) parts.push(t('predicted time {0}', formatTime(fit.timeUs)));
  if (fit && !fit.fits) parts.push(t('does not fit: {0}', fit.reasons.join('; ')));
  return parts.join(', ');
}
