import './classTable.css';
import { h } from '../dom.ts';
import { explained } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { ClassResult, Result } from '../shared/messages/monitor.ts';
import { decimal } from '../format.ts';
import { valueText } from './resultText.ts';
import { columnHead, pcHeads, rawHead, realHead } from './valueHeads.ts';

/** A row for each class: a bar, the board's confidence, and what the PC computes. */
export function classTable(result: Result): HTMLElement {
  const hasPc = result.verdict !== 'unknown';
  return h(
    'table',
    { class: hasPc ? 'classes with-pc' : 'classes' },
    h('caption', { class: 'visually-hidden' }, t('Confidence of each class')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        columnHead('name', t('Class')),
        h('td', { class: 'bar-cell' }),
        result.percentsAre && columnHead('value', explained('%', percentWords(result))),
        result.scale.real && realHead('real'),
        rawHead(),
        ...(hasPc ? pcHeads(result) : []),
      ),
    ),
    h('tbody', {}, ...result.classes.map((c) => classRow(c, result, hasPc))),
  );
}

function classRow(c: ClassResult, result: Result, hasPc: boolean): HTMLElement {
  const name = c.label ?? String(c.index);
  const shown = result.scale.real ? c.real : c.raw;
  const classes = [c.index === result.top1 ? 'best' : '', c.differs ? 'differs' : ''].join(' ').trim();
  return h(
    'tr',
    { class: classes || undefined, 'data-class': c.index },
    h(
      'th',
      { scope: 'row', class: 'name', title: c.label ? t('{0} (class {1})', c.label, c.index) : name },
      name,
    ),
    h('td', { class: 'bar-cell' }, result.percentsAre ? percentBar(c.percent) : bar(shown, result)),
    result.percentsAre
      ? h('td', { class: 'value' }, c.percent === undefined ? '–' : decimal(c.percent, 1))
      : undefined,
    result.scale.real
      ? h(
          'td',
          { class: result.percentsAre ? 'real' : 'value' },
          c.real === undefined ? '–' : valueText(c.real, result),
        )
      : undefined,
    h(
      'td',
      {
        class: c.differs ? 'raw bad' : 'raw',
        title: c.differs ? t('Not what this computer computes') : undefined,
      },
      c.differs ? icon('error') : undefined,
      c.raw === undefined ? '–' : String(c.raw),
    ),
    hasPc
      ? h(
          'td',
          { class: 'pc', title: c.pcReal === undefined ? undefined : valueText(c.pcReal, result) },
          c.pcRaw === undefined ? '–' : String(c.pcRaw),
        )
      : undefined,
    hasPc ? h('td', { class: 'pc' }, c.float === undefined ? '–' : valueText(c.float, result)) : undefined,
  );
}

/** What percents are of. */
function percentWords({ percentsAre }: Result): string {
  return percentsAre === 'softmax'
    ? t('Softmax of the board’s numbers: how sure the network is of each class')
    : t('How sure the network is of each class');
}

function percentBar(percent: number | undefined): HTMLElement {
  return bar(percent, { scale: { min: 0, max: 100, real: true } });
}

/** A bar from 0 (or from the scale's end, for raw values) to the value. */
function bar(value: number | undefined, { scale }: Pick<Result, 'scale'>): HTMLElement {
  const fill = h('div', { class: 'bar-fill' });
  const at = (v: number) =>
    (Math.min(Math.max(v, scale.min), scale.max) - scale.min) / (scale.max - scale.min);
  const zero = at(scale.real ? 0 : scale.min);
  const end = value === undefined || !Number.isFinite(value) ? zero : at(value);
  fill.style.marginLeft = `${Math.min(zero, end) * 100}%`;
  fill.style.width = `${Math.abs(end - zero) * 100}%`;
  return h('div', { class: 'bar' }, fill);
}
