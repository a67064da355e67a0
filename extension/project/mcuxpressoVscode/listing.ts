import path from 'node:path';
import { isLike } from '../../common/wildcard.ts';
import { type CmakeCommand, parseCmake } from './cmake.ts';

/** A source as a project's CMake files list it. */
export interface ListedSource {
  /** As written, variables that are known replaced. */
  readonly path: string;
  /** BASE_PATH of its mcux_add_source, as written. */
  readonly base: string | undefined;
  /** Absolute, with `/`; undefined where it hangs on variables that the files do not set, such as the SDK's place. */
  readonly place: string | undefined;
  /** By which kind of command: a target's own, or the SDK's. */
  readonly by: 'target' | 'mcux_add_source';
}

/** What a project's CMake files say when they are read without CMake. Of a condition both branches count. */
export interface Listing {
  readonly sources: readonly ListedSource[];
  /** All commands, those of included files too, in order. */
  readonly commands: readonly CmakeCommand[];
  /** Something that may list sources was not understood. */
  readonly isPartial: boolean;
}

/** How files of the project are looked at. */
export interface CmakeFiles {
  /** Text of a CMake file; undefined when it is not there, or not the project's. */
  readonly read: (file: string) => Promise<string | undefined>;
  /** Absolute places of all files with code in the project, with `/`. */
  readonly code: readonly string[];
}

/** Most commands that are read, and characters of a variable. */
const MAX_COMMANDS = 20_000;
const MAX_VALUE = 200_000;
/** Most characters that are expanded, names that globs are compared with, and sources that are listed: all together. */
const MAX_WORK = 1_000_000;
const MAX_DEPTH = 20;

/**
 * Reads what sources CMake files list: through variables, lists, globs, included files and subdirectories.
 *
 * @param file absolute path of the first one
 * @throws UserError `input` when a file is malformed
 */
export async function readListing(
  file: string,
  text: string,
  shown: string,
  files: CmakeFiles,
): Promise<Listing> {
  const reader = new ListingReader(files, path.posix.dirname(file));
  await reader.run(file, text, shown, 0);
  return { sources: reader.sources, commands: reader.commands, isPartial: reader.isPartial };
}

class ListingReader {
  readonly #variables = new Map<string, readonly string[]>();
  readonly sources: ListedSource[] = [];
  readonly commands: CmakeCommand[] = [];
  isPartial = false;
  readonly #files: CmakeFiles;
  /** Functions and macros that the project itself defines. */
  readonly #own = new Set<string>();
  #directory: string;
  #work = 0;

  constructor(files: CmakeFiles, directory: string) {
    this.#files = files;
    this.#directory = directory;
    for (const name of ['CMAKE_SOURCE_DIR', 'PROJECT_SOURCE_DIR']) this.#variables.set(name, [directory]);
  }

  async run(file: string, text: string, shown: string, depth: number): Promise<void> {
    let definition: string | undefined;
    for (const command of parseCmake(text, shown)) {
      if (this.commands.length >= MAX_COMMANDS || this.#work > MAX_WORK) {
        this.isPartial = true;
        return;
      }
      this.commands.push(command);
      // what a function does is known only where it is called
      if (definition !== undefined) {
        if (command.name === definition) definition = undefined;
        continue;
      }
      if (/^(function|macro)$/.test(command.name)) {
        definition = `end${command.name}`;
        this.#own.add((command.args[0]?.text ?? '').toLowerCase());
        continue;
      }
      // an included file has changed it
      this.#variables.set('CMAKE_CURRENT_LIST_DIR', [path.posix.dirname(file)]);
      this.#variables.set('CMAKE_CURRENT_SOURCE_DIR', [this.#directory]);
      await this.#command(command, depth);
    }
  }

  async #command({ name, args }: CmakeCommand, depth: number): Promise<void> {
    const words = args.flatMap((a) => this.#expand(a.text, a.quoted));
    const [first = '', ...rest] = words;
    if (name === 'set') this.#set(first, rest);
    else if (name === 'list') this.#list(first.toUpperCase(), rest);
    else if (name === 'file') this.#glob(first.toUpperCase(), rest);
    else if (name === 'aux_source_directory') {
      const folder = this.#absolute(first, this.#directory);
      this.#set(rest[0] ?? '', folder === undefined ? [] : this.#matching([`${folder}/*`], false));
    } else if (/^(add_executable|add_library|target_sources)$/.test(name)) {
      for (const source of rest) this.#add(source, this.#directory, undefined, 'target');
    } else if (name === 'mcux_add_source') this.#mcuxSources(words);
    else if (name === 'include') await this.#include(first, depth, false);
    else if (name === 'add_subdirectory') await this.#include(`${first}/CMakeLists.txt`, depth, true);
    else if (this.#own.has(name) || name === 'foreach') this.isPartial ||= words.some((w) => isSource(w));
  }

  #set(name: string, values: readonly string[]): void {
    const end = values.findIndex((v) => /^(CACHE|PARENT_SCOPE)$/.test(v));
    const kept = end < 0 ? values : values.slice(0, end);
    if (kept.join(';').length > MAX_VALUE) this.isPartial = true;
    else this.#variables.set(name, kept);
  }

  #list(action: string, [name = '', ...values]: readonly string[]): void {
    const there = this.#variables.get(name) ?? [];
    if (action === 'APPEND') this.#set(name, [...there, ...values]);
    else if (action === 'PREPEND') this.#set(name, [...values, ...there]);
    else if (action === 'REMOVE_ITEM')
      this.#set(
        name,
        there.filter((v) => !values.includes(v)),
      );
    // the others take away or order: what is listed too much is looked at in vain
  }

  #glob(action: string, [name = '', ...patterns]: readonly string[]): void {
    if (!/^GLOB(_RECURSE)?$/.test(action)) return;
    const skipped = patterns[0] === 'RELATIVE' ? 2 : 0;
    const wanted = patterns
      .slice(skipped)
      .filter((p) => p !== 'CONFIGURE_DEPENDS')
      .map((p) => this.#absolute(p, this.#directory));
    if (wanted.includes(undefined)) this.isPartial = true;
    const found = this.#matching(
      wanted.filter((p) => p !== undefined),
      action !== 'GLOB',
    );
    this.#set(name, skipped > 0 ? found.map((f) => path.posix.relative(this.#directory, f)) : found);
  }

  #matching(patterns: readonly string[], deep: boolean): string[] {
    this.#work += this.#files.code.length * patterns.length;
    if (this.#work > MAX_WORK) {
      this.isPartial = true;
      return [];
    }
    return this.#files.code.filter((file) =>
      patterns.some((pattern) => {
        const folder = path.posix.dirname(pattern);
        const isThere = deep ? file.startsWith(`${folder}/`) : path.posix.dirname(file) === folder;
        return isThere && isLike(path.posix.basename(file), path.posix.basename(pattern));
      }),
    );
  }

  #mcuxSources(words: readonly string[]): void {
    const base = words.includes('BASE_PATH') ? words[words.indexOf('BASE_PATH') + 1] : undefined;
    const first = words.indexOf('SOURCES') + 1;
    const keyword = words.findIndex((w, i) => i >= first && /^[A-Z_]{4,}$/.test(w));
    const from = base === undefined ? this.#variables.get('CMAKE_CURRENT_LIST_DIR')![0]! : base;
    for (const item of words.slice(first, keyword < 0 ? undefined : keyword)) {
      const place = this.#absolute(item, from);
      if (!item.includes('*')) this.#add(item, from, base, 'mcux_add_source');
      else if (place === undefined) this.isPartial = true;
      else {
        const folder = path.posix.dirname(place);
        for (const file of this.#matching([place], item.includes('**'))) {
          const below = path.posix.join(path.posix.dirname(item), path.posix.relative(folder, file));
          this.#add(below, from, base, 'mcux_add_source');
        }
      }
    }
  }

  #add(source: string, from: string, base: string | undefined, by: ListedSource['by']): void {
    this.#work++;
    if (isSource(source) && !source.startsWith('$<')) {
      this.sources.push({ path: source, base, place: this.#absolute(source, from), by });
    } else if (source.includes('$')) this.isPartial = true;
  }

  async #include(file: string, depth: number, isBelow: boolean): Promise<void> {
    const place = this.#absolute(file, this.#directory);
    // a module's name, or a file of the SDK, which lists no program of the user's
    if (!/[./\\]/.test(file) || /^\$(ENV)?\{\w*sdk\w*\}/i.test(file)) return;
    const text = place === undefined || depth > MAX_DEPTH ? undefined : await this.#files.read(place);
    if (place === undefined || text === undefined) {
      this.isPartial = true;
      return;
    }
    const above = this.#directory;
    if (isBelow) this.#directory = path.posix.dirname(place);
    await this.run(place, text, path.posix.basename(place), depth + 1);
    this.#directory = above;
  }

  /** An absolute path with `/`; undefined when a variable in it is not known. */
  #absolute(file: string, from: string): string | undefined {
    if (/[$@]/.test(file + from)) return undefined;
    return path.posix.resolve(from, file);
  }

  /** An argument's values: variables that are known replaced, those that are not as they stand. */
  #expand(text: string, quoted: boolean): string[] {
    let value = text;
    // a variable's name may be made of others: from within
    for (let pass = 0; pass < 4 && value.includes('${'); pass++) {
      const next = value.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => {
        const known = this.#variables.get(name);
        return known === undefined ? whole : known.join(';');
      });
      this.#work += next.length;
      if (next.length > MAX_VALUE) {
        this.isPartial = true;
        return [];
      }
      if (next === value) break;
      value = next;
    }
    return quoted ? value.split(';') : value.split(';').filter((v) => v !== '');
  }
}

function isSource(word: string): boolean {
  return /\.(c|cc|cpp|cxx)$/i.test(word);
}
