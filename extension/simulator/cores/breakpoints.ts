import type { MemoryView } from '../machine/bus.ts';

/** Instructions that can be executed in a row without looking again: all that lie in `size` bytes from `origin` on. */
export interface CodeWindow {
  readonly halfwords: Uint16Array;
  readonly origin: number;
  readonly size: number;
}

/**
 * Addresses before whose instructions the core comes back. The core fetches from windows that end before the next
 * breakpoint, so that however many there are, nothing is asked an instruction.
 */
export class Breakpoints {
  readonly #sorted: readonly number[];
  /** By their first address. */
  readonly #windows = new Map<number, CodeWindow>();

  /** @param addresses of instructions, unsigned */
  constructor(addresses: Iterable<number>) {
    this.#sorted = [...new Set(addresses)].sort((a, b) => a - b);
  }

  /** @returns the window that begins at or before `pc`, or undefined when there is a breakpoint at it */
  windowAt(pc: number, memory: MemoryView): CodeWindow | undefined {
    const address = pc >>> 0;
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! <= address) low = middle + 1;
      else high = middle;
    }
    const before = this.#sorted[low - 1];
    if (before === address) return undefined;
    const begin = Math.max(memory.origin, before === undefined ? 0 : before + 2);
    const known = this.#windows.get(begin);
    if (known) return known;
    const end = Math.min(memory.origin + memory.size, this.#sorted[low] ?? Infinity);
    // the halfwords go on to the memory's end, for a breakpoint may be set inside an instruction of two
    const halfwords = memory.halfwords.subarray((begin - memory.origin) >>> 1);
    const window = { halfwords, origin: begin, size: end - begin };
    this.#windows.set(begin, window);
    return window;
  }
}
