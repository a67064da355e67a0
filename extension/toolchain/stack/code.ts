import type { ElfFile, ElfSymbol } from '../elf.ts';
import { type StackEffect, stackEffect } from './thumb.ts';

/** The code of a linked program, by address. */
export class CodeReader {
  readonly #sections: readonly { readonly address: number; readonly data: DataView }[];
  readonly #functions: readonly ElfSymbol[];

  constructor(elf: ElfFile) {
    this.#sections = elf.sections
      .filter((s) => s.allocated && s.executable && s.data.length > 0)
      .map(({ address, data }) => ({
        address,
        data: new DataView(data.buffer, data.byteOffset, data.byteLength),
      }));
    this.#functions = elf.symbols.filter((s) => s.type === 'function' && s.defined);
  }

  /** Where a function begins; undefined when there is none of that name. */
  functionAt(name: string): number | undefined {
    return this.#functions.find((s) => s.name === name)?.address;
  }

  /** The function that an address lies in, as its name or as a number. */
  nameOf(address: number): string {
    return this.#around(address)?.name ?? `0x${address.toString(16).toUpperCase().padStart(8, '0')}`;
  }

  /** Whether an address lies in the middle of the function that another address lies in: a jump, though written as a call. */
  isInside(target: number, address: number): boolean {
    const around = this.#around(address);
    return around !== undefined && target > around.address && target < around.address + around.size;
  }

  /** What the instruction at an address does; undefined outside the code. */
  effectAt(address: number): StackEffect | undefined {
    const first = this.#halfword(address);
    return first === undefined ? undefined : stackEffect(address, first, this.#halfword(address + 2) ?? 0);
  }

  /** The word at an address of the code. */
  wordAt(address: number): number | undefined {
    const [low, high] = [this.#halfword(address), this.#halfword(address + 2)];
    return low === undefined || high === undefined ? undefined : low | (high << 16);
  }

  #around(address: number): ElfSymbol | undefined {
    return this.#functions.find((s) => address >= s.address && address < s.address + Math.max(1, s.size));
  }

  #halfword(address: number): number | undefined {
    for (const section of this.#sections) {
      const offset = address - section.address;
      if (offset >= 0 && offset + 2 <= section.data.byteLength) return section.data.getUint16(offset, true);
    }
    return undefined;
  }
}
