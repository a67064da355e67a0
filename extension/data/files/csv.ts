import { fieldsOf, linesOf } from '../../common/csv.ts';
import { say } from '../../common/errors/sentence.ts';
import { textOf } from '../../common/text.ts';
import { badData, type DataFile, inMemory, isLabelName } from '../numbers.ts';

/** Between fields, in the order in which they are looked for; `;` where a comma is the decimal point. */
const DELIMITERS = ['\t', ';', ',', ' '] as const;

/** Longest line, in characters: each field takes many times as much memory. */
const MAX_LINE = 4 * 1024 * 1024;

/**
 * A table of numbers: a row a line, fields between commas, semicolons (then a comma may be the decimal point), tabs or spaces. A first
 * line that is no numbers names the columns; the one called `label` (or class, target, y), or the only one that is no numbers, says what
 * each row shows. A first column without a name, which pandas writes, only counts.
 *
 * @throws UserError 'input'
 */
export function readCsv(bytes: Uint8Array, name: string): DataFile {
  const text = textOf(bytes);
  let delimiter: string | undefined;
  let columns: Columns | undefined;
  const data: number[] = [];
  const labels: string[] = [];
  let rows = 0;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    if (line.length > MAX_LINE) {
      throw badData(
        name,
        say`has more than ${MAX_LINE} characters in line ${number}`,
        say`Give a line for each sample, or the numbers as .npy.`,
      );
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    delimiter ??= DELIMITERS.find((d) => line.trim().includes(d)) ?? ',';
    const fields = fieldsOf(line, delimiter);
    const numeric = fields.map((field) => numberOf(field, delimiter!));
    if (!columns) {
      columns = columnsOf(fields, numeric);
      if (columns.isHeader) continue;
    }
    if (fields.length !== columns.width) {
      throw badData(
        name,
        say`has ${fields.length} fields in line ${number}, and ${columns.width} before`,
        say`Give a table with as many fields in every line.`,
      );
    }
    // behind a header the first row tells which column has no numbers
    if (rows === 0 && columns.label === undefined && columns.isHeader)
      columns = { ...columns, label: onlyText(numeric) };
    for (const [k, value] of numeric.entries()) {
      if (k === columns.label || k === columns.index) continue;
      if (value === undefined) {
        throw badData(
          name,
          say`has "${fields[k]!.slice(0, 40)}" in line ${number}, column ${k + 1}, where a number is wanted`,
          say`A column of labels is called label, class, target or y.`,
        );
      }
      data.push(value);
    }
    if (columns.label !== undefined) labels.push(fields[columns.label]!);
    rows++;
  }
  if (rows === 0 || data.length === 0)
    throw badData(name, say`holds no numbers`, say`Give a line of numbers for each sample.`);
  const numbers = inMemory([rows, data.length / rows], Float32Array.from(data));
  return { arrays: new Map([['', numbers]]), labels: labels.length > 0 ? labels : undefined };
}

interface Columns {
  readonly width: number;
  readonly isHeader: boolean;
  readonly label: number | undefined;
  /** Counts the rows. */
  readonly index: number | undefined;
}

function columnsOf(fields: readonly string[], numeric: readonly (number | undefined)[]): Columns {
  const width = fields.length;
  const texts = numeric.filter((v) => v === undefined).length;
  // with a z beside it, y is an axis
  const isAxis = fields.some((f) => f.toLowerCase() === 'z');
  const named = fields.findIndex((f) => isLabelName(f) && !(isAxis && f.toLowerCase() === 'y'));
  // one text in a line of numbers is a label; several, or all, are names
  if (named < 0 && (texts === 0 || (texts === 1 && width > 1))) {
    return { width, isHeader: false, label: onlyText(numeric), index: undefined };
  }
  const index = fields[0] === '' ? 0 : undefined;
  return { width, isHeader: true, label: named < 0 ? undefined : named, index };
}

/** The only field that is no number. */
function onlyText(numeric: readonly (number | undefined)[]): number | undefined {
  const at = numeric.indexOf(undefined);
  return at >= 0 && numeric.indexOf(undefined, at + 1) < 0 ? at : undefined;
}

/** A field's number; a missing one is none. */
function numberOf(field: string, delimiter: string): number | undefined {
  if (field === '') return undefined;
  const value = Number(delimiter === ';' ? field.replace(',', '.') : field);
  return Number.isNaN(value) && !/^[+-]?nan$/i.test(field) ? undefined : value;
}
