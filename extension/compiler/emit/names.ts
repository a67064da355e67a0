import { cIdentifier } from '../../bundle/bundle.ts';
import { isDefined } from '../../bundle/cNames.ts';
import { HEADER_SIZES, headerMacro, resetFunction } from '../../bundle/header.ts';

/** Macros of NAME.c itself, behind the upper-cased network's name. */
const SOURCE_MACROS = ['SIZE', 'SPEED', 'THUMB'] as const;
/** Longest part of a layer's own name in its function's. */
const LONGEST_LAYER = 60;

/**
 * C names of the placeholders, in their order: `_` is appended where a name is taken, by another placeholder or by a macro of
 * the header, the source or the C library.
 */
export function placeholderNames(network: string, placeholders: readonly string[]): string[] {
  const macro = headerMacro(network);
  const used = new Set<string>([...HEADER_SIZES, ...SOURCE_MACROS]);
  return placeholders.map((p) => {
    let cName = cIdentifier(p);
    while (used.has(cName) || isDefined(`${macro}_${cName}`)) cName += '_';
    used.add(cName);
    return cName;
  });
}

/** The names of a source file's functions: each behind the network's, none twice, none that is a macro or C's own. */
export class FileNames {
  readonly #network: string;
  readonly #used: Set<string>;

  /** @param cNames C names of the placeholders */
  constructor(network: string, cNames: readonly string[]) {
    this.#network = network;
    const macros = [...HEADER_SIZES, ...SOURCE_MACROS, ...cNames];
    this.#used = new Set([
      network,
      resetFunction(network),
      ...macros.map((m) => `${headerMacro(network)}_${m}`),
    ]);
  }

  /** A layer's function, named after the layer. */
  layer(name: string): string {
    return this.#take(
      `${this.#network}_${cIdentifier(name).replace(/^_+/, '').slice(0, LONGEST_LAYER) || 'layer'}`,
    );
  }

  /** A function or struct that layers share. */
  shared(name: string): string {
    return this.#take(`${this.#network}_${name}`);
  }

  /** A further function of a layer, behind the name of its own. */
  beside(layer: string, name: string): string {
    return this.#take(`${layer}_${name}`);
  }

  /** The name, numbered where it is taken. */
  #take(base: string): string {
    let name = base;
    for (let n = 2; this.#used.has(name) || isDefined(name); n++) name = `${base}_${n}`;
    this.#used.add(name);
    return name;
  }
}
