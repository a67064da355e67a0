import './details.css';
import type { ModelReport, ReportLayer } from '../shared/report.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { histogramChart } from './charts.ts';
import { term } from '../hint.ts';
import { bytes, decibels, integer, percent, real, shape } from '../format.ts';
import { drawAtWidth } from '../svgPicture.ts';

/** What is known about one layer: facts, distribution of its weights, range of its activations. */
export function layerDetails(report: ModelReport, index: number | undefined): HTMLElement {
  const layer = index === undefined ? undefined : report.layers[index];
  if (!layer) {
    return h(
      'section',
      { class: 'details empty', 'aria-label': t('Layer') },
      h('p', { class: 'quiet' }, t('Select a layer to see its weights and the range of its activations.')),
    );
  }
  return h(
    'section',
    { class: 'details', 'aria-label': t('Layer {0}', layer.name) },
    h('h2', {}, layer.name, ' ', h('span', { class: 'quiet' }, layer.operator)),
    h('div', { class: 'details-columns' }, facts(layer), weights(layer), activations(layer)),
  );
}

function facts(layer: ReportLayer): HTMLElement {
  const rows: [string | Node, string][] = [
    [t('Input shape'), shape(layer.inputShape)],
    [t('Output shape'), shape(layer.outputShape)],
  ];
  const q = layer.quantization;
  if (q && q.type !== 'float32') {
    rows.push([t('Output'), t('{0}, scale {1}, offset {2}', q.type, real(q.scale), integer(q.offset))]);
  }
  if (layer.parameters > 0) rows.push([t('Parameters'), integer(layer.parameters)]);
  if (layer.variant !== undefined) rows.push([term('kernel'), layer.variant]);
  if (layer.codeBytes !== undefined) rows.push([t('Code'), bytes(layer.codeBytes)]);
  if (layer.measuredCycles !== undefined && layer.predictedCycles) {
    const off = layer.measuredCycles / layer.predictedCycles - 1;
    rows.push([
      term('cycles'),
      t(
        '{0} measured, {1} predicted ({2})',
        integer(layer.measuredCycles),
        integer(layer.predictedCycles),
        signed(off),
      ),
    ]);
  } else if (layer.predictedCycles !== undefined) {
    rows.push([term('cycles'), t('{0} predicted', integer(layer.predictedCycles))]);
  }
  if (layer.macs > 0 && layer.measuredCycles !== undefined) {
    rows.push([t('Cycles per MAC'), real(layer.measuredCycles / layer.macs)]);
  }
  if (layer.error) {
    rows.push([
      t('Error'),
      t(
        'SQNR {0}, mean {1}, largest {2}',
        decibels(layer.error.sqnrDb),
        real(layer.error.meanAbsolute),
        real(layer.error.maxAbsolute),
      ),
    ]);
  }
  return h(
    'dl',
    { class: 'facts' },
    ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

function signed(share: number): string {
  return `${share < 0 ? '\u2212' : '+'}${percent(Math.abs(share))}`;
}

function weights({ weights: w, name }: ReportLayer): HTMLElement | false {
  if (!w) return false;
  const scale =
    w.scales.length === 0
      ? ''
      : w.scales.length === 1 || w.scales.every((s) => s === w.scales[0])
        ? t('scale {0}', real(w.scales[0]))
        : t(
            '{0} scales, {1} to {2}',
            w.scales.length,
            real(w.scales.reduce((a, b) => Math.min(a, b))),
            real(w.scales.reduce((a, b) => Math.max(a, b))),
          );
  return figure(
    t('Weights'),
    [t('{0} values', integer(w.count)), scale, w.zeros > 0 ? t('{0} zero', percent(w.zeros / w.count)) : '']
      .filter((part) => part !== '')
      .join(', '),
    (width) =>
      histogramChart(w.histogram, width, {
        label: t(
          'Weights of {0}: {1} values from {2} to {3}',
          name,
          integer(w.count),
          real(w.min),
          real(w.max),
        ),
      }),
  );
}

function activations({ activation: a, name }: ReportLayer): HTMLElement | false {
  if (!a) return false;
  const seen = t('seen {0} to {1}', real(a.min), real(a.max));
  const band = a.representable;
  const caption = band ? t('{0}, representable {1} to {2}', seen, real(band.min), real(band.max)) : seen;
  return figure(t('Activations'), caption, (width) =>
    histogramChart(a.histogram ?? { min: a.min, max: a.max, counts: [] }, width, {
      label: t('Activations of {0}: {1}', name, caption),
      band,
    }),
  );
}

function figure(title: string, caption: string, draw: (width: number) => Node): HTMLElement {
  const chart = h('div', { class: 'chart-box' });
  drawAtWidth(chart, draw);
  return h(
    'figure',
    {},
    h('figcaption', {}, h('strong', {}, title), ' ', h('span', { class: 'quiet' }, caption)),
    chart,
  );
}
