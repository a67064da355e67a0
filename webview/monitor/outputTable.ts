import './outputTable.css';
import { h, svg } from '../dom.ts';
import { digits } from '../format.ts';
import { explained } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { OutputResult, OutputValue, Result } from '../shared/messages/monitor.ts';
import { columnHead, pcHeads, rawHead, realHead } from './valueHeads.ts';

/** From so many values on they are drawn, too. */
const LEAST_DRAWN = 12;

/** An output by its name: how many of its values are the PC's, its values as a line, and side by side. */
export function outputTable(output: OutputResult, result: Result): HTMLElement {
  const hasPc = output.differing !== undefined;
  const { values, elements } = output;
  return h(
    'section',
    { class: 'output', 'data-output': output.name },
    h(
      'h3',
      { class: 'output-head' },
      h('span', { class: 'output-name mono' }, output.name),
      h('span', { class: output.differing ? 'bad' : 'quiet' }, countText(output, result)),
    ),
    values.length >= LEAST_DRAWN ? lines(values) : undefined,
    table(values, hasPc, result),
    values.length < elements
      ? h(
          'p',
          { class: 'quiet' },
          t('The first {0} of {1} values; the log has them all.', values.length, elements),
        )
      : undefined,
  );
}

function countText({ elements, differing }: OutputResult, { pcIsFloat }: Result): string {
  if (differing === undefined || pcIsFloat) return elements === 1 ? t('1 value') : t('{0} values', elements);
  if (elements === 1) return differing === 0 ? t('as on this computer') : t('not as on this computer');
  return t('{0} of {1} values as on this computer', elements - differing, elements);
}

function table(values: readonly OutputValue[], hasPc: boolean, result: Result): HTMLElement {
  const hasReal = values.some((v) => v.real !== undefined);
  const hasIndex = values.length > 1;
  return h(
    'div',
    { class: 'output-values', tabindex: values.length > LEAST_DRAWN ? 0 : undefined },
    h(
      'table',
      { class: 'values' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          hasIndex && columnHead('name', explained(t('Index'), t('Place in the output, from 0'))),
          hasReal && realHead('value'),
          rawHead(),
          ...(hasPc ? pcHeads(result) : []),
        ),
      ),
      h('tbody', {}, ...values.map((v) => row(v, { hasIndex, hasReal, hasPc }))),
    ),
  );
}

interface Columns {
  readonly hasIndex: boolean;
  readonly hasReal: boolean;
  readonly hasPc: boolean;
}

function row(v: OutputValue, { hasIndex, hasReal, hasPc }: Columns): HTMLElement {
  return h(
    'tr',
    { class: v.differs ? 'differs' : undefined },
    hasIndex ? h('th', { scope: 'row', class: 'name' }, String(v.index)) : undefined,
    hasReal ? h('td', { class: 'value' }, v.real ?? '–') : undefined,
    h(
      'td',
      {
        class: v.differs ? 'raw bad' : 'raw',
        title: v.differs ? t('Not what this computer computes') : undefined,
      },
      v.differs ? icon('error') : undefined,
      v.raw === undefined ? '–' : String(v.raw),
    ),
    hasPc ? h('td', { class: 'pc' }, v.pcRaw === undefined ? '–' : String(v.pcRaw)) : undefined,
    hasPc ? h('td', { class: 'pc' }, v.float === undefined ? '–' : digits(v.float, 4)) : undefined,
  );
}

/** The board's values as a line, the float network's in dashes on it; the table has them in words. */
function lines(values: readonly OutputValue[]): Node {
  const [width, height, pad] = [600, 64, 3];
  const board = values.map((v) => (v.real === undefined ? v.raw : Number(v.real)));
  const float = values.map((v) => v.float);
  const all = [...board, ...float].filter((v) => v !== undefined && Number.isFinite(v)) as number[];
  const min = all.reduce((a, b) => Math.min(a, b), Infinity);
  const max = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const x = (i: number): number => pad + (i * (width - 2 * pad)) / Math.max(1, values.length - 1);
  const y = (v: number): number =>
    max > min ? height - pad - ((v - min) * (height - 2 * pad)) / (max - min) : height / 2;
  const points = (list: readonly (number | undefined)[]): string =>
    list
      .flatMap((v, i) =>
        v === undefined || !Number.isFinite(v) ? [] : [`${x(i).toFixed(1)},${y(v).toFixed(1)}`],
      )
      .join(' ');
  const words = t('{0} values from {1} to {2}', values.length, digits(min), digits(max));
  return svg(
    'svg',
    {
      class: 'lines',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': words,
    },
    svg('title', {}, words),
    svg('polyline', { class: 'board', points: points(board), fill: 'none' }),
    svg('polyline', { class: 'float', points: points(float), fill: 'none' }),
  );
}
