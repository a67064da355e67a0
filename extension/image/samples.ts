import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, throwIfCancelled } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readBounded } from '../common/files.ts';
import { decodeImage, MAX_FILE_BYTES } from './decode.ts';
import type { Image } from './image.ts';

/** Most images taken from one list of files and folders. */
const MAX_SAMPLES = 100_000;
/** Longest labels.csv read, in bytes. */
const MAX_LABELS_BYTES = 16 * 1024 * 1024;
const ENDINGS = /\.(png|jpe?g|bmp)$/i;

/** An image file and what it shows, where that is known. */
export interface Sample {
  readonly path: string;
  /** From labels.csv, the folder's name, or the end of the file's name; undefined when none says. */
  readonly label: string | undefined;
}

/**
 * Finds image files. A file is taken as it is; of a folder all PNG, JPEG and BMP files directly in it and in its folders
 * one level down (a folder a class), sorted by path so that every machine sees the same order. Labels come from a
 * `labels.csv` (file,label) beside the images, else from the class folder's name, else from the part of the file name
 * behind its last underscore (`0007_9.png` is a 9).
 *
 * @throws UserError `input` when a path does not exist, `usage` when there are more than `limit` images
 */
export async function findSamples(
  paths: readonly string[],
  { limit = MAX_SAMPLES, signal }: { limit?: number; signal?: AbortSignal | undefined } = {},
): Promise<Sample[]> {
  const found = new Map<string, Sample>();
  const labelFiles = new Map<string, ReadonlyMap<string, string>>();
  const add = async (file: string, classFolder: string | undefined): Promise<void> => {
    throwIfCancelled(signal);
    const folder = path.dirname(file);
    let labels = labelFiles.get(folder);
    if (!labels) labelFiles.set(folder, (labels = await readLabels(path.join(folder, 'labels.csv'))));
    const name = path.basename(file);
    found.set(file, { path: file, label: labels.get(name) ?? classFolder ?? labelOfName(name) });
    if (found.size > limit) {
      throw new UserError('usage', say`There are more than ${limit} sample images.`, say`Give fewer images.`);
    }
  };

  for (const given of paths) {
    const kind = await stat(given).catch(() => undefined);
    if (!kind)
      throw new UserError('input', say`There is no image file or folder ${given}.`, say`Check the path.`);
    if (!kind.isDirectory()) {
      await add(given, undefined);
      continue;
    }
    for (const entry of await sortedEntries(given)) {
      const inside = path.join(given, entry.name);
      if (entry.isDirectory()) {
        for (const image of await sortedEntries(inside)) {
          if (!image.isDirectory() && ENDINGS.test(image.name))
            await add(path.join(inside, image.name), entry.name);
        }
      } else if (ENDINGS.test(entry.name)) await add(inside, undefined);
    }
  }
  return [...found.values()];
}

/** Reads and decodes one image file. @throws UserError `input` */
export async function readImage(file: string): Promise<Image> {
  return decodeImage(await readBounded(file, MAX_FILE_BYTES, say`image`), path.basename(file));
}

async function sortedEntries(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((e: NodeJS.ErrnoException) => {
    throw new UserError(
      'input',
      say`The folder ${folder} cannot be read (${e.code ?? say`unknown error`}).`,
      say`Check its permissions.`,
    );
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function readLabels(file: string): Promise<ReadonlyMap<string, string>> {
  const kind = await stat(file).catch(() => undefined);
  if (!kind?.isFile()) return new Map();
  return parseLabels((await readBounded(file, MAX_LABELS_BYTES, say`label file`)).toString('utf8'));
}

/**
 * Parses a labels.csv: `file,label` a line, fields optionally in double quotes; empty lines, lines without a comma and a
 * header line are skipped.
 */
export function parseLabels(text: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const [file = '', label = ''] = firstFields(line);
    if (ENDINGS.test(file) && label !== '') labels.set(file, label);
  }
  return labels;
}

/** The first two fields of a line, trimmed; a field in double quotes has each of its own twice. One pass, whatever comes. */
function firstFields(line: string): string[] {
  const fields: string[] = [];
  for (let at = 0; fields.length < 2 && at <= line.length;) {
    while (line[at] === ' ' || line[at] === '\t') at++;
    const isQuoted = line[at] === '"';
    let text = '';
    if (isQuoted) {
      for (at++; at < line.length && (line[at] !== '"' || line[at + 1] === '"'); at++) {
        if (line[at] === '"') at++;
        text += line[at];
      }
    }
    const comma = line.indexOf(',', at);
    const end = comma < 0 ? line.length : comma;
    fields.push((isQuoted ? text : line.slice(at, end)).trim());
    at = end + 1;
  }
  return fields;
}

function labelOfName(fileName: string): string | undefined {
  return /_([^_]+)\.[^.]+$/.exec(fileName)?.[1];
}
