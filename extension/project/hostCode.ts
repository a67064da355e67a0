import path from 'node:path';
import { addTo } from '../common/lists.ts';
import { type CSource, knowsName, linkedNames, readC } from '../common/cSource.ts';
import type { ExampleSources, KnownCode } from './helloWorld.ts';

/** A file of somebody's program, as it was before any port. */
export interface HostFile {
  /** Relative to the project, with `/`; absolute for a file that lies elsewhere. */
  readonly path: string;
  /** Byte by byte (latin1). */
  readonly text: string;
  /** The project compiles it, in one of its configurations at least. */
  readonly isBuilt: boolean;
}

const SOURCE = /\.(c|cc|cpp|cxx)$/i;
/** A text longer than this is looked at for words only. */
const MAX_READ = 2 * 1024 * 1024;

/** The code of somebody's project: which files make up the program, and what they define. */
export class HostCode implements KnownCode {
  readonly #sources: readonly HostFile[];
  readonly #headers = new Map<string, HostFile[]>();
  readonly #read = new Map<HostFile, CSource>();
  readonly #closures = new Map<string, { headers: readonly HostFile[]; isWhole: boolean }>();
  /** Sources that are built and define main(), the SDK's hello_world first. */
  readonly mains: readonly string[];

  readonly files: readonly HostFile[];

  /** @param main a source that is known to define main(), although it cannot be read */
  constructor(files: readonly HostFile[], main?: string) {
    this.files = files;
    this.#sources = files.filter((f) => f.isBuilt && SOURCE.test(f.path));
    for (const file of files) {
      if (!/\.(h|hh|hpp)$/i.test(file.path)) continue;
      const name = path.posix.basename(file.path);
      addTo(this.#headers, name, file);
    }
    this.mains = this.#sources
      .filter((f) => f.path === main || this.#defines(f, 'main'))
      .map((f) => f.path)
      .sort((a, b) => Number(/hello_world/.test(b)) - Number(/hello_world/.test(a)));
  }

  /** What its example says of the board. */
  get example(): ExampleSources {
    const main = this.#sources.find((f) => f.path === this.mains[0]);
    // the SDK compiles it without a word of the project's
    const hardware = this.files.find((f) => path.posix.basename(f.path) === 'hardware_init.c');
    return { main: main?.text, hardwareInit: hardware?.text };
  }

  /** Texts of the headers of a name. */
  headersNamed(name: string): string[] {
    return (this.#headers.get(name) ?? []).map((f) => f.text);
  }

  declares(name: string, headers: readonly string[]): boolean | undefined {
    const { headers: reached, isWhole } = this.#closure(headers);
    if (reached.some((f) => this.#knows(f, name))) return true;
    return isWhole ? false : undefined;
  }

  defines(name: string): boolean | undefined {
    if (this.#sources.some((f) => !this.mains.includes(f.path) && this.#defines(f, name))) return true;
    const headers = [...this.#headers.values()].flat().filter((f) => this.#knows(f, name));
    if (headers.some((f) => this.#isMadeIn(f, name))) return true;
    // what the build adds to what the project lists is not known
    const others = this.files.filter((f) => SOURCE.test(f.path) && !this.mains.includes(f.path));
    if (others.some((f) => !f.isBuilt && this.#defines(f, name))) return undefined;
    // a header beside whose source nobody defines it: the source is where it would be
    const isAtHand = headers.some((h) => others.some((s) => stemOf(s.path) === stemOf(h.path)));
    return isAtHand ? false : undefined;
  }

  /** Sources that are built and bring a linked name of these, without those left aside; by path, with the names. */
  definersOf(names: readonly string[], except: ReadonlySet<string>): Map<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const file of this.#sources) {
      if (except.has(file.path) || !names.some((n) => file.text.includes(n))) continue;
      const linked = linkedNames(this.#source(file));
      if (names.some((n) => linked.includes(n))) found.set(file.path, linked);
    }
    return found;
  }

  /** Linked names that a source brings; none for one that is not built. */
  linkedNames(file: string): string[] {
    const found = this.#sources.find((f) => f.path === file);
    return found ? linkedNames(this.#source(found)) : [];
  }

  /**
   * A source that stays and needs one of these names: it uses it by a declaration, and nothing that stays defines it.
   * @param gone sources that are built no more
   */
  userOf(names: readonly string[], gone: ReadonlySet<string>): { file: string; name: string } | undefined {
    const staying = this.#sources.filter((f) => !gone.has(f.path));
    const headers = [...this.#headers.values()].flat();
    const makes = (file: HostFile, name: string): boolean => {
      const { functions, variables } = this.#source(file);
      return functions.has(name) || variables.has(name);
    };
    for (const name of names) {
      const using = staying.filter((f) => f.text.includes(name) && this.#source(f).words.has(name));
      if (using.some((f) => makes(f, name))) continue;
      const isShared = headers.some((f) => this.#declaresOnly(f, name));
      const user = using.find((f) => isShared || this.#declaresOnly(f, name));
      if (user) return { file: user.path, name };
    }
    return undefined;
  }

  /** Whether a source that is built, of those that are asked for, has a word. */
  mentions(word: string, isAsked: (file: string) => boolean): boolean {
    return this.#sources.some(
      (f) => isAsked(f.path) && f.text.includes(word) && this.#source(f).words.has(word),
    );
  }

  /** Headers that these lead to; whole when all that they include for sure are at hand. */
  #closure(names: readonly string[]): { headers: readonly HostFile[]; isWhole: boolean } {
    const key = names.join('\n');
    const known = this.#closures.get(key);
    if (known) return known;
    const reached = new Set<HostFile>();
    const open = [...names];
    const seen = new Set<string>();
    let isWhole = true;
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const files = this.#headers.get(path.posix.basename(name)) ?? [];
      if (files.length === 0) isWhole = false;
      for (const file of files) {
        reached.add(file);
        for (const included of this.#includesOf(file)) open.push(included);
      }
    }
    const closure = { headers: [...reached], isWhole };
    this.#closures.set(key, closure);
    return closure;
  }

  /** Headers that a header includes: for sure, or perhaps and they are there. */
  #includesOf(file: HostFile): string[] {
    const named = [...file.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]{1,200})[">]/gm)].map(
      (m) => m[1]!,
    );
    const isThere = (name: string): boolean => this.#headers.has(path.posix.basename(name));
    if (named.every(isThere)) return named;
    const sure = this.#source(file).includes.filter((i) => i.quoted && !i.condition);
    return [...named.filter(isThere), ...sure.map((i) => i.file)];
  }

  #knows(file: HostFile, name: string): boolean {
    if (!file.text.includes(name)) return false;
    return file.text.length > MAX_READ || knowsName(this.#source(file), name);
  }

  #declaresOnly(file: HostFile, name: string): boolean {
    return (
      file.text.includes(name) && file.text.length <= MAX_READ && this.#source(file).declarations.has(name)
    );
  }

  /** A header's own macro or inline function needs no source. */
  #isMadeIn(file: HostFile, name: string): boolean {
    if (file.text.length > MAX_READ) return true;
    const { macros, functions } = this.#source(file);
    return macros.has(name) || functions.has(name);
  }

  #defines(file: HostFile, name: string): boolean {
    if (!file.text.includes(name)) return false;
    return this.#source(file).functions.get(name)?.isStatic === false;
  }

  #source(file: HostFile): CSource {
    const known = this.#read.get(file) ?? readC(file.text);
    this.#read.set(file, known);
    return known;
  }
}

function stemOf(file: string): string {
  return path.posix.parse(file).name;
}
