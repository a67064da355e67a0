import type { OutputValues } from '../../../webview/shared/validation.ts';
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
  const rows = outcomes.map((outcome) => {
    const { number, name, label, answer, timeUs, isEqual, outputs: board, pc = board } = outcome;
    const values = outputs.flatMap((output) => [valuesOf(board, output), valuesOf(pc, output)]);
    return [number, name, label ?? '', answer ?? '', timeUs, isEqual ? 'yes' : 'no', ...values];
  });
  return [head, ...rows].map((row) => `${row.map((field) => quoted(String(field))).join(',')}\n`).join('');
}

function valuesOf(outputs: readonly OutputValues[] | undefined, name: string): string {
  return outputs?.find((output) => output.name === name)?.values.join(' ') ?? '';
}

/** Numbers of ours, a blank between them. */
const NUMBERS = /^-?\d[\d.]*(?:e[+-]?\d+)?(?: -?\d[\d.]*(?:e[+-]?\d+)?)*$/;

/** A field as RFC 4180 has it. What spreadsheets would take for a formula stays text: samples' names are anybody's. */
function quoted(field: string): string {
  const text = /^[-=+@\t\r]/.test(field) && !NUMBERS.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
