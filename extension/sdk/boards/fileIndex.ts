import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { addTo } from '../../common/lists.ts';
import { readStart } from '../../common/regularFile.ts';
import { definedBy, type Directive, directivesOf } from './directives.ts';

/** What is indexed: all but boards, whose folders are known. */
const FOLDERS = ['devices', 'drivers', 'components', 'utilities'];
/** Folder entries that are looked at, at most: a whole SDK of all boards has some 150,000. */
const MAX_ENTRIES = 400_000;
/** Folders without a file for gcc and one of our cores. */
const SKIPPED =
  /^(\.git|docs?|doxygen|iar|arm|mdk|codewarrior|xtensa|riscv|svd|template|licenses|dsp56800|project_template)$/i;
/** Names that CMake, a compiler and a shell read as they are; NXP has no others. */
const PLAIN = /^[\w.+-]{1,120}$/;
/** Longest start of a text that is read: device headers begin with their core, behind the interrupts. */
const MAX_BYTES = 1024 * 1024;

/** The files of an SDK's drivers, devices, components and utilities, by name; what is read of them is read once. */
export class FileIndex {
  readonly root: string;
  readonly #byName = new Map<string, string[]>();
  readonly #byFolder = new Map<string, string[]>();
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #directives = new Map<string, Promise<readonly Directive[]>>();

  private constructor(root: string) {
    this.root = root;
  }

  static async of(root: string): Promise<FileIndex> {
    const index = new FileIndex(root);
    const folders = [...FOLDERS];
    let left = MAX_ENTRIES;
    for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
      const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      left -= entries.length;
      for (const entry of entries) {
        const at = `${folder}/${entry.name}`;
        if (entry.isDirectory() && PLAIN.test(entry.name) && !SKIPPED.test(entry.name)) folders.push(at);
        else if (entry.isFile() && PLAIN.test(entry.name)) {
          addTo(index.#byName, entry.name, at);
          addTo(index.#byFolder, folder, entry.name);
        }
      }
    }
    return index;
  }

  /** Where files of this name are; paths relative to the root, with `/`. */
  named(name: string): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  /** Names of the files in a folder that was indexed. */
  namesIn(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }

  /** Whether a text is there; what was not indexed (a board's own folder) is looked at. */
  async isThere(file: string): Promise<boolean> {
    if (FOLDERS.some((folder) => file.startsWith(`${folder}/`))) {
      return this.named(path.posix.basename(file)).includes(file);
    }
    return (await this.text(file)) !== undefined;
  }

  /** The start of a text; undefined where there is none, or it lies outside of the SDK. */
  text(file: string): Promise<string | undefined> {
    if (file.startsWith('../')) return Promise.resolve(undefined);
    const known = this.#texts.get(file);
    if (known) return known;
    const text = readStart(path.join(this.root, file), MAX_BYTES).then((bytes) => bytes?.toString('utf8'));
    this.#texts.set(file, text);
    return text;
  }

  /** The directives of a C file or header; none where it is missing. */
  directives(file: string): Promise<readonly Directive[]> {
    const known = this.#directives.get(file);
    if (known) return known;
    const directives = this.text(file).then((text) => directivesOf(text ?? ''));
    this.#directives.set(file, directives);
    return directives;
  }

  /** Macros of a header, such as a device's features. */
  async macros(file: string): Promise<ReturnType<typeof definedBy>> {
    return definedBy(await this.directives(file));
  }
}
