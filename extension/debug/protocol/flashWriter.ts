import type { Debuggee } from '../target/debuggee.ts';
import { hexNumber, hexPair } from './hex.ts';

const ERASED = 0xff;

/** What GDB's `load` does with flash: it erases, then writes. */
export class FlashWriter {
  readonly #debuggee: Debuggee;

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
  }

  /** @param range `ADDRESS,LENGTH`. @returns false when it is no range in flash */
  erase(range: string): boolean {
    const [address, length] = hexPair(range) ?? [];
    if (address === undefined || length === undefined || !this.#isFlash(address, length)) return false;
    this.#debuggee.program(address, new Uint8Array(length).fill(ERASED));
    return true;
  }

  /** @param place `ADDRESS:` and the bytes, a character each. @returns false when they do not lie in flash */
  write(place: string): boolean {
    const colon = place.indexOf(':');
    const address = hexNumber(place.slice(0, Math.max(0, colon)));
    const bytes = Buffer.from(place.slice(colon + 1), 'latin1');
    if (address === undefined || !this.#isFlash(address, bytes.length)) return false;
    this.#debuggee.program(address, bytes);
    return true;
  }

  #isFlash(address: number, length: number): boolean {
    return this.#debuggee.machine.board.memories.some(
      (m) => m.kind === 'flash' && address >= m.origin && address + length <= m.origin + m.size,
    );
  }
}
