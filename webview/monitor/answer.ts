import './answer.css';
import { h } from '../dom.ts';
import { digits } from '../format.ts';
import { term } from '../hint.ts';
import { t } from '../l10n.ts';
import type { OutputResult, ReconstructionResult } from '../shared/messages/monitor.ts';

/** Of an output of one number: that number, large, with what it is. */
export function numberAnswer({ name, values }: OutputResult): HTMLElement {
  const [value] = values;
  const text = value?.real ?? (value?.raw === undefined ? '–' : String(value.raw));
  return h(
    'div',
    { class: 'answer' },
    h('span', { class: 'answer-value', id: 'answer', title: text }, text),
    h('span', { class: 'quiet mono' }, name),
  );
}

/** Whether an autoencoder's input was of the usual kind, large, with how far the error is from the threshold. */
export function anomalyAnswer(found: ReconstructionResult): HTMLElement {
  const { isAnomalous, error, raw, threshold } = found;
  const number = error === undefined ? String(raw) : digits(error);
  const text = isAnomalous === undefined ? number : isAnomalous ? t('Anomalous') : t('Normal');
  return h(
    'div',
    { class: 'answer' },
    h('span', { class: isAnomalous ? 'answer-value word warn' : 'answer-value word', id: 'answer' }, text),
    h('span', { class: 'quiet' }, term('reconstructionError', t('reconstruction error {0}', number))),
    error !== undefined && threshold !== undefined ? meter(error, threshold) : undefined,
  );
}

/** The error as a bar, the threshold as a mark on it. */
function meter(error: number, threshold: number): HTMLElement {
  const most = 1.25 * Math.max(error, threshold) || 1;
  const at = (value: number): string => `${((100 * value) / most).toFixed(1)}%`;
  const fill = h('div', { class: error > threshold ? 'meter-fill over' : 'meter-fill' });
  fill.style.width = at(error);
  const mark = h('div', { class: 'meter-mark' });
  mark.style.left = at(threshold);
  const words = t('{0} of a threshold of {1}', digits(error), digits(threshold));
  return h(
    'div',
    { class: 'meter-box' },
    h('div', { class: 'meter', role: 'img', 'aria-label': words, title: words }, fill, mark),
    h('span', { class: 'quiet' }, term('threshold', t('threshold {0}', digits(threshold)))),
  );
}
