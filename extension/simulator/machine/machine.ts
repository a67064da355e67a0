import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { Bus } from './bus.ts';
import { findSimulatedBoard } from '../boards/boards.ts';
import { Clock } from './clock.ts';
import { connectConsole, type SerialConsole } from './console.ts';
import { Core, RETURN_ADDRESS, type CoreStop } from '../cores/armv6m/core.ts';
import { describeFault } from '../cores/armv6m/describeFault.ts';
import { readImage, type Image } from '../firmware/image.ts';
import type { SimulatedBoard } from './mcu.ts';
import { EXCEPTION, Nvic } from '../cores/armv6m/nvic.ts';
import { PeripheralSpace } from './peripheralSpace.ts';
import { Profiler, type SymbolCost } from './profiler.ts';
import type { Fault } from '../run/simulation.ts';
import { hex, SymbolTable } from '../firmware/symbols.ts';
import { SystemControl } from '../cores/armv6m/systemControl.ts';
import { answerSemihosting } from './semihosting.ts';
import { SysTick } from '../cores/armv6m/sysTick.ts';
import { WaitLoopFinder } from './waitLoop.ts';

/** Why {@link Machine.run} came back. `stopped`: somebody called {@link Machine.stop}. */
export type MachineStop = 'idle' | 'cycle-limit' | 'fault' | 'stopped';

export interface CallResult {
  /** r0 as a signed 32-bit number. */
  readonly r0: number;
  /** Cycles and instructions of the function with everything it calls, its return included, the call to it not. */
  readonly cycles: number;
  readonly instructions: number;
  /** How far the stack pointer went down, in bytes. */
  readonly stackBytes: number;
}

export interface CallOptions {
  /** Default 2e9. */
  readonly cycleLimit?: number;
  /** Stack pointer before the call; default is the image's own first stack pointer, else the end of RAM. */
  readonly stackPointer?: number;
}

export const DEFAULT_CYCLE_LIMIT = 2e9;

/** What RAM holds after power-on, so that firmware which forgets to initialise something is found out. */
const POWER_ON_BYTE = 0xa5;
/** Cycles between two looks whether the firmware waits; grows while it does not. */
const FIRST_SLICE = 1 << 14;
const LARGEST_SLICE = 1 << 20;
/** The same after an event that ended a wait: about an interrupt handler's length. */
const CYCLES_AFTER_WAIT = 512;
/** Simulated seconds of nothing but waiting and ticking, without a byte printed, that count as idle. */
const QUIET_SECONDS = 10;
/** The same inside a HardFault handler, where only a UART's transmitter can still change anything. */
const QUIET_FAULT_SECONDS = 0.05;

/**
 * A simulated board, run synchronously: memories, core, interrupts, SysTick, the registers boot code asks for and the
 * console UART. Deterministic: the same image and input give the same cycles, bytes and times.
 *
 * Two ways to use it: `load`, `reset` and `run` as the real board would, or `load` and `call` for single functions.
 */
export class Machine {
  readonly board: SimulatedBoard;
  /** Called for every byte that has left the console, with the simulated time since reset in microseconds. */
  onUart: (byte: number, timeUs: number) => void = () => undefined;
  /** Skip rounds of waiting loops instead of executing them; the results are the same. For tests. */
  skipWaiting = true;

  readonly #clock = new Clock();
  readonly #nvic = new Nvic();
  readonly #sysTick: SysTick;
  readonly #systemControl: SystemControl;
  readonly #peripherals: PeripheralSpace;
  readonly #bus: Bus;
  readonly #core: Core;
  readonly #console: SerialConsole | undefined;
  readonly #waitLoops: WaitLoopFinder;
  #symbolTable = new SymbolTable(undefined);
  #image: Image | undefined;
  #dataIsInitialised = false;
  #profiler: Profiler | undefined;
  #initialSp = 0;
  /** When the firmware began to do nothing but wait; undefined while it works. */
  #waitingSince: { cycles: number; instructions: number } | undefined;
  /** The firmware has ended by a semihosting call. */
  #exited = false;
  #slice = FIRST_SLICE;
  /** When to look next whether the firmware waits. */
  #nextLook = FIRST_SLICE;
  #sleptAtLook = 0;

  /**
   * @param board id such as `frdmke16z`, or a description.
   * @throws UserError `board` for an id that is not simulated.
   */
  constructor(board: string | SimulatedBoard) {
    this.board = typeof board === 'string' ? findSimulatedBoard(board) : board;
    const { mcu } = this.board;
    const clock = this.#clock;
    const nvic = this.#nvic;
    this.#sysTick = new SysTick(clock, mcu.sysTickDivider, () => {
      nvic.setSystemPending(EXCEPTION.sysTick);
    });
    this.#systemControl = new SystemControl(nvic, this.#sysTick);
    this.#console = mcu.console
      ? connectConsole(mcu.console, mcu.coreClockHz, clock, nvic, (byte) => {
          this.#waitingSince = undefined;
          this.#slice = FIRST_SLICE;
          this.onUart(byte, this.timeUs);
        })
      : undefined;
    this.#peripherals = new PeripheralSpace(
      mcu.peripherals,
      mcu.registers,
      this.#console && mcu.console ? [{ device: this.#console.device, gate: mcu.console.gate }] : [],
    );
    this.#bus = new Bus(mcu.memories, clock, this.#peripherals, this.#systemControl);
    this.#core = new Core(this.#bus, clock, nvic, this.#systemControl);
    this.#waitLoops = new WaitLoopFinder(this.#core, this.#bus, clock, (limit) => this.#advance(limit));
    this.powerOn();
  }

  /** Core cycles since power-on. */
  get cycles(): number {
    return this.#clock.now;
  }

  get instructions(): number {
    return this.#core.instructions;
  }

  /** Simulated time since power-on in microseconds. */
  get timeUs(): number {
    return (this.#clock.now / this.board.mcu.coreClockHz) * 1e6;
  }

  /** High-water mark of the main stack since reset (or of the last {@link call}) in bytes. */
  get stackBytes(): number {
    return Math.max(0, this.#initialSp - this.#core.lowestMainSp);
  }

  /** r0 to r15 and xPSR. */
  get registers(): readonly number[] {
    return [...Array.from(this.#core.registers, (r) => r >>> 0), this.#core.xpsr];
  }

  /** The last HardFault since reset, whether it ended the run or the firmware's handler dealt with it. */
  get fault(): Fault | undefined {
    const record = this.#core.fault;
    return record && describeFault(record, this.#symbolTable, this.#bus.memories, this.board.name);
  }

  get symbols(): SymbolTable {
    return this.#symbolTable;
  }

  /**
   * Puts firmware into the board's memories and takes the power-on reset.
   * @throws UserError `input` when it is damaged, does not fit, or has no vector table.
   */
  load(firmware: Uint8Array | Image): void {
    const image = firmware instanceof Uint8Array ? readImage(firmware, this.#flash.origin) : firmware;
    for (const { address, bytes } of image.blocks) this.#checkFits(image, address, bytes.length);
    for (const memory of this.#bus.memories) {
      if (memory.kind === 'flash') memory.bytes.fill(0xff);
    }
    this.#image = image;
    this.#symbolTable = image.symbols;
    this.powerOn();
  }

  /** Answers semihosting calls from now on, as a debugger would; what the firmware prints that way comes by {@link onUart}. */
  startSemihosting(): void {
    const { registers } = this.#core;
    const print = (byte: number): void => {
      this.onUart(byte, this.timeUs);
    };
    this.#core.onSemihosting = () => {
      const answer = answerSemihosting(registers[0]!, registers[1]!, this, print);
      if (answer === 'exit') {
        this.#exited = true;
        this.#core.stop();
      } else registers[0] = answer;
    };
  }

  /** Power-on reset: RAM holds noise, peripherals their reset values, the cycle counter starts at 0. */
  powerOn(): void {
    for (const memory of this.#bus.memories) if (memory.kind === 'ram') memory.bytes.fill(POWER_ON_BYTE);
    for (const { address, bytes } of this.#image?.blocks ?? []) this.writeMemory(address, bytes);
    this.#dataIsInitialised = false;
    this.#clock.reset();
    this.#core.instructions = 0;
    this.#core.exceptionsEntered = this.#core.sleptCycles = 0;
    this.reset();
  }

  /** The reset button: RAM and time stay, everything else starts again. */
  reset(): void {
    this.#clock.cancelAll();
    this.#sysTick.reset();
    this.#peripherals.reset();
    this.#core.reset();
    this.#initialSp = this.#core.registers[13]!;
    this.#waitingSince = undefined;
    this.#exited = false;
    this.#slice = FIRST_SLICE;
    this.#nextLook = this.#clock.now + FIRST_SLICE;
    this.#sleptAtLook = this.#core.sleptCycles;
    this.#profiler?.begin();
  }

  /** @throws UserError `input` when the image has no vector table for this board at the start of flash. */
  checkBootable(): void {
    const sp = this.#peekWord(this.#flash.origin);
    const start = this.#peekWord(this.#flash.origin + 4);
    const inRam = this.#bus.memoryAt(sp - 4)?.kind === 'ram';
    const startsHere = (start & 1) === 1 && this.#bus.memoryAt(start & ~1) !== undefined;
    if (inRam && startsHere) return;
    throw new UserError(
      'input',
      say`The firmware has no vector table for the ${this.board.name} at ${hex(this.#flash.origin)}: its first two words, ${hex(sp)} and ${hex(start)}, are not a stack pointer in RAM and a Thumb address.`,
      say`Build it for the ${this.board.name} with its linker script and start-up code.`,
    );
  }

  /**
   * Runs on.
   * @param cycles the most cycles to run.
   * @returns `idle` when the firmware does nothing but wait and nothing is left that could end it, or it has only
   *   ticked on without printing for ten simulated seconds.
   */
  run(cycles = DEFAULT_CYCLE_LIMIT): MachineStop {
    const clock = this.#clock;
    const core = this.#core;
    this.#dataIsInitialised = true;
    core.isCalled = false;
    const limit = clock.now + cycles;
    while (clock.now < limit) {
      let stop = this.#advance(Math.min(limit, this.#nextLook));
      if (clock.now < limit && (stop === 'waiting' || (stop === 'limit' && clock.now >= this.#nextLook))) {
        const look = this.#lookWhetherItWaits(stop, limit);
        if (look.forGood) return this.#endOfWait();
        ({ stop } = look);
      }
      switch (stop) {
        case 'fault':
          if (core.fault?.lockup) return 'fault';
          break;
        case 'reset':
          this.reset();
          break;
        case 'stopped':
          if (!this.#exited) return 'stopped';
          this.#waitingSince ??= { cycles: clock.now, instructions: core.instructions };
          return this.#endOfWait();
        case 'asleep':
          this.#waitingSince ??= { cycles: clock.now, instructions: core.instructions };
          return this.#endOfWait();
        default:
      }
    }
    return 'cycle-limit';
  }

  /** Makes {@link run} return `stopped` before the next instruction; for use in {@link onUart}. */
  stop(): void {
    this.#core.stop();
  }

  /** Cycles and instructions at which the firmware began to wait, after a run that ended `idle`. */
  get idleSince(): { readonly cycles: number; readonly instructions: number } | undefined {
    return this.#waitingSince;
  }

  /** True when nothing is due any more: only input could make the firmware go on. */
  get isAtRest(): boolean {
    return this.#clock.next === Infinity;
  }

  /**
   * Calls a function as the AAPCS says: arguments in r0 to r3, further ones on the stack. Nothing is reset: memory and
   * peripherals are as earlier calls left them. Before the first call after `load`, initialised and zeroed data are set
   * up as the start-up code would.
   * @param target symbol name or address.
   * @param args 32-bit values.
   * @throws UserError `firmware` when it faults, does not return within the limit, or does not restore r4-r11 and sp.
   */
  call(target: string | number, args: readonly number[] = [], options: CallOptions = {}): CallResult {
    const address = typeof target === 'number' ? target : this.symbol(target).address;
    const core = this.#core;
    const clock = this.#clock;
    if (!this.#dataIsInitialised) this.initialiseData();
    let sp = options.stackPointer ?? this.#defaultStackPointer;
    const onStack = args.slice(4);
    sp = (sp - 4 * onStack.length) & ~7;
    onStack.forEach((value, i) => {
      this.#bus.store32(sp + 4 * i, value, 0);
    });
    core.prepareCall(sp);
    this.#initialSp = sp;
    const R = core.registers;
    for (let i = 0; i < 4; i++) R[i] = args[i] ?? 0;
    for (let i = 4; i < 12; i++) R[i] = calleeSaved(i);
    R[14] = RETURN_ADDRESS | 1;
    R[15] = address & ~1;
    const startCycles = clock.now;
    const startInstructions = core.instructions;
    const limit = startCycles + (options.cycleLimit ?? DEFAULT_CYCLE_LIMIT);
    const name = typeof target === 'string' ? target : this.#symbolTable.describe(address);
    this.#profiler?.begin();
    for (;;) {
      const stop = this.#advance(limit);
      if (stop === 'returned') break;
      if (stop === 'waiting') continue;
      const advice = say`This is an error in the code that was called.`;
      if (stop === 'fault') {
        throw new UserError('firmware', say`${name} failed. ${this.fault?.sentence ?? ''}`, advice);
      }
      const spent = clock.now - startCycles;
      throw new UserError('firmware', say`${name} did not return: ${stop} after ${spent} cycles.`, advice);
    }
    this.#profiler?.end();
    const broken = R.subarray(4, 12).findIndex((value, i) => value !== calleeSaved(i + 4));
    if (broken >= 0 || R[13] !== sp) {
      const what = broken >= 0 ? `r${broken + 4}` : say`the stack pointer`;
      throw new UserError(
        'firmware',
        say`${name} returned without restoring ${what}.`,
        say`The AAPCS asks for it.`,
      );
    }
    return {
      r0: R[0]!,
      cycles: clock.now - startCycles,
      instructions: core.instructions - startInstructions,
      stackBytes: sp - core.lowestMainSp,
    };
  }

  /** Does what start-up code does with .data and .bss. */
  initialiseData(): void {
    for (const { address, bytes, size } of this.#image?.initialised ?? []) {
      const memory = this.#bus.memoryAt(address);
      if (memory?.kind !== 'ram' || address - memory.origin + size > memory.size) continue;
      const at = address - memory.origin;
      memory.bytes.fill(0, at, at + size);
      memory.bytes.set(bytes, at);
    }
    this.#dataIsInitialised = true;
  }

  /** @throws UserError `input` when the image has no such symbol. */
  symbol(name: string): { readonly address: number; readonly size: number } {
    const found = this.#symbolTable.find(name);
    if (found) return found;
    throw new UserError(
      'input',
      say`The firmware has no symbol "${name}".`,
      say`Give the ELF file (HEX and binary images have no symbols), built without stripping.`,
    );
  }

  /** A copy of memory. @throws UserError `input` outside the board's memories. */
  readMemory(address: number, length: number): Uint8Array {
    const memory = this.#span(address, length);
    const at = address - memory.origin;
    return memory.bytes.slice(at, at + length);
  }

  /** Writes memory as a debugger or a flash programmer does. @throws UserError `input` outside the memories. */
  writeMemory(address: number, bytes: Uint8Array): void {
    const memory = this.#span(address, bytes.length);
    memory.bytes.set(bytes, address - memory.origin);
  }

  /** Bytes for the console's receiver; they arrive one by one at its baud rate. */
  send(bytes: Uint8Array): void {
    this.#console?.receive(bytes);
  }

  /** Begins to count cycles by function; runs are slower from here on. */
  startProfile(): void {
    this.#profiler = new Profiler(this.#symbolTable, this.#core, this.#clock);
    this.#core.tracing = true;
    this.#profiler.begin();
  }

  /** What {@link startProfile} has counted so far, by symbol; undefined without it. */
  get profile(): ReadonlyMap<string, SymbolCost> | undefined {
    return this.#profiler?.result();
  }

  get #flash() {
    return this.#bus.memories.find((m) => m.kind === 'flash')!;
  }

  get #defaultStackPointer(): number {
    const first = this.#peekWord(this.#flash.origin);
    if (this.#bus.memoryAt(first - 4)?.kind === 'ram') return first & ~7;
    const ram = this.#bus.memories.find((m) => m.kind === 'ram')!;
    return (ram.origin + ram.size) & ~7;
  }

  /** Runs the core; the profiler, if there is one, follows from branch to branch. */
  #advance(limit: number): CoreStop {
    const core = this.#core;
    const clock = this.#clock;
    const profiler = this.#profiler;
    if (!profiler) return core.run(limit);
    for (;;) {
      const stop = core.run(limit);
      profiler.account(stop);
      if (stop !== 'call' && stop !== 'branch' && stop !== 'exception') return stop;
      if (clock.now >= limit) return 'limit';
    }
  }

  /**
   * Keeps {@link waitingSince} up to date, and skips time when the firmware goes round in a loop that changes nothing.
   * @param stop why the core came here.
   * @returns the same, or what stopped the core while it was looked at; and whether the waiting will never end.
   */
  #lookWhetherItWaits(stop: CoreStop, limit: number): { stop: CoreStop; forGood: boolean } {
    const clock = this.#clock;
    const core = this.#core;
    const bus = this.#bus;
    const noticed = { cycles: clock.now, instructions: core.instructions };
    let costs: ReturnType<Profiler['snapshot']> | undefined;
    const found = this.#waitLoops.find(limit, () => {
      costs = this.#profiler?.snapshot();
    });
    const loop = typeof found === 'object' ? found : undefined;
    const waited = loop !== undefined || core.sleptCycles > this.#sleptAtLook;
    if (waited) {
      this.#waitingSince ??= noticed;
      this.#slice = FIRST_SLICE;
    } else if (stop === 'limit') {
      this.#waitingSince = undefined;
      this.#slice = Math.min(this.#slice * 2, LARGEST_SLICE);
    }
    if (stop === 'waiting') bus.setWaiting(loop !== undefined);
    if (loop && this.skipWaiting) {
      const end = clock.next === Infinity ? clock.now : Math.min(clock.next, limit);
      const rounds = Math.floor((end - clock.now) / loop.cycles);
      if (rounds > 0) {
        core.skip(rounds * loop.cycles, rounds * loop.instructions);
        if (costs) this.#profiler?.repeat(costs, rounds);
      }
    }
    // what woke it will be dealt with soon, and then it waits again
    if (loop) this.#nextLook = Math.min(clock.next, clock.now + LARGEST_SLICE) + CYCLES_AFTER_WAIT;
    else if (waited || stop === 'limit') this.#nextLook = clock.now + this.#slice;
    this.#sleptAtLook = core.sleptCycles;
    return {
      stop: typeof found === 'string' ? found : stop,
      forGood: (loop !== undefined && clock.next === Infinity) || (waited && this.#isQuiet()),
    };
  }

  #isQuiet(): boolean {
    if (!this.#waitingSince) return false;
    const seconds = (this.#clock.now - this.#waitingSince.cycles) / this.board.mcu.coreClockHz;
    return seconds >= (this.#core.inHardFault ? QUIET_FAULT_SECONDS : QUIET_SECONDS);
  }

  #endOfWait(): MachineStop {
    return this.#core.inHardFault ? 'fault' : 'idle';
  }

  #peekWord(address: number): number {
    const memory = this.#bus.memoryAt(address);
    return memory ? memory.words[(address - memory.origin) >>> 2]! >>> 0 : 0;
  }

  #span(address: number, length: number) {
    const memory = this.#bus.memoryAt(address);
    if (memory && address - memory.origin + length <= memory.size) return memory;
    throw new UserError(
      'input',
      say`${length} bytes at ${hex(address)} are not inside a memory of the ${this.board.name}.`,
      say`Its memories are ${this.#memoryList}.`,
    );
  }

  get #memoryList(): string {
    return this.#bus.memories
      .filter((m) => m.kind !== 'rom')
      .map((m) => `${m.name} ${hex(m.origin)} to ${hex(m.origin + m.size - 1)}`)
      .join(', ');
  }

  #checkFits(image: Image, address: number, length: number): void {
    const memory = this.#bus.memoryAt(address);
    if (memory && address - memory.origin + length <= memory.size) return;
    const over = memory ? address - memory.origin + length - memory.size : 0;
    throw new UserError(
      'input',
      memory
        ? say`The firmware does not fit: it ends ${over} bytes past the ${memory.name} of the ${this.board.name} (${memory.size} bytes).`
        : say`The firmware has ${length} bytes for ${hex(address)}, where the ${this.board.name} has no memory.`,
      image.format === 'bin'
        ? say`Give a smaller image, or an ELF file built for the ${this.board.name}.`
        : say`Build it for the ${this.board.name}; its memories are ${this.#memoryList}.`,
    );
  }
}

/** Recognisable values for r4 to r11, to see that the function restored them. */
function calleeSaved(register: number): number {
  return 0x5aa50000 | (register * 0x101) | 0;
}
