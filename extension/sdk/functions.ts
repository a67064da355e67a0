import path from 'node:path';
import { readSmall } from '../common/regularFile.ts';
import type { BoardFiles } from './boardFiles.ts';

/** Longest file that is read; drivers have some hundred kilobytes. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Names of the functions that a board's sources define and that main() may call, those of the headers beside them and macros with
 * arguments included: releases differ in what their drivers have.
 */
export async function functionsOf(root: string, { sources }: BoardFiles): Promise<Set<string>> {
  const files = sources
    .filter((file) => file.endsWith('.c'))
    .flatMap((file) => [file, file.replace(/c$/, 'h')]);
  const names = new Set<string>();
  for (const file of files) {
    const text = (await readSmall(path.join(root, file), MAX_BYTES))?.toString('utf8') ?? '';
    for (const name of definedFunctions(text)) names.add(name);
  }
  return names;
}

/** Names before a parameter list with a body behind it, and of macros with arguments. Keywords such as `if` may be among them. */
export function definedFunctions(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g, ' ');
  const macros = code.matchAll(/^[ \t]{0,20}#[ \t]{0,20}define[ \t]{1,20}([A-Za-z_]\w{0,200})\(/gm);
  const bodies = code
    .replace(/^[ \t]{0,20}#[^\n]*/gm, '')
    .matchAll(/\b([A-Za-z_]\w{0,200})\s{0,10}\([^;{}()]{0,500}\)\s{0,100}\{/g);
  return [...macros, ...bodies].map((found) => found[1]!);
}
