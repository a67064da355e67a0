import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { Breakpoints } from '../cores/breakpoints.ts';
import type { Core, SpecialRegister } from '../cores/core.ts';
import { CoreFault } from '../cores/coreFault.ts';
import { hex } from '../firmware/symbols.ts';
import type { BoardMemory } from './boardMemory.ts';
import type { Bus, Watched, Watchpoint } from './bus.ts';
import type { Clock } from './clock.ts';
import type { PeripheralSpace } from './peripheralSpace.ts';

/** A core's registers as a debugger knows them: r0 to r15 by number, the others by name. */
export type DebugRegister = number | SpecialRegister;

const PC = 15;
const SP = 13;

/** What a debugger reaches of a machine while it stands. Without watchpoints and breakpoints a run is as fast as ever. */
export class DebugPort {
  readonly #core: Core;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #memory: BoardMemory;
  readonly #peripherals: PeripheralSpace;
  #breakpoints: Breakpoints | undefined;

  constructor(core: Core, bus: Bus, clock: Clock, memory: BoardMemory, peripherals: PeripheralSpace) {
    this.#core = core;
    this.#bus = bus;
    this.#clock = clock;
    this.#memory = memory;
    this.#peripherals = peripherals;
  }

  get pc(): number {
    return this.#core.registers[PC]! >>> 0;
  }

  /** Exceptions that are active; 0 in Thread mode. */
  get nesting(): number {
    return this.#core.nesting;
  }

  get isInFault(): boolean {
    return this.#core.isInFault;
  }

  get isAsleep(): boolean {
    return this.#core.asleep;
  }

  /** The cycle at which something happens next outside the core; `Infinity` when nothing is due. */
  get nextAlarm(): number {
    return this.#clock.next;
  }

  /** Of the last fault since reset, what was done; undefined without one. */
  get faultCause(): CoreFault | undefined {
    return this.#core.fault?.cause;
  }

  /** Addresses of instructions before which a run stops, while {@link arm} has them armed. */
  set breakpoints(addresses: Iterable<number>) {
    const all = [...addresses];
    this.#breakpoints = all.length > 0 ? new Breakpoints(all) : undefined;
  }

  set watchpoints(watchpoints: readonly Watchpoint[]) {
    this.#bus.watchpoints = watchpoints;
    this.#bus.watched = undefined;
  }

  /** Whether breakpoints stop a run from here on. */
  arm(armed: boolean): void {
    this.#core.breakBefore(armed ? this.#breakpoints : undefined);
  }

  /** The watched access that has stopped the core, once. */
  takeWatched(): Watched | undefined {
    const { watched } = this.#bus;
    this.#bus.watched = undefined;
    return watched;
  }

  /** Does what is due before the next instruction: alarms, exceptions' entries. */
  settle(): void {
    this.#core.run(this.#clock.now);
  }

  readRegister(register: DebugRegister): number {
    if (typeof register === 'number') return this.#core.registers[register]! >>> 0;
    return this.#core.readSpecial(register);
  }

  writeRegister(register: DebugRegister, value: number): void {
    if (typeof register !== 'number') this.#core.writeSpecial(register, value);
    else if (register === PC) this.#core.goTo(value);
    else this.#core.registers[register] = register === SP ? value & ~3 : value;
  }

  /**
   * A copy of memory or of peripheral registers. Reading changes nothing: what a register does when firmware reads it
   * (a UART takes a byte out) is undone.
   * @throws UserError `input` where nothing is
   */
  read(address: number, length: number): Uint8Array {
    if (this.#bus.memoryAt(address)) return this.#memory.read(address, length);
    const peripherals = this.#peripherals.save();
    const core = this.#core.save();
    const clock = this.#clock.save();
    this.#clock.start = this.#clock.now;
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    try {
      eachAccess(address, length, (at, size) => {
        if (size === 4) view.setUint32(at - address, this.#bus.load32(at, 0), true);
        else if (size === 2) view.setUint16(at - address, this.#bus.load16(at, 0), true);
        else view.setUint8(at - address, this.#bus.load8(at, 0));
      });
    } catch (error) {
      throw asUserError(error, address, length);
    } finally {
      this.#peripherals.restore(peripherals);
      this.#core.restore(core);
      this.#clock.restore(clock);
      this.#bus.watched = undefined;
    }
    return bytes;
  }

  /**
   * Writes RAM, or peripheral registers as a store does.
   * @throws UserError `input` where nothing can be written
   */
  write(address: number, bytes: Uint8Array): void {
    if (this.#bus.memoryAt(address)?.kind === 'ram') {
      this.#memory.write(address, bytes);
      return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#clock.start = this.#clock.now;
    try {
      eachAccess(address, bytes.length, (at, size) => {
        if (size === 4) this.#bus.store32(at, view.getInt32(at - address, true), 0);
        else if (size === 2) this.#bus.store16(at, view.getUint16(at - address, true), 0);
        else this.#bus.store8(at, view.getUint8(at - address), 0);
      });
    } catch (error) {
      throw asUserError(error, address, bytes.length);
    } finally {
      this.#bus.watched = undefined;
    }
  }
}

/** Cuts a range into the largest aligned accesses. */
function eachAccess(address: number, length: number, access: (at: number, size: 1 | 2 | 4) => void): void {
  const end = address + length;
  for (let at = address; at < end;) {
    const size = at % 4 === 0 && end - at >= 4 ? 4 : at % 2 === 0 && end - at >= 2 ? 2 : 1;
    access(at, size);
    at += size;
  }
}

function asUserError(error: unknown, address: number, length: number): unknown {
  if (!(error instanceof CoreFault)) return error;
  return new UserError('input', say`${length} bytes at ${hex(address)} cannot be accessed.`, []);
}
