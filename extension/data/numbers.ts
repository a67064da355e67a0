import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';

/** An array of numbers in a file, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  /** Its elements `from` to `from + count`, as float32. */
  read(from: number, count: number): Float32Array;
}

/** What a data file holds. */
export interface DataFile {
  /** Its arrays by name; the only one of a file that gives it none is called ''. */
  readonly arrays: ReadonlyMap<string, Numbers>;
  /** What each row shows, where the file says it. */
  readonly labels: readonly string[] | undefined;
}

/** Names that arrays and columns of labels have, whatever their case. */
const LABELS: ReadonlySet<string> = new Set(['y', 'label', 'labels', 'class', 'target', 'targets']);

/** Whether a name says that it is of labels. */
export function isLabelName(name: string): boolean {
  return LABELS.has(name.trim().toLowerCase());
}

export function inMemory(shape: readonly number[], data: Float32Array): Numbers {
  return { shape, read: (from, count) => data.slice(from, from + count) };
}

/** Labels that are numbers, one a row: of rows of several (one-hot) the place of the largest. */
export function labelsOf({ shape, read }: Numbers): string[] {
  const [rows = 1, ...rest] = shape;
  const width = rest.reduce((n, d) => n * d, 1);
  return Array.from({ length: rows }, (_, row) => {
    const numbers = read(row * width, width);
    if (width === 1) return String(numbers[0]);
    return String(numbers.reduce((best, v, i) => (v > numbers[best]! ? i : best), 0));
  });
}

/** @param why goes on behind the file's name: `is cut off` */
export function badData(name: string, why: Sentence, ...help: Sentence[]): UserError {
  return new UserError('input', say`${name} ${why}.`, help.length > 0 ? help : [say`Write the file again.`]);
}
