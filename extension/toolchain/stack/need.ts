import type { ElfFile } from '../elf.ts';
import { CodeReader } from './code.ts';
import { frameOf } from './frame.ts';
import type { Unknown } from './thumb.ts';

/** Bytes of stack that a call of a function takes at most: its own frame, and those of all that it calls. */
export type StackNeed =
  | { readonly kind: 'known'; readonly bytes: number }
  /** `function` calls through a pointer, jumps through a table, calls itself, or moves the stack by a computed number. */
  | { readonly kind: 'unknown'; readonly why: Unknown | 'recursion'; readonly function: string };

/** Calls within calls that are followed at most. */
const MAX_LEVELS = 500;

/**
 * Reads from a linked program's machine code how deep its functions bring the stack: every way through a function is
 * followed, every call added. What the core saves for an interrupt is not in it.
 */
export class StackNeeds {
  readonly #code: CodeReader;
  readonly #known = new Map<number, StackNeed>();
  readonly #open = new Set<number>();

  /** @param elf an executable: in an object calls have no targets yet */
  constructor(elf: ElfFile) {
    this.#code = new CodeReader(elf);
  }

  /** @returns undefined when the program has no such function */
  of(name: string): StackNeed | undefined {
    const address = this.#code.functionAt(name);
    return address === undefined ? undefined : this.#at(address);
  }

  #at(address: number): StackNeed {
    const known = this.#known.get(address);
    if (known) return known;
    if (this.#open.has(address) || this.#open.size > MAX_LEVELS) return this.#unknown('recursion', address);
    this.#open.add(address);
    const need = this.#withCalls(address);
    this.#open.delete(address);
    this.#known.set(address, need);
    return need;
  }

  #withCalls(address: number): StackNeed {
    const frame = frameOf(this.#code, address);
    if (typeof frame === 'string') return this.#unknown(frame, address);
    let { bytes } = frame;
    for (const { target, depth } of frame.calls) {
      const callee = this.#at(target);
      if (callee.kind === 'unknown') return callee;
      bytes = Math.max(bytes, depth + callee.bytes);
    }
    return { kind: 'known', bytes };
  }

  #unknown(why: Unknown | 'recursion', address: number): StackNeed {
    return { kind: 'unknown', why, function: this.#code.nameOf(address) };
  }
}
