import type { Bus } from '../../machine/bus.ts';
import type { Clock } from '../../machine/clock.ts';
import { CoreFault, type FaultRecord } from '../coreFault.ts';
import type { Breakpoints, CodeWindow } from '../breakpoints.ts';
import { EXCEPTION, type Nvic } from './nvic.ts';
import type { SystemControl } from './systemControl.ts';

/** What an instruction, or somebody it reaches, cannot do alone: the run loop does it after the instruction. */
export type Request =
  'none' | 'waiting' | 'reset' | 'returned' | 'exception-return' | 'svc' | 'call' | 'branch' | 'breakpoint';

const nothing: Uint16Array = new Uint16Array(0);

/** A core as it was between two runs, without its NVIC, SysTick and system control block; see the fields of {@link State}. */
export interface ExecutionState {
  readonly registers: Int32Array;
  readonly apsr: number;
  readonly otherSp: number;
  readonly control: number;
  readonly sleeping: State['sleeping'];
  readonly eventRegister: boolean;
  readonly lockedUp: boolean;
  readonly fault: FaultRecord | undefined;
  readonly instructions: number;
  readonly exceptionsEntered: number;
  readonly sleptCycles: number;
  readonly lowestMainSp: number;
  readonly tracksStack: boolean;
  readonly isCalled: boolean;
}

/**
 * An ARMv6-M core between two instructions, with what it reaches.
 *
 * Flags are kept as values, so that most instructions only remember their result: N is `n < 0`, Z is `z === 0`,
 * C and V are 0 or 1.
 */
export class State {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly nvic: Nvic;
  readonly systemControl: SystemControl;

  /** r0 to r15; r13 is the stack pointer in use, r15 is the address of the next instruction. */
  readonly registers = new Int32Array(16);
  n = 0;
  z = 1;
  c = 0;
  v = 0;
  /** The stack pointer that is not in use. */
  otherSp = 0;
  control = 0;
  sleeping: 'no' | 'wfi' | 'wfe' = 'no';
  eventRegister = false;
  lockedUp = false;
  /** The last fault, until the next one. */
  fault: FaultRecord | undefined;

  instructions = 0;
  exceptionsEntered = 0;
  sleptCycles = 0;
  /** Lowest value the main stack pointer has had inside RAM. */
  lowestMainSp = 0x7fffffff;

  /** A jump to RETURN_ADDRESS is the return of a subroutine called from outside. */
  isCalled = false;
  onSemihosting: (() => void) | undefined;
  tracing = false;
  #breakpoints: Breakpoints | undefined;

  /** Cycles after which the running slice ends; 0 ends it after the instruction at hand. */
  stopAt = 0;
  request: Request = 'none';
  exceptionReturnValue = 0;

  /** The memory instructions are fetched from. */
  code = nothing;
  codeOrigin = 0;
  codeSize = 0;

  #tracksStack = true;

  constructor(bus: Bus, clock: Clock, nvic: Nvic, systemControl: SystemControl) {
    this.bus = bus;
    this.clock = clock;
    this.nvic = nvic;
    this.systemControl = systemControl;
  }

  /** As the reset leaves it (B1.5.5), but for the stack pointer and the first instruction, which are in the vector table. */
  reset(): void {
    this.registers.fill(0);
    this.registers[14] = -1;
    this.n = 0;
    this.z = 1;
    this.c = this.v = this.control = this.otherSp = 0;
    this.sleeping = 'no';
    this.eventRegister = this.lockedUp = this.isCalled = false;
    this.request = 'none';
    this.fault = undefined;
    this.codeSize = 0;
    this.#tracksStack = true;
  }

  save(): ExecutionState {
    return {
      registers: this.registers.slice(),
      apsr: this.apsr,
      otherSp: this.otherSp,
      control: this.control,
      sleeping: this.sleeping,
      eventRegister: this.eventRegister,
      lockedUp: this.lockedUp,
      fault: this.fault,
      instructions: this.instructions,
      exceptionsEntered: this.exceptionsEntered,
      sleptCycles: this.sleptCycles,
      lowestMainSp: this.lowestMainSp,
      tracksStack: this.#tracksStack,
      isCalled: this.isCalled,
    };
  }

  restore(state: ExecutionState): void {
    this.registers.set(state.registers);
    this.apsr = state.apsr;
    this.otherSp = state.otherSp;
    this.control = state.control;
    this.sleeping = state.sleeping;
    this.eventRegister = state.eventRegister;
    this.lockedUp = state.lockedUp;
    this.fault = state.fault;
    this.instructions = state.instructions;
    this.exceptionsEntered = state.exceptionsEntered;
    this.sleptCycles = state.sleptCycles;
    this.lowestMainSp = state.lowestMainSp;
    this.#tracksStack = state.tracksStack;
    this.isCalled = state.isCalled;
    this.request = 'none';
  }

  /** Thread mode on the main stack, with nothing pending from before. */
  toThread(sp: number): void {
    this.control = 0;
    this.sleeping = 'no';
    this.lockedUp = false;
    this.request = 'none';
    this.fault = undefined;
    this.nvic.leaveAll();
    this.#tracksStack = true;
    this.startStack(sp);
  }

  /** Sets the main stack pointer, as the one in use, to where it begins. */
  startStack(sp: number): void {
    this.registers[13] = sp & ~3;
    this.lowestMainSp = sp & ~3;
  }

  /** Ends the running slice after the instruction at hand, for the run loop to do what is asked for. */
  ask(request: Request): void {
    this.request = request;
    this.stopAt = 0;
  }

  /** xPSR: the flags, the T bit and the exception number. */
  get xpsr(): number {
    return (this.apsr | (1 << 24) | this.nvic.current) >>> 0;
  }

  /** The application flags NZCV in bits 31 to 28. */
  get apsr(): number {
    return (
      ((this.n < 0 ? 1 << 31 : 0) | (this.z === 0 ? 1 << 30 : 0) | (this.c << 29) | (this.v << 28)) >>> 0
    );
  }

  set apsr(value: number) {
    this.n = value & (1 << 31) ? -1 : 0;
    this.z = value & (1 << 30) ? 0 : 1;
    this.c = (value >>> 29) & 1;
    this.v = (value >>> 28) & 1;
  }

  /** PRIMASK in bit 0, CONTROL in bits 9:8, sleep in bit 16: what besides registers and flags decides what comes. */
  get mode(): number {
    return this.nvic.primask | (this.control << 8) | (this.sleeping === 'no' ? 0 : 1 << 16);
  }

  get usesProcessStack(): boolean {
    return (this.control & 2) !== 0 && this.nvic.current === 0;
  }

  get isPrivileged(): boolean {
    return (this.control & 1) === 0 || this.nvic.current !== 0;
  }

  /** True inside the HardFault handler, or when the core has locked up. */
  get isInFault(): boolean {
    return this.lockedUp || this.nvic.isActive(EXCEPTION.hardFault);
  }

  /** Sets the stack pointer in use. */
  setSp(sp: number): void {
    this.registers[13] = sp;
    if (this.#tracksStack && sp < this.lowestMainSp && this.bus.memoryAt(sp)?.kind === 'ram') {
      this.lowestMainSp = sp;
    }
  }

  /** Exchanges the stack pointers when mode or CONTROL changed which one is in use. */
  selectStack(process: boolean, processBefore: boolean): void {
    this.#tracksStack = !process;
    if (process === processBefore) return;
    const sp = this.registers[13]!;
    this.registers[13] = this.otherSp;
    this.otherSp = sp;
  }

  set breakpoints(breakpoints: Breakpoints | undefined) {
    if (breakpoints === this.#breakpoints) return;
    this.#breakpoints = breakpoints;
    this.codeSize = 0; // what is fetched from was cut at the old ones
  }

  /** What instructions are fetched from; undefined at a breakpoint. @throws CoreFault where there is no memory */
  codeAt(pc: number): CodeWindow | undefined {
    const memory = this.bus.memoryAt(pc);
    if (!memory) throw new CoreFault({ kind: 'fetch' }, pc);
    return this.#breakpoints ? this.#breakpoints.windowAt(pc, memory) : memory;
  }

  /** A word of memory without faults; 0 where there is none. */
  peek(address: number): number {
    const memory = this.bus.memoryAt(address);
    return memory ? memory.words[((address - memory.origin) >>> 0) >>> 2]! : 0;
  }
}
