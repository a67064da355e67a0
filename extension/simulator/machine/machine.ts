import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { findSimulatedBoard } from '../boards/boards.ts';
import type { Core, CoreStop } from '../cores/core.ts';
import type { CoreState } from '../cores/armv6m/saved.ts';
import { makeCore } from '../cores/cores.ts';
import { describeFault } from '../cores/describeFault.ts';
import { readImage, type Image } from '../firmware/image.ts';
import { SymbolTable } from '../firmware/symbols.ts';
import type { Fault } from '../run/simulation.ts';
import { BoardMemory, type MemoryState } from './boardMemory.ts';
import { Bus } from './bus.ts';
import { beginCall, checkRestored } from './call.ts';
import { Clock, type ClockState } from './clock.ts';
import { connectConsole, type SerialConsole } from './console.ts';
import { DebugPort } from './debugPort.ts';
import { Idleness, type Moment } from './idleness.ts';
import type { SimulatedBoard } from './mcu.ts';
import { type PeripheralState, PeripheralSpace } from './peripheralSpace.ts';
import { Profiler, type SymbolCost } from './profiler.ts';
import { answerSemihosting } from './semihosting.ts';

/**
 * Why {@link Machine.run} came back. `stopped`: somebody called {@link Machine.stop}. `faulted`: with
 * {@link Machine.stopsAtFaults} a fault's handler was entered. The last two: what its {@link Machine.debugPort} was asked for.
 */
export type MachineStop =
  'idle' | 'cycle-limit' | 'fault' | 'stopped' | 'faulted' | 'breakpoint' | 'watchpoint';

/** All of a machine that decides what comes next, as data of its own. */
export interface MachineState {
  readonly clock: ClockState;
  readonly core: CoreState;
  readonly memory: MemoryState;
  readonly peripherals: PeripheralState;
  readonly dataIsInitialised: boolean;
  readonly exited: boolean;
  readonly initialSp: number;
}

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

  /** {@link run} comes back as soon as a fault's handler is entered, also when the firmware would deal with it. */
  stopsAtFaults = false;
  readonly debugPort: DebugPort;

  readonly #clock = new Clock();
  readonly #bus: Bus;
  readonly #peripherals: PeripheralSpace;
  readonly #console: SerialConsole | undefined;
  readonly #core: Core;
  readonly #memory: BoardMemory;
  readonly #idleness: Idleness;
  #symbolTable = new SymbolTable(undefined);
  #image: Image | undefined;
  #dataIsInitialised = false;
  #profiler: Profiler | undefined;
  #initialSp = 0;
  /** The firmware has ended by a semihosting call. */
  #exited = false;

  /**
   * @param board id such as `frdmke16z`, or a description.
   * @throws UserError `board` for an id that is not simulated.
   */
  constructor(board: string | SimulatedBoard) {
    this.board = typeof board === 'string' ? findSimulatedBoard(board) : board;
    const { name, console, coreClockHz } = this.board;
    const clock = this.#clock;
    this.#console =
      console &&
      connectConsole(
        console,
        coreClockHz,
        clock,
        (interrupt, high) => {
          this.#core.setInterruptLine(interrupt, high);
        },
        (byte) => {
          this.#idleness.end();
          this.onUart(byte, this.timeUs);
        },
      );
    const devices = this.#console && console ? [{ device: this.#console.device, gate: console.gate }] : [];
    this.#peripherals = new PeripheralSpace(this.board.peripherals, this.board.registers, devices);
    this.#bus = new Bus(this.board.memories, clock, this.#peripherals);
    this.#core = makeCore(this.board.core, this.#bus, clock, this.board.sysTickDivider);
    this.#memory = new BoardMemory(this.#bus, name);
    this.debugPort = new DebugPort(this.#core, this.#bus, clock, this.#memory, this.#peripherals);
    this.#idleness = new Idleness(this.#core, this.#bus, clock, coreClockHz, (limit) => this.#advance(limit));
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
    return (this.#clock.now / this.board.coreClockHz) * 1e6;
  }

  /** High-water mark of the main stack since reset (or of the last {@link call}) in bytes. */
  get stackBytes(): number {
    return Math.max(0, this.#initialSp - this.#core.lowestMainSp);
  }

  /** The last fault since reset, whether it ended the run or the firmware's handler dealt with it. */
  get fault(): Fault | undefined {
    const record = this.#core.fault;
    return record && describeFault(record, this.#symbolTable, this.#bus.memories, this.board.name);
  }

  get symbols(): SymbolTable {
    return this.#symbolTable;
  }

  /** Skip rounds of waiting loops instead of executing them; the results are the same. For tests. */
  set skipWaiting(on: boolean) {
    this.#idleness.skipWaiting = on;
  }

  /**
   * Puts firmware into the board's memories and takes the power-on reset.
   * @throws UserError `input` when it is damaged, does not fit, or has no vector table.
   */
  load(firmware: Uint8Array | Image): void {
    const image = firmware instanceof Uint8Array ? readImage(firmware, this.#memory.flash.origin) : firmware;
    this.#memory.checkFits(image);
    this.#memory.eraseFlash();
    this.#image = image;
    this.#symbolTable = image.symbols;
    this.powerOn();
  }

  /** @throws UserError `input` when the image has no vector table for this board at the start of flash. */
  checkBootable(): void {
    this.#memory.checkBootable();
  }

  /** Answers semihosting calls from now on, as a debugger would; what the firmware prints that way comes by {@link onUart}. */
  startSemihosting(): void {
    const { registers } = this.#core;
    const print = (byte: number): void => {
      this.onUart(byte, this.timeUs);
    };
    this.#core.answerSemihosting(() => {
      const answer = answerSemihosting(registers[0]!, registers[1]!, this, print);
      if (answer === 'exit') {
        this.#exited = true;
        this.#core.stop();
      } else registers[0] = answer;
    });
  }

  /** Power-on reset: RAM holds noise, peripherals their reset values, the cycle counter starts at 0. */
  powerOn(): void {
    this.#memory.powerOn(this.#image);
    this.#dataIsInitialised = false;
    this.#clock.reset();
    this.#core.powerOn();
    this.reset();
  }

  /** The reset button: RAM and time stay, everything else starts again. */
  reset(): void {
    this.#clock.cancelAll();
    this.#peripherals.reset();
    this.#core.reset();
    this.#initialSp = this.#core.registers[13]!;
    this.#exited = false;
    this.#idleness.reset();
    this.#profiler?.begin();
  }

  /**
   * Runs on.
   * @param cycles the most cycles to run.
   * @param untilIdle false runs on through waiting that will never end, which is the same for whoever looks from outside.
   * @returns `idle` when the firmware does nothing but wait and nothing is left that could end it, or it has only
   *   ticked on without printing for ten simulated seconds.
   */
  run(cycles = DEFAULT_CYCLE_LIMIT, untilIdle = true): MachineStop {
    const clock = this.#clock;
    const core = this.#core;
    const idleness = this.#idleness;
    this.#dataIsInitialised = true;
    core.endCall();
    const limit = clock.now + cycles;
    while (clock.now < limit) {
      let stop = this.#advance(Math.min(limit, idleness.nextLook));
      if (clock.now < limit && (stop === 'waiting' || (stop === 'limit' && clock.now >= idleness.nextLook))) {
        const look = idleness.look(stop, limit, this.#profiler);
        if (look.forGood && untilIdle) return this.#endOfWait();
        ({ stop } = look);
      }
      switch (stop) {
        case 'fault':
          if (core.fault?.lockup) return 'fault';
          if (this.stopsAtFaults) return 'faulted';
          break;
        case 'breakpoint':
        case 'watchpoint':
          return stop;
        case 'reset':
          this.reset();
          break;
        case 'stopped':
          if (!this.#exited) return 'stopped';
          idleness.begin();
          return this.#endOfWait();
        case 'asleep':
          idleness.begin();
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
  get idleSince(): Moment | undefined {
    return this.#idleness.since;
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
    const name = typeof target === 'string' ? target : this.#symbolTable.describe(address);
    const core = this.#core;
    if (!this.#dataIsInitialised) this.initialiseData();
    const top = options.stackPointer ?? this.#memory.defaultStackPointer;
    const sp = beginCall(core, this.#bus, address, args, top);
    this.#initialSp = sp;
    const { cycles, instructions } = this;
    this.#profiler?.begin();
    this.#runUntilReturn(name, cycles + (options.cycleLimit ?? DEFAULT_CYCLE_LIMIT));
    this.#profiler?.end();
    checkRestored(core, sp, name);
    return {
      r0: core.registers[0]!,
      cycles: this.cycles - cycles,
      instructions: this.instructions - instructions,
      stackBytes: sp - core.lowestMainSp,
    };
  }

  /** Does what start-up code does with .data and .bss. */
  initialiseData(): void {
    this.#memory.initialiseData(this.#image);
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

  /** Between two runs. A profile is not part of it. */
  save(): MachineState {
    return {
      clock: this.#clock.save(),
      core: this.#core.save(),
      memory: this.#memory.save(),
      peripherals: this.#peripherals.save(),
      dataIsInitialised: this.#dataIsInitialised,
      exited: this.#exited,
      initialSp: this.#initialSp,
    };
  }

  /** Makes the machine, which has the same board and firmware, go on from where it was saved. */
  restore(state: MachineState): void {
    this.#clock.restore(state.clock);
    this.#core.restore(state.core);
    this.#memory.restore(state.memory);
    this.#peripherals.restore(state.peripherals);
    this.#dataIsInitialised = state.dataIsInitialised;
    this.#exited = state.exited;
    this.#initialSp = state.initialSp;
    this.#bus.watched = undefined;
    this.#idleness.reset();
  }

  /** A fault on the way into a fault's handler, or inside it, has stopped the core for good. */
  get isLockedUp(): boolean {
    return this.#core.fault?.lockup === true;
  }

  /** The firmware has ended by a semihosting call. */
  get hasExited(): boolean {
    return this.#exited;
  }

  /** A copy of memory. @throws UserError `input` outside the board's memories. */
  readMemory(address: number, length: number): Uint8Array {
    return this.#memory.read(address, length);
  }

  /** Writes memory as a debugger or a flash programmer does. @throws UserError `input` outside the memories. */
  writeMemory(address: number, bytes: Uint8Array): void {
    this.#memory.write(address, bytes);
  }

  /** Bytes for the console's receiver; they arrive one by one at its baud rate. */
  send(bytes: Uint8Array): void {
    this.#console?.receive(bytes);
  }

  /**
   * From now on the console's bytes take no time on their way, and come as fast as the firmware takes them. For firmware that talks more
   * than it computes; what it computes is the same.
   */
  hurryConsole(): void {
    this.#console?.hurry();
  }

  /** Begins to count cycles by function; runs are slower from here on. */
  startProfile(): void {
    this.#profiler = new Profiler(this.#symbolTable, this.#core, this.#clock);
    this.#core.traceBranches();
    this.#profiler.begin();
  }

  /** What {@link startProfile} has counted so far, by symbol; undefined without it. */
  get profile(): ReadonlyMap<string, SymbolCost> | undefined {
    return this.#profiler?.result();
  }

  /** Runs the core; the profiler, if there is one, follows from branch to branch. */
  #advance(limit: number): CoreStop {
    const core = this.#core;
    const profiler = this.#profiler;
    if (!profiler) return core.run(limit);
    for (;;) {
      const stop = core.run(limit);
      profiler.account(stop);
      // at the limit, too, the core goes on: it enters the exceptions that are pending there
      if (stop !== 'call' && stop !== 'branch' && stop !== 'exception') return stop;
    }
  }

  #runUntilReturn(name: string, limit: number): void {
    const start = this.#clock.now;
    let stop = this.#advance(limit);
    while (stop === 'waiting') stop = this.#advance(limit);
    if (stop === 'returned') return;
    throw new UserError(
      'firmware',
      stop === 'fault'
        ? say`${name} failed. ${this.fault?.sentence ?? ''}`
        : say`${name} did not return: ${stop} after ${this.#clock.now - start} cycles.`,
      say`This is an error in the code that was called.`,
    );
  }

  #endOfWait(): MachineStop {
    return this.#core.isInFault ? 'fault' : 'idle';
  }
}
