import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a block of tests. */
export interface TestFolder {
  /** Where it is, once a test runs. */
  readonly path: string;
  /** Puts a file into it. @returns its path */
  put(name: string, data: string | Uint8Array): Promise<string>;
}

/** Makes a folder for the block of tests that calls it, once or for each test, and removes it behind them. */
export function testFolder(name: string, how: 'once' | 'each' = 'once'): TestFolder {
  let folder = '';
  const make = async (): Promise<void> =>
    void (folder = await mkdtemp(path.join(tmpdir(), `glowport-${name}-`)));
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  if (how === 'once') {
    before(make);
    after(remove);
  } else {
    beforeEach(make);
    afterEach(remove);
  }
  return {
    get path() {
      return folder;
    },
    put: async (file, data) => {
      const place = path.join(folder, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, data);
      return place;
    },
  };
}
