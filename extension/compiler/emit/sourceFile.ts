import { headerMacro } from '../../bundle/header.ts';
import type { AssemblyFunction, Helper } from '../kernels/kernel.ts';
import { assemblyText } from './assembly.ts';
import { ConstantPool } from './constantPool.ts';
import { CALLED, HELPERS, helperText } from './helpers.ts';
import type { FileNames } from './names.ts';

/** What the layers of a NAME.c share: names, helpers, the assembly that several call, the constant memory. */
export class SourceFile {
  readonly network: string;
  readonly constants = new ConstantPool();
  readonly #names: FileNames;
  readonly #helpers = new Map<Helper, string>();
  readonly #structs = new Map<string, { name: string; lines: string[] }>();
  readonly #routines = new Map<string, { name: string; lines: string[] }>();
  #hasAssembly = false;

  constructor(network: string, names: FileNames) {
    this.network = network;
    this.#names = names;
  }

  /** The file's own macros: gcc's level for straight-line code and for loops, and whether assembly is compiled. */
  get macros(): { readonly size: string; readonly speed: string; readonly thumb: string } {
    const macro = headerMacro(this.network);
    return { size: `${macro}_SIZE`, speed: `${macro}_SPEED`, thumb: `${macro}_THUMB` };
  }

  /** Some layer has assembly. */
  get hasAssembly(): boolean {
    return this.#hasAssembly;
  }

  /** Name of a helper, which is emitted from now on, with those that it calls. */
  helper(helper: Helper): string {
    for (const called of CALLED[helper] ?? []) this.helper(called);
    return taken(this.#helpers, helper, () => this.#names.shared(HELPERS[helper]));
  }

  struct(name: string, about: string, members: readonly string[]): string {
    return taken(this.#structs, name, () => {
      const inFile = this.#names.shared(name);
      const lines = [`/* ${about} */`, `struct ${inFile} {`, ...members.map((m) => `  ${m}`), '};'];
      return { name: inFile, lines };
    }).name;
  }

  sharedAssembly(routine: AssemblyFunction): string {
    this.#hasAssembly = true;
    return taken(this.#routines, routine.name, () => {
      const name = this.#names.shared(routine.name);
      return { name, lines: assemblyText(routine, name, 'Assembly that layers share.') };
    }).name;
  }

  /** Name of a function of assembly that is one layer's. */
  ownAssembly(layer: string, routine: AssemblyFunction): string {
    this.#hasAssembly = true;
    return this.#names.beside(layer, routine.name);
  }

  /** Lines for cores that run the assembly only. */
  guarded(lines: readonly string[]): string[] {
    return [`#if ${this.macros.thumb}`, ...lines, '#endif'];
  }

  /** Everything that stands before the layers, as far as some layer asked for it. */
  sharedText(): string[] {
    const helpers = (Object.keys(HELPERS) as Helper[]).flatMap((h) => {
      return this.#helpers.has(h) ? ['', ...helperText(h, (name) => this.helper(name))] : [];
    });
    const parts = [...this.#structs.values(), ...this.#routines.values()].map((p) => p.lines);
    if (parts.length === 0) return helpers;
    const lines = parts.flatMap((part, i) => (i === 0 ? part : ['', ...part]));
    return [...helpers, '', ...this.guarded(lines)];
  }
}

/** The map's value for a key, made on first demand. */
function taken<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
