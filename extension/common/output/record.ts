import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../files.ts';
import { readSmall } from '../regularFile.ts';
import { isPlainPath, placeInside } from './inside.ts';

/** What a file holds. */
export type Contents = string | Uint8Array;

/**
 * Where it is remembered what was written into a folder, relative to it: of a project, of a bundle, of a single file. Each set of
 * outputs has a record of its own, so that runs that write side by side do not lose each other's.
 */
export const RECORDS = {
  project: '.glowport/generated.json',
  bundle: (name: string): string => `.glowport/bundles/${name}.json`,
  file: (name: string): string => `.glowport/files/${name}.json`,
} as const;

/** SHA-256 of what was written last, by path relative to the record's folder. */
export type Written = ReadonlyMap<string, string>;

export interface OutputRecord {
  readonly files: Written;
  /** Of a run that has not ended: what it was going to write. */
  readonly pending: Written;
}

const NOTHING: OutputRecord = { files: new Map(), pending: new Map() };
const MAX_BYTES = 4 << 20;
const MAX_FILES = 10_000;

/**
 * Reads a record. It may come from anybody: one that is damaged or of no sensible size says nothing, and of the paths in it only
 * those count that stay in the folder by their names. Links are the business of who goes there.
 */
export async function readRecord(folder: string, record: string): Promise<OutputRecord> {
  try {
    const place = await placeInside(folder, record);
    if (!(await lstat(place)).isFile()) return NOTHING; // a link
    const { files, pending } = JSON.parse(String(await readSmall(place, MAX_BYTES))) as Record<
      string,
      unknown
    >;
    return { files: writtenOf(files), pending: writtenOf(pending) };
  } catch {
    return NOTHING;
  }
}

/** @throws UserError `input` when it cannot be written */
export async function writeRecord(
  folder: string,
  record: string,
  { files, pending }: OutputRecord,
): Promise<void> {
  const object = (written: Written): object => Object.fromEntries([...written].sort());
  const value = { files: object(files), ...(pending.size > 0 ? { pending: object(pending) } : {}) };
  await writeFileAtomic(path.join(folder, record), `${JSON.stringify(value, null, 2)}\n`, folder);
}

export function hashOf(contents: Contents): string {
  return createHash('sha256').update(contents).digest('hex');
}

function writtenOf(value: unknown): Written {
  if (typeof value !== 'object' || value === null) return new Map();
  const entries = Object.entries(value);
  if (entries.length > MAX_FILES) return new Map();
  const isHash = (hash: unknown): hash is string => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
  return new Map(
    entries.filter((entry): entry is [string, string] => isPlainPath(entry[0]) && isHash(entry[1])),
  );
}
