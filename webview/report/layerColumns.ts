import { t } from '../l10n.ts';
import type { ModelReport, ReportLayer } from '../shared/report.ts';
import type { SortColumn } from '../sorting.ts';
import { decibels, integer, perSample, real } from './format.ts';

/** A column of the layer table. */
export interface Column extends SortColumn<ReportLayer> {
  /** Draws a line below the number, as long as the value's share of the column's largest. */
  readonly share?: boolean;
  readonly text: (layer: ReportLayer, index: number) => string;
  readonly total?: (report: ModelReport) => string;
}

const sumOf = (report: ModelReport, pick: (layer: ReportLayer) => number | undefined): string =>
  integer(report.layers.reduce((n, layer) => n + (pick(layer) ?? 0), 0));

/** The columns this report has something to show in. */
export function columnsOf(report: ModelReport): Column[] {
  const number = (
    id: string,
    title: string,
    pick: (layer: ReportLayer) => number | undefined,
    extra: Partial<Column> = {},
  ): Column => ({
    id,
    title,
    numeric: true,
    text: (layer) => integer(pick(layer)),
    key: pick,
    total: (r) => sumOf(r, pick),
    ...extra,
  });
  const all: Column[] = [
    {
      id: 'index',
      title: '#',
      hint: t('Order of execution'),
      numeric: true,
      text: (_layer, i) => integer(i + 1),
      key: (_layer, i) => i,
    },
    { id: 'name', title: t('Name'), numeric: false, text: (l) => l.name, key: (l) => l.name.toLowerCase() },
    {
      id: 'operator',
      title: t('Operator'),
      numeric: false,
      text: (l) => l.operator,
      key: (l) => l.operator,
    },
    {
      id: 'shape',
      title: t('Output shape'),
      numeric: false,
      hint: t('Without the batch dimension'),
      text: (l) => perSample(l.outputShape),
      key: (l) => l.outputShape.reduce((a, b) => a * b, 1),
    },
    number('macs', t('MACs'), (l) => l.macs, { share: true, hint: t('Multiply-accumulates') }),
    number('parameters', t('Parameters'), (l) => (l.constantBytes === undefined ? l.parameters : undefined), {
      hint: t('Weights and biases'),
    }),
    number('predicted', t('Predicted'), (l) => l.predictedCycles, {
      share: true,
      hint: t('Core cycles the compiler predicts'),
    }),
    number('measured', t('Measured'), (l) => l.measuredCycles, {
      share: true,
      hint: t('Core cycles counted on the simulated board'),
    }),
    number('code', t('Code'), (l) => l.codeBytes, {
      hint: t('Bytes of machine code in flash, without what layers share'),
    }),
    number('constants', t('Constants'), (l) => l.constantBytes, { hint: t('Bytes of constants in flash') }),
    {
      id: 'sqnr',
      title: t('SQNR'),
      hint: t('Signal to quantization noise of the output, float against quantized, over the samples'),
      numeric: true,
      text: (l) => decibels(l.error?.sqnrDb),
      key: (l) => l.error?.sqnrDb,
    },
    {
      id: 'scale',
      title: t('Scale'),
      hint: t('Of the output: real = scale \u00d7 (q \u2212 offset)'),
      numeric: true,
      text: (l) => real(l.quantization?.scale),
      key: (l) => l.quantization?.scale,
    },
    {
      id: 'offset',
      title: t('Offset'),
      hint: t('Of the output: real = scale \u00d7 (q \u2212 offset)'),
      numeric: true,
      text: (l) => integer(l.quantization?.offset),
      key: (l) => l.quantization?.offset,
    },
  ];
  const always = new Set(['index', 'name', 'operator', 'shape', 'macs']);
  return all.filter(
    (column) =>
      always.has(column.id) || report.layers.some((layer, i) => typeof column.key(layer, i) === 'number'),
  );
}
