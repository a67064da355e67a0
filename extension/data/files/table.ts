import path from 'node:path';
import { readBounded } from '../../common/files.ts';
import { say } from '../../common/errors/sentence.ts';
import { readWav } from '../../sound/wav.ts';
import { type DataFile, isLabelName } from '../numbers.ts';
import { readBin } from './bin.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { readNpy } from './npy.ts';
import { readNpz } from './npz.ts';

/** Of files whose numbers are read where they lie, and of texts, which become many times as large in memory. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_TEXT_BYTES = 128 * 1024 * 1024;

interface Kind {
  readonly limit: number;
  readonly read: (
    bytes: Uint8Array,
    name: string,
    isLabel: (name: string) => boolean,
  ) => DataFile | Promise<DataFile>;
}

const SOUND = '.wav';

/** Files of numbers by their endings; sound is numbers, too. */
const KINDS: Readonly<Record<string, Kind>> = {
  '.npy': {
    limit: MAX_BYTES,
    read: (bytes, name) => ({ arrays: new Map([['', readNpy(bytes, name)]]), labels: undefined }),
  },
  '.npz': { limit: MAX_BYTES, read: (bytes, name, isLabel) => readNpz(bytes, name, MAX_BYTES, isLabel) },
  '.csv': { limit: MAX_TEXT_BYTES, read: readCsv },
  '.tsv': { limit: MAX_TEXT_BYTES, read: readCsv },
  '.json': { limit: MAX_TEXT_BYTES, read: readJson },
  '.bin': { limit: MAX_BYTES, read: readBin },
  [SOUND]: {
    limit: MAX_BYTES,
    read: (bytes, name) => ({ arrays: new Map(), labels: undefined, recording: readWav(bytes, name) }),
  },
};

/** Endings of files of numbers, without their dots. */
export const DATA_ENDINGS: readonly string[] = Object.keys(KINDS).map((ending) => ending.slice(1));

/** Whether a file's name says that it holds numbers. */
export function isDataFile(file: string): boolean {
  return Object.hasOwn(KINDS, path.extname(file).toLowerCase());
}

/** Whether a file's name says that it holds sound. */
export function isSoundFile(file: string): boolean {
  return path.extname(file).toLowerCase() === SOUND;
}

/** Reads a file of numbers. @param inputs arrays of such a name are no labels, whatever it says @throws UserError 'input' */
export async function readDataFile(file: string, inputs: readonly string[] = []): Promise<DataFile> {
  const { limit, read } = KINDS[path.extname(file).toLowerCase()]!;
  const bytes = await readBounded(file, limit, say`data file`);
  return read(bytes, path.basename(file), (name) => isLabelName(name) && !inputs.includes(name));
}
