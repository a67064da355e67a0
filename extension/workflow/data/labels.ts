import { stat } from 'node:fs/promises';
import path from 'node:path';
import { linesOf } from '../../common/csv.ts';
import { readBounded } from '../../common/files.ts';
import { say } from '../../common/errors/sentence.ts';
import { textOf } from '../../common/text.ts';

const MAX_LABELS_BYTES = 1024 * 1024;
const MAX_LABEL_LENGTH = 100;

/**
 * Names of classes, a line each, from a labels file; without one from labels.txt beside the model. Empty when there is none.
 *
 * @throws UserError `input` when the named file cannot be read
 */
export async function readLabels(model: string, labels: string | undefined): Promise<readonly string[]> {
  const file = labels ?? path.join(path.dirname(model), 'labels.txt');
  if (labels === undefined && !(await stat(file).catch(() => undefined))?.isFile()) return [];
  const lines = [...linesOf(textOf(await readBounded(file, MAX_LABELS_BYTES, say`labels file`)))];
  while (lines.at(-1)?.trim() === '') lines.pop();
  return lines.map((line) => line.trim().slice(0, MAX_LABEL_LENGTH));
}

/** A sample's label as a class number: its place among the class names, or the number it is. */
export function classNumber(label: string | undefined, labels: readonly string[]): number | undefined {
  if (label === undefined) return undefined;
  const named = labels.indexOf(label);
  if (named >= 0) return named;
  return /^\d{1,6}$/.test(label) ? Number(label) : undefined;
}
