import path from 'node:path';
import { readC } from '../common/cSource.ts';
import { readSmall } from '../common/regularFile.ts';
import type { BoardFiles } from './boardFiles.ts';

/** Longest file that is read; drivers have some hundred kilobytes. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Names of the functions that a board's sources define and that main() may call, those of the headers beside them and
 * macros included: releases differ in what their drivers have.
 */
export async function functionsOf(
  root: string,
  { sources }: Pick<BoardFiles, 'sources'>,
): Promise<Set<string>> {
  const files = sources
    .filter((file) => file.endsWith('.c'))
    .flatMap((file) => [file, file.replace(/c$/, 'h')]);
  const names = new Set<string>();
  for (const file of files) {
    const text = (await readSmall(path.join(root, file), MAX_BYTES))?.toString('utf8') ?? '';
    const { functions, macros } = readC(text);
    for (const name of [...functions.keys(), ...macros]) names.add(name);
  }
  return names;
}
