import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readSmall } from '../common/regularFile.ts';
import { originalsOf } from './changeSet.ts';
import type { HostCode, HostFile } from './hostCode.ts';

/** Somebody's project that a network is ported into, whichever build system it has. */
export interface HostProject {
  readonly kind: 'mcuxpresso-ide' | 'sdk-2-cmake' | 'sdk-24-cmake';
  readonly folder: string;
  /** The board that the project says it is for; undefined when it does not. */
  readonly boardId: string | undefined;
  /** Processor core that it says, such as `cm0plus` or `cm7`. */
  readonly core: string | undefined;
  /**
   * Its code before any port, looked at when it is asked for.
   * @throws UserError `input` when it cannot be told what is built
   */
  readonly code: () => Promise<HostCode>;
  /** Objects that it links, as it writes them, and the name of each without its ending. */
  readonly objects: readonly { readonly value: string; readonly stem: string }[];
  /** Edits that build the network into it, by path. */
  readonly edits: (change: HostChange) => ReadonlyMap<string, (text: string) => string>;
  /** What the user has to know, as sentences. */
  readonly notes: readonly string[];
}

/** What becomes of a project's build. */
export interface HostChange {
  readonly network: string;
  /** Macros, `NAME` or `NAME=VALUE`. */
  readonly defines: readonly string[];
  /** Sources of the port, such as `source/main.c`. */
  readonly sources: readonly string[];
  /** Sources that are built no more, as {@link HostFile} names them. */
  readonly exclude: readonly string[];
  /** Objects that are linked no more, as the project writes them. */
  readonly unlink: readonly string[];
}

/** Most files of a project that are looked at, bytes of one, and bytes of all. */
const MAX_FILES = 5000;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_DEPTH = 16;

const CODE = /\.(c|cc|cpp|cxx|h|hh|hpp)$/i;

/** Reads files with code: those of the project as they were before any port. */
export class CodeReader {
  readonly #original: (name: string) => Promise<Buffer | undefined>;
  readonly #files = new Map<string, HostFile>();
  #bytes = 0;

  private constructor(original: (name: string) => Promise<Buffer | undefined>) {
    this.#original = original;
  }

  static async of(folder: string): Promise<CodeReader> {
    return new CodeReader(await originalsOf(folder));
  }

  get files(): HostFile[] {
    return [...this.#files.values()];
  }

  /** Adds a file; one that is too much, or cannot be read, is as if it were not there. */
  async add(file: string, isBuilt: boolean, place?: string): Promise<void> {
    if (!CODE.test(file) || this.#files.size >= MAX_FILES || this.#bytes > MAX_BYTES) return;
    const bytes =
      place === undefined
        ? await this.#original(file).catch(() => undefined)
        : await readSmall(place, MAX_FILE_BYTES);
    if (bytes === undefined || bytes.length > MAX_FILE_BYTES) return;
    this.#bytes += bytes.length;
    this.#files.set(file, { path: file, text: bytes.toString('latin1'), isBuilt });
  }
}

/**
 * Paths of files with code below a folder, with `/`, relative to it; folders with a name that begins with a dot, links, and
 * those left out are not entered.
 */
export async function codeBelow(folder: string, without: ReadonlySet<string> = new Set()): Promise<string[]> {
  const found: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (found.length >= MAX_FILES) return;
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH && !entry.name.startsWith('.') && !without.has(name))
          await visit(name, depth + 1);
      } else if (entry.isFile() && CODE.test(entry.name)) found.push(name);
    }
  };
  await visit('', 0);
  return found;
}
