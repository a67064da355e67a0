import './table.css';
import './accuracyView.css';
import type { AccuracyReport, AccuracyValue, ModelReport } from '../shared/report.ts';
import { h } from '../dom.ts';
import { scrollFrame } from '../scrollFrame.ts';
import { t } from '../l10n.ts';
import { explained, term } from '../hint.ts';
import { decibels, integer, NONE, percent, real, steadyPercent } from '../format.ts';
import { qualityTile } from './qualityTile.ts';
import { tiles, type Tile } from './tiles.ts';

/** Length of a full bar: what 8 bits reach at best on a uniformly distributed value (6.02 dB a bit). */
const FULL_SQNR = 48;

/** Accuracy over the samples: overall, layer by layer, and which samples the quantized network gets wrong. */
export function accuracyView(report: ModelReport, onSelect: (layer: number) => void): HTMLElement {
  const accuracy = report.accuracy!;
  return h(
    'div',
    { class: 'accuracy-view' },
    h(
      'section',
      {},
      h('h2', {}, t('Over {0} samples', integer(accuracy.samples))),
      tiles(overall(report, accuracy)),
    ),
    h(
      'section',
      {},
      h(
        'h2',
        {},
        t('Layer by layer'),
        ' ',
        h('span', { class: 'quiet' }, t('quantized against float, on the same samples')),
      ),
      valueTable(accuracy.values, onSelect),
    ),
    misses(accuracy),
  );
}

function overall(report: ModelReport, accuracy: AccuracyReport): Tile[] {
  const share = (n: number, of: number): string => (of > 0 ? percent(n / of) : NONE);
  const result: Tile[] = [qualityTile(report, accuracy)];
  const l = accuracy.labelled;
  if (l) {
    result.unshift(
      {
        name: t('Accuracy, float'),
        word: 'floatNetwork',
        value: share(l.floatCorrect, l.samples),
        note: t('{0} of {1} labelled samples', integer(l.floatCorrect), integer(l.samples)),
      },
      {
        name: t('Accuracy, {0}', report.model.precision),
        word: 'accuracy',
        value: share(l.quantizedCorrect, l.samples),
        note: t('{0} of {1} labelled samples', integer(l.quantizedCorrect), integer(l.samples)),
      },
    );
  }
  return result;
}

function valueTable(values: readonly AccuracyValue[], onSelect: (layer: number) => void): HTMLElement {
  const body = values.map((value) => {
    const { error } = value;
    const fill = h('div', { class: 'bar-fill' });
    fill.style.width = `${Math.max(0, Math.min(1, (error.sqnrDb ?? FULL_SQNR) / FULL_SQNR)) * 100}%`;
    const index = value.layer;
    return h(
      'tr',
      {},
      h(
        'td',
        { title: value.name },
        index === undefined
          ? t('Input {0}', value.node)
          : h('button', { type: 'button', class: 'link', onclick: () => onSelect(index) }, value.node),
      ),
      h('td', { class: 'bar-cell' }, h('div', { class: 'bar', 'aria-hidden': 'true' }, fill)),
      h('td', { class: 'numeric' }, error.sqnrDb === undefined ? t('exact') : decibels(error.sqnrDb)),
      h('td', { class: 'numeric' }, real(error.meanAbsolute)),
      h(
        'td',
        { class: 'numeric' },
        error.meanMagnitude > 0 ? steadyPercent(error.meanAbsolute / error.meanMagnitude) : NONE,
      ),
      h('td', { class: 'numeric' }, real(error.maxAbsolute)),
    );
  });
  return scrollFrame(
    t('Layer by layer'),
    h(
      'table',
      { class: 'plain' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('Value')),
          h('th', { scope: 'col', colspan: 2 }, term('sqnr')),
          h('th', { scope: 'col', class: 'numeric' }, t('Mean error')),
          h(
            'th',
            { scope: 'col', class: 'numeric' },
            explained(t('Relative'), t('The mean error over the mean magnitude of the value')),
          ),
          h('th', { scope: 'col', class: 'numeric' }, t('Largest error')),
        ),
      ),
      h('tbody', {}, ...body),
    ),
  );
}

function misses({ labelled }: AccuracyReport): HTMLElement | false {
  if (!labelled || labelled.misses.length === 0) return false;
  const all = labelled.samples - labelled.quantizedCorrect;
  return h(
    'section',
    {},
    h(
      'h2',
      {},
      t('Misclassified samples'),
      ' ',
      h(
        'span',
        { class: 'quiet' },
        all > labelled.misses.length ? t('first {0} of {1}', labelled.misses.length, all) : String(all),
      ),
    ),
    h(
      'table',
      { class: 'plain' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, t('Sample')),
          h('th', { scope: 'col', class: 'numeric' }, t('Label')),
          h('th', { scope: 'col', class: 'numeric' }, t('Float')),
          h('th', { scope: 'col', class: 'numeric' }, t('Quantized')),
        ),
      ),
      h(
        'tbody',
        {},
        ...labelled.misses.map((miss) =>
          h(
            'tr',
            {},
            h('td', {}, miss.sample),
            h('td', { class: 'numeric' }, integer(miss.label)),
            h('td', { class: 'numeric' }, integer(miss.float)),
            h('td', { class: 'numeric' }, integer(miss.quantized)),
          ),
        ),
      ),
    ),
  );
}
