import { t } from '../l10n.ts';
import type { ModelReport, ReportLayer } from '../shared/report.ts';
import type { SortColumn } from '../sorting.ts';
import { wordsOf } from '../hint.ts';
import { decibels, integer, perSample, real } from '../format.ts';

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
      rank: 1,
      id: 'shape',
      title: t('Output shape'),
      numeric: false,
      hint: t('Without the batch dimension'),
      text: (l) => perSample(l.outputShape),
      key: (l) => l.outputShape.reduce((a, b) => a * b, 1),
    },
    number('macs', t('MACs'), (l) => l.macs, { share: true, hint: wordsOf('macs') }),
    number('parameters', t('Parameters'), (l) => (l.constantBytes === undefined ? l.parameters : undefined), {
      rank: 5,
      hint: wordsOf('parameters'),
    }),
    number('predicted', t('Predicted'), (l) => l.predictedCycles, {
      // where they have been counted they say more
      ...(report.layers.some((l) => l.measuredCycles !== undefined) ? { rank: 4 } : {}),
      share: true,
      unit: t('cycles'),
      hint: `${t('As the compiler predicts.')} ${wordsOf('cycles')}`,
    }),
    number('measured', t('Measured'), (l) => l.measuredCycles, {
      share: true,
      unit: t('cycles'),
      hint: `${t('As counted on the simulated board.')} ${wordsOf('cycles')}`,
    }),
    number('code', t('Code'), (l) => l.codeBytes, {
      rank: 2,
      unit: t('bytes'),
      hint: t('Machine code in flash, without what layers share'),
    }),
    number('constants', t('Constants'), (l) => l.constantBytes, {
      rank: 3,
      unit: t('bytes'),
      hint: t('Weights and tables in flash that are not part of the code'),
    }),
    {
      id: 'sqnr',
      title: t('SQNR'),
      hint: `${t('Of the output, over the samples.')} ${wordsOf('sqnr')}`,
      numeric: true,
      text: (l) => decibels(l.error?.sqnrDb),
      key: (l) => l.error?.sqnrDb,
    },
    {
      rank: 6,
      id: 'scale',
      title: t('Scale'),
      hint: `${t('Of the output.')} ${wordsOf('scale')}`,
      numeric: true,
      text: (l) => real(l.quantization?.scale),
      key: (l) => l.quantization?.scale,
    },
    {
      rank: 6,
      id: 'offset',
      title: t('Offset'),
      hint: `${t('Of the output.')} ${wordsOf('offset')}`,
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
