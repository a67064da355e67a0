import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A promise that was broken. */
export interface Finding {
  readonly seed: number;
  /** What was tried. */
  readonly label: string;
  /** Of one kind: what broke and where, without the numbers of the case. */
  readonly kind: string;
  /** What is known of it: an exception with its stack, or what it did not keep to. */
  readonly text: string;
}

/** What an exception tells. */
export function findingOf(seed: number, label: string, e: unknown): Finding {
  const text = e instanceof Error ? (e.stack ?? e.message) : String(e);
  const [what = ''] = text.split('\n');
  const where = /(?:extension|test)\/[^\s)]+\.ts:\d+/.exec(text)?.[0] ?? '';
  const kind = `${label}: ${what.replace(/\d+/g, '#').slice(0, 120)} ${where}`;
  return { seed, label, kind, text };
}

/** How to try the case again. */
export function repeat(fuzzer: string, seed: number): string {
  return `npm run fuzz -- ${fuzzer} --seed ${seed} --cases 1`;
}

/**
 * Keeps a finding and its input for whoever looks into it.
 * @returns the file that says it
 */
export function keepFinding(
  folder: string,
  fuzzer: string,
  finding: Finding,
  input: Uint8Array | string | undefined,
): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${fuzzer}-${finding.seed}.txt`);
  const { label, kind, text, seed } = finding;
  writeFileSync(file, [kind, repeat(fuzzer, seed), label, '', text, ''].join('\n'));
  if (input !== undefined) writeFileSync(path.join(folder, `${fuzzer}-${seed}.input`), input);
  return file;
}
