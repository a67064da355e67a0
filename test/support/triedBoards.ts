import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';

/*
 * The table of docs/sdk.md that says which boards of NXP's SDK were built for with which release. Each run with an SDK knows
 * one column; what other releases gave stays.
 */

/** What a build gave, by board: the name and core of it, and bytes of flash and RAM. */
export interface TriedBoard {
  readonly name: string;
  readonly core: string;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

const FILE = path.join(productRoot, 'docs', 'sdk.md');
const BEGIN = '<!-- tried: begin -->';
const END = '<!-- tried: end -->';

/** Cells by row (name and core of a board) and release. */
type Cells = Map<string, Map<string, string>>;

/** Rows of the table, without the line under its head. */
function rowsOf(block: string): string[][] {
  return block
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

async function read(): Promise<{ before: string; cells: Cells; after: string }> {
  const text = await readFile(FILE, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  const [block = '', after = ''] = rest.split(END);
  const [head = [], ...rows] = rowsOf(block);
  const cells: Cells = new Map();
  for (const row of rows) {
    const known = head.slice(2).map((release, i) => [release, row[i + 2] ?? ''] as const);
    cells.set(`${row[0]}|${row[1]}`, new Map(known.filter(([, cell]) => cell !== '')));
  }
  return { before, cells, after };
}

/** Boards that the table says were built with a release. */
export async function boardsInTable(release: string): Promise<string[]> {
  const { cells } = await read();
  return [...cells].filter(([, row]) => row.has(release)).map(([key]) => key.split('|')[0]!);
}

/** Writes a release's column anew. */
export async function writeTable(release: string, tried: readonly TriedBoard[]): Promise<void> {
  const { before, cells, after } = await read();
  for (const row of cells.values()) row.delete(release);
  for (const { name, core, flashBytes, ramBytes } of tried) {
    const key = `${name}|${core}`;
    const row = cells.get(key) ?? new Map<string, string>();
    row.set(release, `${flashBytes.toLocaleString('en')} / ${ramBytes.toLocaleString('en')}`);
    cells.set(key, row);
  }
  const filled = [...cells].filter(([, row]) => row.size > 0);
  const releases = [...new Set(filled.flatMap(([, row]) => [...row.keys()]))].sort();
  const lines = [
    ['board', 'core', ...releases],
    ['---', '---', ...releases.map(() => '---:')],
    ...filled
      .sort(([a], [b]) => a.split('|')[1]!.localeCompare(b.split('|')[1]!) || a.localeCompare(b))
      .map(([key, row]) => [...key.split('|'), ...releases.map((release) => row.get(release) ?? '')]),
  ].map((row) => `| ${row.join(' | ')} |`.replace(/ {2,}/g, ' '));
  await writeFile(FILE, `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`);
}
