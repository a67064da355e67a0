import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ErrorData, errorData, errorOf, UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { readStart } from '../common/regularFile.ts';
import { cIdentifier } from '../bundle/bundle.ts';
import { isRead, START_BYTES, type Format, type KnownFormat } from '../model/formats/format.ts';
import { formatOf, formats, notRead } from '../model/formats/table.ts';

/** Of a model whose name has no letter or digit that C takes. */
const NAMELESS = 'network';

/**
 * The network's name, as C takes it: the one given, else the file's without its ending. No underscore stands before its
 * first letter, for such names are C's own.
 */
export function networkName(file: string, given?: string): string {
  const name = cIdentifier(given ?? path.parse(file).name).replace(/^_+/, '');
  return cIdentifier(name === '' ? NAMELESS : name);
}

/** The format of a model that is a file or a folder, as far as it can be told. */
export async function formatAt(place: string): Promise<Format | undefined> {
  // whoever reads the whole file says why it cannot be
  const start = (await readStart(place, START_BYTES)) ?? new Uint8Array();
  return (await formatOfFolder(place)) ?? formatOf(place, start);
}

/** The format that keeps its models as folders such as this one. */
export async function formatOfFolder(folder: string): Promise<KnownFormat | undefined> {
  for (const format of formats) {
    if (isRead(format) || format.folderWith === undefined) continue;
    const file = await stat(path.join(folder, format.folderWith)).catch(() => undefined);
    if (file?.isFile()) return format;
  }
  return undefined;
}

/**
 * Refuses a model of a format that is not read, before anybody is asked about it.
 * @throws UserError `input`: what makes one of it that is read
 */
export async function refuseUnread(place: string): Promise<void> {
  const format = await formatAt(place);
  if (format && !isRead(format)) throw notRead(place, format);
}

/** Importers know bytes, not files: their sentences get the file's name in front. */
export async function named<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    throw errorOf(fileNamed(file, errorData(e)));
  }
}

/** An error's sentence with the file's name in front. */
export function fileNamed(file: string, error: ErrorData): ErrorData {
  return { ...error, sentence: say`${path.basename(file)}: ${error.sentence}` };
}
