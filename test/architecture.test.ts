import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { productRoot } from '../extension/common/resources.ts';

/** Rooms of the engine, and those on top of it. */
interface Walls {
  readonly WALLS: Readonly<Record<string, readonly string[]>>;
  readonly SURFACES: Readonly<Record<string, { readonly may: readonly string[] }>>;
}

const EVERY_ROOM = 'every room above';

/** Rows of the document's tables of rooms: room → what it may import. */
function drawnWalls(): Map<string, string[]> {
  const text = readFileSync(path.join(productRoot, 'docs', 'architecture.md'), 'utf8');
  const rows = new Map<string, string[]>();
  let inTable = false;
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 5) inTable = false;
    else if (cells[3] === 'may import') inTable = true;
    else if (inTable && !/^-+$/.test(cells[1]!)) {
      const may = cells[3] === '–' ? [] : cells[3]!.split(', ');
      for (const room of cells[1]!.split(', ')) rows.set(room, may);
    }
  }
  return rows;
}

describe('docs/architecture.md', () => {
  it('draws the walls that lint keeps', async () => {
    const file = pathToFileURL(path.join(productRoot, 'eslint.walls.mjs')).href;
    const { WALLS, SURFACES } = (await import(file)) as Walls;
    const engine = Object.keys(WALLS);
    const drawn = [...drawnWalls()].map(([room, may]) => [
      room,
      may.flatMap((m) => (m === EVERY_ROOM ? engine : [m])).sort(),
    ]);
    const kept = [
      ...Object.entries(WALLS),
      ...Object.entries(SURFACES).map(([room, { may }]) => [room, may] as const),
    ].map(([room, may]) => [room, [...may].sort()]);
    assert.deepEqual(Object.fromEntries(drawn), Object.fromEntries(kept));
  });

  it('has a room for each folder', () => {
    const isFolder = (folder: string): boolean => statSync(path.join(productRoot, folder)).isDirectory();
    const folders = readdirSync(path.join(productRoot, 'extension')).filter((f) =>
      isFolder(`extension/${f}`),
    );
    const rooms = [...drawnWalls().keys()].map((room) => room.replace(/^extension\//, ''));
    assert.deepEqual(
      folders.filter((folder) => !rooms.includes(folder)),
      [],
    );
  });
});
