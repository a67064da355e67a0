import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Image } from '../firmware/image.ts';
import { hex } from '../firmware/symbols.ts';
import type { Bus, MemoryView } from './bus.ts';

/** What RAM holds after power-on, so that firmware which forgets to initialise something is found out. */
const POWER_ON_BYTE = 0xa5;

/** Memories as they were. */
export interface MemoryState {
  readonly ram: readonly Uint8Array[];
  /** What firmware cannot write; the same arrays in every state as long as nobody wrote there. */
  readonly fixed: readonly Uint8Array[];
}

/** A board's memories as a debugger and a flash programmer reach them. */
export class BoardMemory {
  readonly #bus: Bus;
  readonly #boardName: string;
  /** A copy of what firmware cannot write; undefined when that has been written since. */
  #fixed: readonly Uint8Array[] | undefined;

  constructor(bus: Bus, boardName: string) {
    this.#bus = bus;
    this.#boardName = boardName;
  }

  /** The flash that the board boots from. */
  get flash(): MemoryView {
    return this.#bus.memories.find((m) => m.kind === 'flash')!;
  }

  /** Where a stack begins when nobody says it: as the image's vector table has it, else at the end of the first RAM. */
  get defaultStackPointer(): number {
    const first = this.word(this.flash.origin);
    if (this.#isRam(first - 4)) return first & ~7;
    const ram = this.#bus.memories.find((m) => m.kind === 'ram')!;
    return (ram.origin + ram.size) & ~7;
  }

  /** A copy of memory. @throws UserError `input` outside the board's memories. */
  read(address: number, length: number): Uint8Array {
    const memory = this.#span(address, length);
    const at = address - memory.origin;
    return memory.bytes.slice(at, at + length);
  }

  /** @throws UserError `input` outside the memories. */
  write(address: number, bytes: Uint8Array): void {
    const memory = this.#span(address, bytes.length);
    memory.bytes.set(bytes, address - memory.origin);
    if (memory.kind !== 'ram') this.#fixed = undefined;
  }

  save(): MemoryState {
    const copies = (ofRam: boolean): Uint8Array[] =>
      this.#bus.memories.filter((m) => (m.kind === 'ram') === ofRam).map((m) => m.bytes.slice());
    this.#fixed ??= copies(false);
    return { ram: copies(true), fixed: this.#fixed };
  }

  restore({ ram, fixed }: MemoryState): void {
    const restoreAll = (ofRam: boolean, from: readonly Uint8Array[]): void => {
      this.#bus.memories
        .filter((m) => (m.kind === 'ram') === ofRam)
        .forEach((memory, i) => {
          memory.bytes.set(from[i]!);
        });
    };
    restoreAll(true, ram);
    if (fixed === this.#fixed) return;
    restoreAll(false, fixed);
    this.#fixed = fixed;
  }

  /** A word; 0 where there is no memory. */
  word(address: number): number {
    const memory = this.#bus.memoryAt(address);
    return memory ? memory.words[(address - memory.origin) >>> 2]! >>> 0 : 0;
  }

  eraseFlash(): void {
    for (const memory of this.#bus.memories) if (memory.kind === 'flash') memory.bytes.fill(0xff);
    this.#fixed = undefined;
  }

  /** RAM as it is after power-on, and the image where it is stored. */
  powerOn(image: Image | undefined): void {
    for (const memory of this.#bus.memories) if (memory.kind === 'ram') memory.bytes.fill(POWER_ON_BYTE);
    for (const { address, bytes } of image?.blocks ?? []) this.write(address, bytes);
  }

  /** Does what start-up code does with .data and .bss. */
  initialiseData(image: Image | undefined): void {
    for (const { address, bytes, size } of image?.initialised ?? []) {
      const memory = this.#bus.memoryAt(address);
      if (memory?.kind !== 'ram' || address - memory.origin + size > memory.size) continue;
      const at = address - memory.origin;
      memory.bytes.fill(0, at, at + size);
      memory.bytes.set(bytes, at);
    }
  }

  /** @throws UserError `input` when a part of the image lies in no memory. */
  checkFits(image: Image): void {
    for (const { address, bytes } of image.blocks) {
      const memory = this.#bus.memoryAt(address);
      if (memory && address - memory.origin + bytes.length <= memory.size) continue;
      const over = memory ? address - memory.origin + bytes.length - memory.size : 0;
      throw new UserError(
        'input',
        memory
          ? say`The firmware does not fit: it ends ${over} bytes past the ${memory.name} of the ${this.#boardName} (${memory.size} bytes).`
          : say`The firmware has ${bytes.length} bytes for ${hex(address)}, where the ${this.#boardName} has no memory.`,
        image.format === 'bin'
          ? say`Give a smaller image, or an ELF file built for the ${this.#boardName}.`
          : say`Build it for the ${this.#boardName}; its memories are ${this.#list}.`,
      );
    }
  }

  /** @throws UserError `input` when there is no vector table for this board at the start of flash. */
  checkBootable(): void {
    const { origin } = this.flash;
    const sp = this.word(origin);
    const start = this.word(origin + 4);
    const startsHere = (start & 1) === 1 && this.#bus.memoryAt(start & ~1) !== undefined;
    if (this.#isRam(sp - 4) && startsHere) return;
    throw new UserError(
      'input',
      say`The firmware has no vector table for the ${this.#boardName} at ${hex(origin)}: its first two words, ${hex(sp)} and ${hex(start)}, are not a stack pointer in RAM and a Thumb address.`,
      say`Build it for the ${this.#boardName} with its linker script and start-up code.`,
    );
  }

  #isRam(address: number): boolean {
    return this.#bus.memoryAt(address)?.kind === 'ram';
  }

  #span(address: number, length: number): MemoryView {
    const memory = this.#bus.memoryAt(address);
    if (memory && address - memory.origin + length <= memory.size) return memory;
    throw new UserError(
      'input',
      say`${length} bytes at ${hex(address)} are not inside a memory of the ${this.#boardName}.`,
      say`Its memories are ${this.#list}.`,
    );
  }

  get #list(): string {
    return this.#bus.memories
      .filter((m) => m.kind !== 'rom')
      .map((m) => `${m.name} ${hex(m.origin)} to ${hex(m.origin + m.size - 1)}`)
      .join(', ');
  }
}
