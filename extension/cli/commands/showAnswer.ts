import type { Placeholder } from '../../bundle/bundle.ts';
import { reconstructionOf } from '../../bundle/reconstruction.ts';
import type { PrintedOutput } from '../../inference/report.ts';
import { confidenceCount, type ExpectedOutput, printedOf } from '../../workflow/compare/compare.ts';
import type { PcResult } from '../../workflow/numbers/expected.ts';
import { realValue } from '../../workflow/numbers/realValue.ts';
import type { FirmwareResult } from '../../workflow/port/result.ts';
import { type Column, grouped, textTable } from '../table.ts';

/** Elements of an output that are listed, one a row; of a larger one the first few stand in a row. */
const MOST_ROWS = 16;
const FIRST_VALUES = 4;

const right = (title: string): Column => ({ title, align: 'right' });

/** The tables of what the board said beside what the PC computes, each with a line on its columns. */
export function answerTables(result: FirmwareResult): string[] {
  const tables = result.pc ? besidePc(result, result.pc) : asPrinted(result);
  return tables.filter((text) => text !== '');
}

function besidePc(result: FirmwareResult, pc: PcResult): string[] {
  const { others = [] } = pc.expected;
  const listed = others.filter((o, i) => i === 0 && isListed(result, o));
  return [
    ...classes(result, pc),
    ...listed.flatMap((output) => [numbers(result, output), numbersLegend(result, pc)]),
    reconstruction(result, pc),
    outputs(
      result,
      others.filter((o) => !listed.includes(o)),
    ),
  ];
}

/** Real numbers are what a regression is about. */
function isListed({ answer }: FirmwareResult, { quantized }: ExpectedOutput): boolean {
  return answer.task === 'regress' && quantized.length <= MOST_ROWS;
}

function classes(
  { run, labels, board, answer }: FirmwareResult,
  { expected, dequantized, percents, output }: PcResult,
) {
  const printed = new Map(run?.report.confidences.map((c) => [c.classIndex, c.value]));
  const list = [...Array(confidenceCount(expected)).keys()];
  if (list.length === 0) return [];
  const label = labelColumn(labels, list);
  const table = textTable(
    [
      right('class'),
      ...label.titles,
      ...(run ? [right(board.name)] : []),
      right(pcTitle(expected.reference)),
      right('(real)'),
      ...(percents ? [right('percent')] : []),
      right('PC float'),
    ],
    list.map((i) => [
      i,
      ...label.of(i),
      ...(run ? [printed.get(i) ?? '-'] : []),
      expected.quantized[i]!,
      dequantized[i]!.toFixed(3),
      ...(percents ? [percents[i]!.toFixed(1)] : []),
      expected.float[i]!.toFixed(3),
    ]),
  );
  const percent = percents && answer.scores ? `; percent: ${PERCENT[answer.scores]}` : '';
  return [table, `${integersText(output)}; (real): what they stand for${percent}\n`];
}

/** How percents follow from real numbers. */
const PERCENT = {
  logits: 'the softmax of these',
  probabilities: 'the same in hundredths',
  logProbabilities: 'what these are the logarithms of',
} as const;

function integersText({ type }: Pick<Placeholder, 'type'>): string {
  return type === 'float32'
    ? "Whole numbers are thousandths of the network's float32 ones"
    : `Whole numbers are the network's own ${type} ones`;
}

function pcTitle(reference: 'float' | undefined): string {
  return reference === 'float' ? 'PC float as int' : 'PC quantized';
}

/** An output's real numbers, a row each. */
function numbers({ run, board, pc }: FirmwareResult, output: ExpectedOutput): string {
  const printed = run && printedOf(run.report, output);
  const real = realOf(output);
  return textTable(
    [
      { title: 'output' },
      ...(run ? [right(board.name), right('(real)')] : []),
      right(pcTitle(pc?.expected.reference)),
      right('(real)'),
      right('PC float'),
    ],
    output.quantized.map((q, i) => {
      const raw = printed?.values.get(i);
      const onBoard = printed?.reals?.get(i) ?? (raw === undefined ? '-' : real(raw));
      return [
        `${output.name}[${i}]`,
        ...(run ? [raw ?? '-', onBoard] : []),
        q,
        output.reals?.[i] ?? real(q),
        shortReal(output.float[i]!),
      ];
    }),
  );
}

function numbersLegend({ pc }: FirmwareResult, { output }: PcResult): string {
  const float = pc?.expected.reference === 'float' ? '' : '; PC float: before quantization';
  return `${integersText(output)}; (real): what they stand for${float}\n`;
}

function realOf({ scale, offset }: ExpectedOutput): (q: number) => string {
  return (q) => shortReal(scale * (q - offset));
}

function shortReal(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** How far the output is from the input, and what the threshold says of it. */
function reconstruction({ run, board, answer }: FirmwareResult, { expected }: PcResult): string {
  const pc = expected.reconstruction;
  if (!pc) return '';
  const verdict = (isAnomalous: boolean | undefined): string =>
    isAnomalous === undefined ? '-' : isAnomalous ? 'anomalous' : 'normal';
  const row = (who: string, error: number | undefined, says: boolean | undefined) => [
    ...[who, error ?? '-', pc.threshold ?? '-'],
    ...[error === undefined ? '-' : shortReal(error * pc.unit), verdict(says)],
  ];
  const printed = run?.report.reconstruction;
  const table = textTable(
    [{ title: 'reconstruction' }, right('error'), right('threshold'), right('(real)'), { title: 'verdict' }],
    [
      ...(run ? [row(board.name, printed?.error, printed?.isAnomalous)] : []),
      ...(pc.error === undefined ? [] : [row('PC quantized', pc.error, pc.isAnomalous)]),
      ['PC float', '', '', shortReal(pc.float), verdict(pc.isFloatAnomalous)],
    ],
  );
  return `${table}\nError: mean squared difference of output and input, in steps that the board computes with; (real): in real units\n${thresholdText(answer.threshold)}`;
}

function thresholdText(threshold: FirmwareResult['answer']['threshold']): string {
  if (!threshold) return 'Threshold: none; give one with --threshold\n';
  const value = shortReal(threshold.value);
  if (threshold.basis === 'chosen') return `Threshold: ${value} in real units, as chosen\n`;
  const whose = threshold.basis === 'float' ? 'the float network' : 'the quantized network';
  return `Threshold: ${value} in real units, the 99th percentile of ${whose} over ${threshold.samples} sample${threshold.samples === 1 ? '' : 's'}\n`;
}

/** Outputs that are printed by their names, a row each. */
function outputs({ run, comparison }: FirmwareResult, others: readonly ExpectedOutput[]): string {
  if (others.length === 0) return '';
  const compared = new Map(comparison?.others.map((o) => [o.name, o]));
  return textTable(
    [
      { title: 'output' },
      right('elements'),
      ...(run ? [right('equal'), right('float differs by')] : []),
      { title: 'first values' },
    ],
    others.map((output) => {
      const { name, quantized } = output;
      const found = compared.get(name);
      const values = (run && printedOf(run.report, output)?.values) ?? new Map(quantized.entries());
      return [
        ...[name, grouped(quantized.length)],
        ...(run
          ? [
              found ? grouped(found.elements - found.differing) : '-',
              found ? shortReal(found.fromFloat) : '-',
            ]
          : []),
        firstValues([...values.values()]),
      ];
    }),
  );
}

function firstValues(values: readonly number[]): string {
  return values.slice(0, FIRST_VALUES).join(' ') + (values.length > FIRST_VALUES ? ' …' : '');
}

/** What the board printed and the real values that stand for it; nothing when it has not run. */
function asPrinted(result: FirmwareResult): string[] {
  const { run, labels, board, bundle } = result;
  if (!run) return [];
  const { confidences, others = [] } = run.report;
  const output = bundle.placeholders.find((p) => p.direction === 'output')!;
  const real = realValue(output);
  const label = labelColumn(
    labels,
    confidences.map((c) => c.classIndex),
  );
  const table = textTable(
    [right('class'), ...label.titles, right(board.name), right('(real)')],
    confidences.map(({ classIndex, value }) => [
      classIndex,
      ...label.of(classIndex),
      value,
      real(value).toFixed(3),
    ]),
  );
  return [
    ...(confidences.length > 0 ? [table, `${integersText(output)}; (real): what they stand for\n`] : []),
    printedOutputs(others),
    printedReconstruction(result, output),
  ];
}

/** Outputs that a board printed by their names, where nothing is there to compare them with. */
export function printedOutputs(others: readonly PrintedOutput[]): string {
  if (others.length === 0) return '';
  return textTable(
    [{ title: 'output' }, right('elements'), { title: 'first values' }],
    others.map(({ name, values, reals }) => [
      ...[name, grouped(values.size)],
      reals && values.size <= FIRST_VALUES
        ? [...reals.values()].join(' ')
        : firstValues([...values.values()]),
    ]),
  );
}

function printedReconstruction({ run, bundle, answer }: FirmwareResult, output: Placeholder): string {
  const printed = run?.report.reconstruction;
  const input = bundle.placeholders.find((p) => p.direction === 'input');
  if (!printed || !input) return '';
  const { unit } = reconstructionOf(input, output, answer);
  const says = printed.isAnomalous === undefined ? '' : printed.isAnomalous ? ', anomalous' : ', normal';
  return `Reconstruction error ${printed.error}, ${shortReal(printed.error * unit ** 2)} in real units${says}\n${thresholdText(answer.threshold)}`;
}

/** A column for the names of classes, where they say more than the numbers do. */
function labelColumn(labels: readonly string[], of: readonly number[]) {
  const isNamed = of.some((i) => labels[i] !== undefined && labels[i] !== String(i));
  return {
    titles: isNamed ? [{ title: 'label' }] : [],
    of: (i: number): string[] => (isNamed ? [labels[i] ?? ''] : []),
  };
}
