import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readOriginal } from './changeSet.ts';
import { definesMain } from './cSource.ts';
import type { ExampleSources } from './helloWorld.ts';

/** Somebody's project that a network is ported into, whichever build system it has. */
export interface HostProject {
  readonly kind: 'mcuxpresso-ide' | 'sdk-2-cmake' | 'sdk-24-cmake';
  readonly folder: string;
  /** The board that the project says it is for; undefined when it does not. */
  readonly boardId: string | undefined;
  /** Processor core that it says, such as `cm0plus` or `cm7`. */
  readonly core: string | undefined;
  /** Programs in it: sources that define main(), by path, before any port. */
  readonly mains: readonly string[];
  /** What its example says of the board. */
  readonly example: ExampleSources;
  /** Edits that build the network into it, by path. */
  readonly edits: (
    network: string,
    defines: readonly string[],
  ) => ReadonlyMap<string, (text: string) => string>;
  /** What the user has to know, as sentences. */
  readonly notes: readonly string[];
}

/** Largest number of sources that are looked at for a main(). */
const MAX_SOURCES = 500;

/** Paths of C and C++ sources below folders of a project, without a port's own copies. */
export async function sourcesBelow(folder: string, below: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && depth < 4 && !entry.name.startsWith('.')) await visit(name, depth + 1);
      else if (entry.isFile() && /\.(c|cc|cpp|cxx)$/i.test(entry.name) && found.length < MAX_SOURCES)
        found.push(name);
    }
  };
  for (const start of below) await visit(start, start === '' ? 3 : 0);
  return [...new Set(found)];
}

/** Those of the sources that defined main() before any port, the SDK's hello_world first. */
export async function mainsOf(folder: string, sources: readonly string[]): Promise<string[]> {
  const mains: string[] = [];
  for (const source of sources) {
    const text = (await readOriginal(folder, source))?.toString('latin1');
    if (text !== undefined && definesMain(text)) mains.push(source);
  }
  return mains.sort((a, b) => Number(/hello_world/.test(b)) - Number(/hello_world/.test(a)));
}

/** The example's sources: its main file, hardware_init.c and what pin_mux.h and clock_config.h declare. */
export async function exampleOf(folder: string, mains: readonly string[]): Promise<ExampleSources> {
  const read = async (...names: string[]): Promise<string | undefined> => {
    for (const name of names) {
      const text = await readOriginal(folder, name);
      if (text) return text.toString('utf8');
    }
    return undefined;
  };
  const near = (file: string): string[] =>
    ['board', 'source', '', 'armgcc'].map((d) => (d === '' ? file : `${d}/${file}`));
  const pins = await read(...near('pin_mux.h'));
  const clocks = await read(...near('clock_config.h'));
  return {
    main: mains[0] === undefined ? undefined : await read(mains[0]),
    hardwareInit: await read(...near('hardware_init.c')),
    // one of them alone would say that the other's functions are not there
    declarations: pins !== undefined && clocks !== undefined ? pins + clocks : undefined,
  };
}
