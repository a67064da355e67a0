import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Sample } from './sample.ts';

/** The sample that somebody named: a file, or `file#12` for row 12 of it. The path becomes absolute. */
export async function sampleAt(given: string): Promise<Sample> {
  const row = /^(.+)#(\d{1,9})$/.exec(given);
  // a file may have such a name itself
  const isRow = row !== null && !(await stat(given).catch(() => undefined));
  return isRow
    ? { path: path.resolve(row[1]!), row: Number(row[2]), label: undefined }
    : { path: path.resolve(given), label: undefined };
}
