import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { MAX_SAMPLES, tooMany } from './limits.ts';
import type { Recording } from '../sound/recording.ts';

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
  /** What it holds in place of arrays, when it is sound. */
  readonly recording?: Recording;
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

/** Rows that are computed when they are read. @param row gives one, of `elements` numbers */
export function inRows(rows: number, elements: number, row: (k: number) => Float32Array): Numbers {
  return {
    shape: [rows, elements],
    read: (from, count) => {
      const out = new Float32Array(count);
      for (let done = 0; done < count;) {
        const at = (from + done) % elements;
        const part = row(Math.floor((from + done) / elements)).subarray(at, at + count - done);
        out.set(part, done);
        done += part.length;
      }
      return out;
    },
  };
}

/**
 * Labels that are numbers, one a row: of rows of several (one-hot) the place of the largest.
 * @throws UserError 'usage' for more than there can be samples, as a header may say that takes no bytes
 */
export function labelsOf({ shape, read }: Numbers): string[] {
  const [rows = 1, ...rest] = shape;
  const width = rest.reduce((n, d) => n * d, 1);
  if (rows > MAX_SAMPLES) throw tooMany(MAX_SAMPLES);
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
