/**
 * What all the rest asks of the formats: what a file is, and which endings there are. Nothing outside of this folder knows a
 * format or an ending.
 */
import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import * as all from './all.ts';
import { isRead, START_BYTES } from './format.ts';
import type { Format, KnownFormat, ReadFormat } from './format.ts';

export const formats: readonly Format[] = Object.values(all);

/** Those that models are read from. */
export const readFormats: readonly ReadFormat[] = formats.filter(isRead);

/** Endings of the files that models are read from. */
export const readEndings: readonly string[] = readFormats.flatMap((f) => f.endings);

/** Those of them that are not only models'. */
export const sharedEndings: readonly string[] = readFormats.flatMap((f) => f.sharedEndings ?? []);

/** Endings of all files that are known to be models: first those that are read. */
export const knownEndings: readonly string[] = [
  ...readEndings,
  ...formats.filter((f) => !isRead(f)).flatMap((f) => f.endings),
];

/** Whether a file's name is one of models that are read. */
export function hasReadEnding(file: string): boolean {
  return readEndings.includes(endingOf(file));
}

/** Whether a file's name may be that of something else than a model. */
export function hasSharedEnding(file: string): boolean {
  return sharedEndings.includes(endingOf(file));
}

/**
 * What a model file is: by its first bytes, else by its ending.
 * @param bytes the file, or at least its first START_BYTES bytes; none when it cannot be read
 */
export function formatOf(file: string, bytes: Uint8Array): Format | undefined {
  const start = bytes.subarray(0, START_BYTES);
  const ending = endingOf(file);
  return formats.find((f) => f.begins?.(start)) ?? formats.find((f) => f.endings.includes(ending));
}

/**
 * The format that a model file is read with.
 * @throws UserError `input` when it is of none that is read: what makes such a model of it
 */
export function readFormatOf(file: string, bytes: Uint8Array): ReadFormat {
  const format = formatOf(file, bytes);
  if (format && isRead(format)) return format;
  throw format ? notRead(file, format) : notKnown(file);
}

/** Of a model in a format that is known, but not read. */
export function notRead(file: string, format: KnownFormat): UserError {
  const names = readFormats.map((f) => f.name);
  return new UserError(
    'input',
    say`${path.basename(file)} is ${format.model}, and GlowPort reads ${names}.`,
    format.advise(file),
  );
}

function notKnown(file: string): UserError {
  return new UserError(
    'input',
    say`${path.basename(file)} is no model of a format that GlowPort knows.`,
    say`Give a model in one of these formats, with its ending: ${readFormats.map((f) => say`${f.name} (${f.endings})`)}.`,
  );
}

function endingOf(file: string): string {
  return path.extname(file).toLowerCase();
}
