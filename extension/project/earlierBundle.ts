import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLE_FOLDER } from './layout.ts';

/** Endings of all files that a bundle with its drawing can have. */
const ENDINGS = ['c', 'h', 'o', 'weights.bin', 'weights.txt', 'report.json', 'dot', 'svg'];

interface Names {
  has(file: string): boolean;
}

/**
 * Files of a project's bundle/ that are ours although no record names them: before a bundle was divided between source/ and
 * bundle/, a port wrote the whole of it there, over whatever there was. Such a bundle is known by its report, which is not
 * recorded, and by its header in source/, which was generated the last time.
 *
 * @returns paths relative to the project, with `/`; some may not be there
 */
export async function earlierBundle(folder: string, recorded: Names): Promise<string[]> {
  const there = await readdir(path.join(folder, BUNDLE_FOLDER)).catch(() => []);
  return there.flatMap((file) => {
    const name = /^(\w+)\.report\.json$/.exec(file)?.[1];
    if (name === undefined || recorded.has(`${BUNDLE_FOLDER}/${file}`)) return [];
    if (!recorded.has(`source/${name}.h`)) return [];
    return ENDINGS.map((ending) => `${BUNDLE_FOLDER}/${name}.${ending}`);
  });
}
