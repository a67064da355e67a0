import './classTable.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { ClassResult, Result } from '../shared/messages/monitor.ts';
import { decimal } from '../format.ts';
import { valueText } from './resultText.ts';

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
        head(t('Class'), 'name'),
        h('td', { class: 'bar-cell' }),
        result.percentsAre ? head('%', 'value', percentTitle(result)) : undefined,
        result.scale.real
          ? head(t('Board'), 'real', t('The real number that the board’s stands for'))
          : undefined,
        head(t('Raw'), 'raw', t('As the board printed it')),
        hasPc ? pcHead(result) : undefined,
        hasPc ? head(t('PC float'), 'pc', t('The float model on this computer')) : undefined,
      ),
    ),
    h('tbody', {}, ...result.classes.map((c) => classRow(c, result, hasPc))),
  );
}

function head(text: string, name: string, title?: string): HTMLElement {
  return h('th', { scope: 'col', class: name, title }, text);
}

/** Of the column beside the board's raw numbers. */
function pcHead({ pcIsFloat }: Result): HTMLElement {
  return pcIsFloat
    ? head(
        t('PC float, raw'),
        'pc',
        t('The float model on this computer, in the numbers that the board prints'),
      )
    : head(t('PC quantized'), 'pc', t('The quantized model on this computer'));
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
function percentTitle({ percentsAre }: Result): string {
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
