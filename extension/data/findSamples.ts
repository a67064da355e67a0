import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { fieldsOf, linesOf } from '../common/csv.ts';
import { say } from '../common/errors/sentence.ts';
import { readBounded } from '../common/files.ts';
import { RECORDS } from '../common/output/record.ts';
import { textOf } from '../common/text.ts';
import { isDataFile, isSoundFile } from './files/table.ts';
import { Leavings } from './leftOut.ts';
import { MAX_SAMPLES, tooMany } from './limits.ts';
import { type Parts, partsIn } from './parts.ts';
import { labelsFileOf } from './twin.ts';
import type { Sample } from './sample.ts';

/** Longest labels.csv read, in bytes. */
const MAX_LABELS_BYTES = 16 * 1024 * 1024;
const PICTURE = /\.(png|jpe?g|bmp)$/i;
/** Folders in folders that are looked into. */
const MAX_DEPTH = 8;
/** Folder of the records of bundles. */
const RECORD_OF_BUNDLES = path.posix.dirname(RECORDS.bundle('any'));
/** Folder of all records. */
const [RECORD_FOLDER] = RECORD_OF_BUNDLES.split('/') as [string];
/** Labels of the files beside it. */
const LABELS = 'labels.csv';
/** What systems and tools leave in folders, beside names that begin with a dot. */
const JUNK: ReadonlySet<string> = new Set([
  ...['__MACOSX', 'node_modules', 'Thumbs.db', 'desktop.ini', 'glowport.json'],
  // Speech Commands keeps minutes of noise there, of no class
  '_background_noise_',
]);

/** Whether a file's name says that it may be a sample, or hold some. */
export function isSampleFile(file: string): boolean {
  return PICTURE.test(file) || isDataFile(file);
}

interface FindOptions {
  /** Most samples. */
  readonly limit?: number;
  /** Names of the model's inputs. */
  readonly inputs?: readonly string[];
  /** Is told what of folders is no sample. */
  readonly leavings?: Leavings;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds sample files. A file is taken as it is; of a folder and its folders all pictures (PNG, JPEG, BMP), or where there is none all
 * recordings (.wav), or where there is none all files of numbers (.npy, .npz, .csv, .json, .bin), sorted by path so that every machine sees the same order. For a model
 * with several inputs a folder may have a file for each of them (see parts.ts), of any kinds. Labels come from a
 * `labels.csv` (file,label) beside them, else from the class folder's name, else from the part of the file name behind its last underscore
 * (`0007_9.png` is a 9). What a file of numbers holds `SampleReader` tells, which knows the model.
 *
 * @throws UserError `input` when a path does not exist, or a sample lacks the file of an input, `usage` when there are more than `limit` files
 */
export async function findSamples(
  paths: readonly string[],
  { limit = MAX_SAMPLES, inputs = [], leavings = new Leavings(), signal }: FindOptions = {},
): Promise<Sample[]> {
  const found = new Map<string, Sample>();
  const labelFiles = new Map<string, ReadonlyMap<string, string>>();
  const labelOf = async (file: string): Promise<string | undefined> => {
    const folder = path.dirname(file);
    let labels = labelFiles.get(folder);
    if (!labels) labelFiles.set(folder, (labels = await readLabels(path.join(folder, LABELS))));
    return labels.get(path.basename(file));
  };
  const add = (sample: Sample): void => {
    throwIfCancelled(signal);
    found.set(sample.path, sample);
    if (found.size > limit) throw tooMany(limit);
  };
  const addFile = async (file: string, classFolder: string | undefined): Promise<void> => {
    const label = (await labelOf(file)) ?? classFolder ?? labelOfName(path.basename(file));
    add({ path: file, label });
  };
  const addParts = async (root: string, { key, files }: Parts): Promise<void> => {
    const lacking = inputs.find((input) => !files.has(input));
    if (lacking !== undefined) throw lacksPart(path.join(root, [...files.values()][0]!), lacking);
    const parts = Object.fromEntries(inputs.map((input) => [input, path.join(root, files.get(input)!)]));
    let label: string | undefined;
    for (const file of Object.values(parts)) {
      // a list beside the files, or beside the folders of the inputs
      const above = path.join(root, path.dirname(key), path.basename(file));
      label ??= (await labelOf(file)) ?? (await labelOf(above));
    }
    const classFolder = path.dirname(key) === '.' ? undefined : path.basename(path.dirname(key));
    label ??= classFolder ?? labelOfName(`${path.basename(key)}.part`);
    add({ path: parts[inputs[0]!]!, parts, label });
  };

  for (const given of paths) {
    const kind = await stat(given).catch(() => undefined);
    if (!kind)
      throw new UserError('input', say`There is no sample file or folder ${given}.`, say`Check the path.`);
    if (!kind.isDirectory()) {
      await addFile(given, undefined);
      continue;
    }
    const files: Found[] = [];
    await collect(given, undefined, 0, { files, leavings, signal });
    const inFolder = partsIn(
      files.map(({ file }) => path.relative(given, file)),
      inputs,
    );
    if (inFolder) {
      for (const parts of inFolder.parts) await addParts(given, parts);
      for (const file of inFolder.others) leavings.add('noPart', path.basename(file));
      continue;
    }
    const taken = new Set(ofOneKind(files));
    for (const one of files) {
      if (taken.has(one)) await addFile(one.file, one.classFolder);
      else leavings.add('otherKind', path.basename(one.file));
    }
  }
  return [...found.values()];
}

function lacksPart(file: string, input: string): UserError {
  return new UserError(
    'input',
    say`The sample ${file} has no file for the model's input '${input}'.`,
    say`Give one of the same name with the input's before the ending, or in a folder of the input's name.`,
  );
}

/** Pictures, else recordings, else files of numbers, which may say anything about the others. */
function ofOneKind(files: readonly Found[]): readonly Found[] {
  const pictures = files.filter(({ file }) => PICTURE.test(file));
  if (pictures.length > 0) return pictures;
  const recordings = files.filter(({ file }) => isSoundFile(file));
  return recordings.length > 0 ? recordings : files;
}

interface Found {
  readonly file: string;
  /** The folder it lies in, unless that was named itself. */
  readonly classFolder: string | undefined;
}

/** What is found on the way. */
interface Collection {
  readonly files: Found[];
  readonly leavings: Leavings;
  readonly signal: AbortSignal | undefined;
}

async function collect(
  folder: string,
  classFolder: string | undefined,
  depth: number,
  collection: Collection,
): Promise<void> {
  const { files, leavings, signal } = collection;
  throwIfCancelled(signal);
  for (const { name, isFolder } of await candidatesIn(folder, leavings)) {
    const inside = path.join(folder, name);
    if (!isFolder) files.push({ file: inside, classFolder });
    else if (depth < MAX_DEPTH) await collect(inside, name, depth + 1, collection);
    else leavings.add('tooDeep', name);
    if (files.length > 2 * MAX_SAMPLES) throw tooMany(MAX_SAMPLES);
  }
}

/** What may be a sample, or a folder that may hold some. */
export interface Candidate {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * What in a folder may be samples, or hold some, by name: nothing hidden, no labels, nothing that systems, tools or GlowPort itself
 * left there.
 * @param leavings is told what is passed over, but for files of labels
 * @throws UserError `input` when it cannot be read
 */
export async function candidatesIn(
  folder: string,
  leavings: Leavings = new Leavings(),
): Promise<readonly Candidate[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((e: NodeJS.ErrnoException) => {
    throw new UserError(
      'input',
      say`The folder ${folder} cannot be read (${e.code ?? say`unknown error`}).`,
      say`Check its permissions.`,
    );
  });
  const labels = new Set(entries.flatMap((e) => labelsFileOf(e.name) ?? []));
  const found: Candidate[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    const { name } = entry;
    if (name === LABELS || labels.has(name)) continue;
    const isFolder = entry.isDirectory();
    if (name === RECORD_FOLDER) continue;
    if (name.startsWith('.')) leavings.add('hidden', name);
    else if (JUNK.has(name)) leavings.add('junk', name);
    else if (!isFolder && !isSampleFile(name)) leavings.add('unknown', name);
    else if (isFolder && (await isOurs(path.join(folder, name)))) leavings.add('own', name);
    else found.push({ name, isFolder });
  }
  return found;
}

/** Whether GlowPort has written a project or a bundle into a folder: its .json and .bin files are no samples. */
async function isOurs(folder: string): Promise<boolean> {
  for (const record of [RECORDS.project, RECORD_OF_BUNDLES]) {
    if (await stat(path.join(folder, record)).catch(() => undefined)) return true;
  }
  return false;
}

async function readLabels(file: string): Promise<ReadonlyMap<string, string>> {
  const kind = await stat(file).catch(() => undefined);
  if (!kind?.isFile()) return new Map();
  return parseLabels(textOf(await readBounded(file, MAX_LABELS_BYTES, say`label file`)));
}

/**
 * Parses a labels.csv: `file,label` a line, fields optionally in double quotes; empty lines, lines without a comma and a
 * header line are skipped.
 */
export function parseLabels(text: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [file = '', label = ''] = fieldsOf(line, ',');
    if (isSampleFile(file) && label !== '') labels.set(file, label);
  }
  return labels;
}

/** What the end of a file's name says that it shows: `0007_9.png` a 9; Speech Commands' `0a7c2a8d_nohash_0.wav` only counts. */
export function labelOfName(fileName: string): string | undefined {
  if (/_nohash_\d{1,9}\.wav$/i.test(fileName)) return undefined;
  return /_([^_]+)\.[^.]+$/.exec(fileName)?.[1];
}
