import { say } from '../../common/errors/sentence.ts';
import type { Clock } from './clock.ts';
import { CoreFault } from '../cores/coreFault.ts';
import type { PeripheralSpace } from './peripheralSpace.ts';

/** A memory of the MCU. */
export interface Memory {
  readonly name: string;
  readonly origin: number;
  /** Bytes, a multiple of 4. */
  readonly size: number;
  readonly kind: 'flash' | 'ram' | 'rom';
  /** Words a ROM holds: address to value. */
  readonly content?: ReadonlyMap<number, number>;
}

/** The bytes of one memory, seen in all widths the core needs. */
export interface MemoryView {
  readonly name: string;
  readonly origin: number;
  readonly size: number;
  readonly kind: Memory['kind'];
  readonly bytes: Uint8Array;
  readonly halfwords: Uint16Array;
  readonly words: Int32Array;
}

/** The core's own registers, from 0xE0000000 on: its private peripheral bus. */
export interface PrivateBus {
  read(address: number, size: 1 | 2 | 4): number;
  write(address: number, size: 1 | 2 | 4, value: number): void;
  /** True for registers whose value changes with time alone. */
  changesWithTime(address: number): boolean;
}

/** A range of addresses whose accesses stop the core. */
export interface Watchpoint {
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly access: 'read' | 'write' | 'any';
}

/** An access that has met a watchpoint. */
export interface Watched {
  readonly watchpoint: Watchpoint;
  /** First watched byte that was accessed. */
  readonly address: number;
}

/** Equal reads of one register, in a row, after which the bus guesses that the firmware waits for it. */
const POLLS_BEFORE_HINT = 8;
const MOST_POLLS_BEFORE_HINT = 4096;

/**
 * What the core's loads and stores reach: the first flash and the first RAM by the short way, everything else
 * (more memories, peripherals, the core's own registers) by {@link #slowLoad} and {@link #slowStore}. `elapsed` is the
 * number of cycles since the running slice began, so that peripherals see the exact time.
 */
export class Bus {
  readonly memories: readonly MemoryView[];
  /** Counts everything that makes "nothing has changed" untrue: writes to peripherals, reads that depend on time. */
  changes = 0;
  /** The core puts its own here. */
  privateBus!: PrivateBus;
  /** Called when the same register is read over and over. */
  onPolling: () => void = () => undefined;
  /** The first access to meet a watchpoint since somebody set this to undefined. */
  watched: Watched | undefined;
  /** Called when {@link watched} is set: the core stops behind the instruction at hand. */
  onWatched: () => void = () => undefined;

  readonly #flashOrigin: number;
  #flashSize: number;
  readonly #flash8: Uint8Array;
  readonly #flash16: Uint16Array;
  readonly #flash32: Int32Array;
  readonly #ramOrigin: number;
  #ramSize: number;
  readonly #ram8: Uint8Array;
  readonly #ram16: Uint16Array;
  readonly #ram32: Int32Array;
  readonly #clock: Clock;
  readonly #peripherals: PeripheralSpace;

  #polledAddress = -1;
  #polledValue = 0;
  #polls = 0;
  #hintAfter = POLLS_BEFORE_HINT;
  #watchpoints: readonly Watchpoint[] = [];

  constructor(memories: readonly Memory[], clock: Clock, peripherals: PeripheralSpace) {
    this.memories = memories.map(allocate);
    const flash = this.memories.find((m) => m.kind === 'flash')!;
    const ram = this.memories.find((m) => m.kind === 'ram')!;
    this.#flashOrigin = flash.origin | 0;
    this.#flashSize = flash.size;
    this.#flash8 = flash.bytes;
    this.#flash16 = flash.halfwords;
    this.#flash32 = flash.words;
    this.#ramOrigin = ram.origin | 0;
    this.#ramSize = ram.size;
    this.#ram8 = ram.bytes;
    this.#ram16 = ram.halfwords;
    this.#ram32 = ram.words;
    this.#clock = clock;
    this.#peripherals = peripherals;
  }

  load32(address: number, elapsed: number): number {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize && (address & 3) === 0) return this.#ram32[inRam >>> 2]!;
    const inFlash = (address - this.#flashOrigin) >>> 0;
    if (inFlash < this.#flashSize && (address & 3) === 0) return this.#flash32[inFlash >>> 2]!;
    return this.#slowLoad(address, 4, elapsed);
  }

  load16(address: number, elapsed: number): number {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize && (address & 1) === 0) return this.#ram16[inRam >>> 1]!;
    const inFlash = (address - this.#flashOrigin) >>> 0;
    if (inFlash < this.#flashSize && (address & 1) === 0) return this.#flash16[inFlash >>> 1]!;
    return this.#slowLoad(address, 2, elapsed);
  }

  load8(address: number, elapsed: number): number {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize) return this.#ram8[inRam]!;
    const inFlash = (address - this.#flashOrigin) >>> 0;
    if (inFlash < this.#flashSize) return this.#flash8[inFlash]!;
    return this.#slowLoad(address, 1, elapsed);
  }

  store32(address: number, value: number, elapsed: number): void {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize && (address & 3) === 0) this.#ram32[inRam >>> 2] = value;
    else this.#slowStore(address, 4, value, elapsed);
  }

  store16(address: number, value: number, elapsed: number): void {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize && (address & 1) === 0) this.#ram16[inRam >>> 1] = value;
    else this.#slowStore(address, 2, value, elapsed);
  }

  store8(address: number, value: number, elapsed: number): void {
    const inRam = (address - this.#ramOrigin) >>> 0;
    if (inRam < this.#ramSize) this.#ram8[inRam] = value;
    else this.#slowStore(address, 1, value, elapsed);
  }

  /** Stops the core at accesses from now on; with watchpoints in a memory all accesses to it go the long way. */
  set watchpoints(watchpoints: readonly Watchpoint[]) {
    this.#watchpoints = watchpoints;
    const shortSize = (kind: Memory['kind']): number => {
      const memory = this.memories.find((m) => m.kind === kind)!;
      const meets = watchpoints.some(
        (w) => w.address < memory.origin + memory.size && memory.origin < w.address + w.size,
      );
      return meets ? 0 : memory.size;
    };
    this.#flashSize = shortSize('flash');
    this.#ramSize = shortSize('ram');
  }

  /** The memory that holds an address; undefined for peripherals and nothing. */
  memoryAt(address: number): MemoryView | undefined {
    return this.memories.find((m) => (address - m.origin) >>> 0 < m.size);
  }

  /** Tells whether the last hint of {@link onPolling} was right; after wrong ones it comes less often. */
  setWaiting(right: boolean): void {
    this.#polls = 0;
    this.#hintAfter = right ? POLLS_BEFORE_HINT : Math.min(this.#hintAfter * 2, MOST_POLLS_BEFORE_HINT);
  }

  #slowLoad(address: number, size: 1 | 2 | 4, elapsed: number): number {
    if (address & (size - 1)) throw new CoreFault({ kind: 'unaligned', access: 'read', size }, address);
    if (this.#watchpoints.length > 0) this.#watch(address, size, 'read');
    const memory = this.memoryAt(address);
    if (memory) {
      const at = (address - memory.origin) >>> 0;
      return size === 4
        ? memory.words[at >>> 2]!
        : size === 2
          ? memory.halfwords[at >>> 1]!
          : memory.bytes[at]!;
    }
    this.#clock.now = this.#clock.start + elapsed;
    let value: number;
    if (address >>> 20 === 0xe00) {
      if (this.privateBus.changesWithTime(address)) this.changes++;
      value = this.privateBus.read(address, size);
    } else {
      const read = this.#peripherals.read(address >>> 0, size);
      if (read === undefined) throw new CoreFault({ kind: 'bus', access: 'read', size }, address);
      value = read;
    }
    if (address === this.#polledAddress && value === this.#polledValue) {
      if (++this.#polls >= this.#hintAfter) {
        this.#polls = 0;
        this.onPolling();
      }
    } else {
      this.#polledAddress = address;
      this.#polledValue = value;
      this.#polls = 0;
    }
    return value;
  }

  /** Looks whether an access meets a watchpoint; the first one of an instruction counts. */
  #watch(start: number, size: number, access: 'read' | 'write'): void {
    if (this.watched) return;
    const address = start >>> 0;
    const watchpoint = this.#watchpoints.find(
      (w) =>
        (w.access === access || w.access === 'any') &&
        w.address < address + size &&
        address < w.address + w.size,
    );
    if (!watchpoint) return;
    this.watched = { watchpoint, address: Math.max(address, watchpoint.address) };
    this.onWatched();
  }

  #slowStore(address: number, size: 1 | 2 | 4, value: number, elapsed: number): void {
    if (address & (size - 1)) throw new CoreFault({ kind: 'unaligned', access: 'write', size }, address);
    if (this.#watchpoints.length > 0) this.#watch(address, size, 'write');
    const memory = this.memoryAt(address);
    if (memory) {
      if (memory.kind !== 'ram') {
        const why = say`${memory.name} cannot be written by a store`;
        throw new CoreFault({ kind: 'bus', access: 'write', size, why }, address);
      }
      const at = (address - memory.origin) >>> 0;
      if (size === 4) memory.words[at >>> 2] = value;
      else if (size === 2) memory.halfwords[at >>> 1] = value;
      else memory.bytes[at] = value;
      this.changes++;
      return;
    }
    this.#clock.now = this.#clock.start + elapsed;
    this.changes++;
    const mask = size === 4 ? 0xffffffff : size === 2 ? 0xffff : 0xff;
    if (address >>> 20 === 0xe00) {
      this.privateBus.write(address, size, (value & mask) >>> 0);
    } else if (!this.#peripherals.write(address >>> 0, size, (value & mask) >>> 0)) {
      throw new CoreFault({ kind: 'bus', access: 'write', size }, address);
    }
  }
}

function allocate(memory: Memory): MemoryView {
  const buffer = new ArrayBuffer(memory.size);
  const words = new Int32Array(buffer);
  for (const [address, word] of memory.content ?? []) words[(address - memory.origin) >>> 2] = word;
  return {
    name: memory.name,
    origin: memory.origin,
    size: memory.size,
    kind: memory.kind,
    bytes: new Uint8Array(buffer),
    halfwords: new Uint16Array(buffer),
    words,
  };
}
