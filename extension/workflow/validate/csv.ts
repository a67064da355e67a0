import type { OutputValues } from '../../../webview/shared/validation.ts';
import { csvRow, type CsvCell } from '../../common/csv.ts';
import type { SampleOutcome } from '../../validate/outcome.ts';

/**
 * A row a sample: its place, name and label, what the board's first output says (the class, the number, the error), the time, whether
 * the board is equal to the PC, and the numbers of every output of both, with spaces between them. Numbers of outputs are left out
 * where they were not kept.
 * @param outputs names of the outputs
 */
export function outcomesCsv(outcomes: readonly SampleOutcome[], outputs: readonly string[]): string {
  const columns = outputs.flatMap((name) => [`board ${name}`, `pc ${name}`]);
  const head = ['number', 'name', 'label', 'answer', 'time_us', 'equal', ...columns];
  const rows = outcomes.map((outcome): CsvCell[] => {
    const { number, name, label, answer, timeUs, isEqual, outputs: board, pc = board } = outcome;
    const values = outputs.flatMap((output) => [valuesOf(board, output), valuesOf(pc, output)]);
    return [number, name, label, answer, timeUs, isEqual ? 'yes' : 'no', ...values];
  });
  return [head, ...rows].map((row) => `${csvRow(row)}\n`).join('');
}

function valuesOf(outputs: readonly OutputValues[] | undefined, name: string): readonly number[] | undefined {
  return outputs?.find((output) => output.name === name)?.values;
}
