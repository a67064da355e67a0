import './resultSummary.css';
import { h, svg } from '../dom.ts';
import { term } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import { timeText } from '../format.ts';
import type { Result } from '../shared/messages/monitor.ts';
import { anomalyAnswer, numberAnswer } from './answer.ts';
import { confidenceText, nameOf } from './resultText.ts';

/** What matters of a result: Top1 large, the verdict, the time. */
export function resultSummary(result: Result): HTMLElement[] {
  const verdict = {
    match: { class: 'verdict good', icon: icon('check') },
    mismatch: { class: 'verdict bad', icon: icon('error') },
    unknown: { class: 'verdict quiet', icon: icon('info') },
  }[result.verdict];
  const { closeness } = result;
  return [
    h('div', { class: 'source quiet', title: result.source }, result.source),
    ...answerOf(result),
    h(
      'div',
      { class: verdict.class, id: 'verdict', 'data-verdict': result.verdict },
      verdict.icon,
      h('span', {}, result.verdictText),
    ),
    ...(closeness?.isClose === false ? [closenessLine(closeness)] : []),
    ...(result.floatTop1 !== undefined && result.floatTop1 !== result.top1
      ? [
          h(
            'div',
            { class: 'verdict warn' },
            icon('warning'),
            h('span', {}, t('The float model says {0}.', nameOf(result, result.floatTop1))),
          ),
        ]
      : []),
    ...(result.timeUs === undefined
      ? []
      : [
          h(
            'div',
            { class: 'time' },
            h('span', { class: 'time-label quiet' }, term('inference')),
            h('span', { class: 'time-value' }, timeText(result.timeUs)),
            sparkline(result.history),
          ),
        ]),
    // what is as it should be comes last: a panel of the usual height shows the time before it
    ...(closeness?.isClose ? [closenessLine(closeness)] : []),
  ];
}

/** What the board says, large: a class, one number, or whether the input is of the usual kind; the tables have the rest. */
function answerOf(result: Result): HTMLElement[] {
  const { classes, outputs, reconstruction, top1 } = result;
  if (reconstruction) return [anomalyAnswer(reconstruction)];
  if (classes.length > 0 || top1 !== undefined || outputs.length === 0) return [top1Of(result)];
  const [first] = outputs;
  return first?.elements === 1 ? [numberAnswer(first)] : [];
}

/** The class that the board says, large, and how sure the network is of it. */
function top1Of(result: Result): HTMLElement {
  const best = result.classes.find((c) => c.index === result.top1);
  const name = best?.label ?? (result.top1 === undefined ? '–' : String(result.top1));
  const confidence = best && confidenceText(best, result);
  const named = best?.label !== undefined && best.label !== String(best.index);
  return h(
    'div',
    { class: 'top1' },
    h('span', { class: name.length > 2 ? 'top1-name long' : 'top1-name', id: 'top1', title: name }, name),
    h(
      'span',
      { class: 'top1-facts' },
      confidence !== undefined && h('span', { class: 'top1-confidence' }, confidence),
      h('span', { class: 'quiet' }, term('top1', named ? t('Top1, class {0}', best.index) : t('Top1'))),
    ),
  );
}

function closenessLine({ isClose, text }: NonNullable<Result['closeness']>): HTMLElement {
  return h(
    'div',
    { class: isClose ? 'verdict quiet' : 'verdict warn', id: 'closeness' },
    icon(isClose ? 'check' : 'warning'),
    h('span', {}, text),
  );
}

/** The last inference times as a line; its words are in the title. */
function sparkline(history: readonly number[]): Node {
  if (history.length < 2) return document.createTextNode('');
  const [width, height, pad] = [72, 18, 2];
  const min = Math.min(...history);
  const max = Math.max(...history);
  const x = (i: number) => pad + (i * (width - 2 * pad)) / (history.length - 1);
  const y = (v: number) =>
    max === min ? height / 2 : height - pad - ((v - min) * (height - 2 * pad)) / (max - min);
  const points = history.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`);
  const words =
    min === max
      ? t('Last {0} inference times, all {1}', history.length, timeText(min))
      : t('Last {0} inference times, {1} to {2}', history.length, timeText(min), timeText(max));
  return svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': words,
    },
    svg('title', {}, words),
    svg('polyline', { points: points.join(' '), fill: 'none' }),
    svg('circle', { cx: x(history.length - 1), cy: y(history.at(-1)!), r: 1.8 }),
  );
}
