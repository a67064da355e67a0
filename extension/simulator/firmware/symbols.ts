import type { ElfFile, ElfSymbol } from '../../toolchain/elf.ts';

/** A function of the image. */
export interface FunctionSymbol {
  readonly name: string;
  readonly address: number;
  /** One past its last byte; where the next function starts when the ELF gives no size. */
  readonly end: number;
}

/** The image's symbols, looked up by name and by address. */
export class SymbolTable {
  /** Functions sorted by address, one an address. */
  readonly functions: readonly FunctionSymbol[];
  readonly #byName = new Map<string, ElfSymbol>();

  constructor(elf: ElfFile | undefined) {
    const functions = new Map<number, ElfSymbol>();
    for (const symbol of elf?.symbols ?? []) {
      if (
        !symbol.defined ||
        symbol.name.startsWith('$') ||
        symbol.type === 'file' ||
        symbol.type === 'section'
      ) {
        continue;
      }
      const known = this.#byName.get(symbol.name);
      if (!known || known.binding === 'local') this.#byName.set(symbol.name, symbol);
      if (symbol.type !== 'function') continue;
      const twin = functions.get(symbol.address);
      if (!twin || isBetterName(symbol, twin)) functions.set(symbol.address, symbol);
    }
    const sorted = [...functions.values()].sort((a, b) => a.address - b.address);
    this.functions = sorted.map((s, i) => ({
      name: s.name,
      address: s.address,
      end: s.size > 0 ? s.address + s.size : (sorted[i + 1]?.address ?? s.address + 4096),
    }));
  }

  find(name: string): ElfSymbol | undefined {
    return this.#byName.get(name);
  }

  /** The function that holds an address. */
  functionAt(address: number): FunctionSymbol | undefined {
    let low = 0;
    let high = this.functions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.functions[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.functions[low - 1];
    return found && address < found.end ? found : undefined;
  }

  /** `main+0x1c`, or the bare address where no function is known. */
  describe(address: number): string {
    const found = this.functionAt(address);
    if (!found) return hex(address);
    const offset = address - found.address;
    return offset === 0 ? found.name : `${found.name}+0x${offset.toString(16)}`;
  }
}

/** An address as people write it. */
export function hex(value: number, digits = 8): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0').toUpperCase()}`;
}

/** Of two names for one address: the sized one, then the global one (weak aliases of a default handler lose). */
function isBetterName(a: ElfSymbol, b: ElfSymbol): boolean {
  if (a.size > 0 !== b.size > 0) return a.size > 0;
  const rank = { global: 2, local: 1, weak: 0 };
  return rank[a.binding] > rank[b.binding];
}
