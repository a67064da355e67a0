import type { Breakpoints } from './breakpoints.ts';
import type { CoreState } from './armv6m/saved.ts';
import type { FaultRecord } from './coreFault.ts';

/** Why {@link Core.run} came back. */
export type CoreStop =
  | 'limit' // the cycle limit is reached
  | 'waiting' // the firmware seems to wait in a loop (a branch to itself, or one register read over and over)
  | 'asleep' // WFI or WFE, and nothing is due that could end it
  | 'fault' // a fault's handler was just entered, or the core locked up
  | 'call' // with branches traced: BL or BLX was executed
  | 'branch' // with branches traced: another branch that may leave the function was executed
  | 'exception' // with branches traced: an exception was entered or left
  | 'breakpoint' // the next instruction is at a breakpoint
  | 'watchpoint' // an instruction, or an exception's entry or exit, has reached a watched address
  | 'stopped' // somebody called stop()
  | 'returned' // a subroutine called from outside has returned to `RETURN_ADDRESS`
  | 'reset'; // the firmware asked for a reset (AIRCR.SYSRESETREQ)

/** Where a subroutine called from outside returns to: an address in no memory of any MCU here. */
export const RETURN_ADDRESS = 0xdffffffe;

/** Registers beside r0 to r15 that a debugger reads and writes. */
export type SpecialRegister = 'xpsr' | 'msp' | 'psp' | 'primask' | 'control';

/** A core of Arm's M profile, as everything around it sees it. */
export interface Core {
  /** r0 to r15; r13 is the stack pointer in use, r15 is the address of the next instruction while the core stands. */
  readonly registers: Int32Array;
  /** Instructions executed since power-on. */
  readonly instructions: number;
  /** Exceptions entered since power-on. */
  readonly exceptionsEntered: number;
  /** Cycles spent in WFI and WFE since power-on. */
  readonly sleptCycles: number;
  /** How many exceptions are active; 0 in Thread mode. */
  readonly nesting: number;
  readonly asleep: boolean;
  /** The last fault since reset, until the next one. */
  readonly fault: FaultRecord | undefined;
  /** True inside the handler of a fault, or when the core has locked up. */
  readonly isInFault: boolean;
  /** Lowest value the main stack pointer has had inside RAM, since reset or {@link prepareCall}. */
  readonly lowestMainSp: number;

  /** Counts begin at 0; a reset follows. */
  powerOn(): void;
  /** Takes the reset: stack pointer and first instruction from the vector table, which faults when it is not there. */
  reset(): void;
  /**
   * Executes until the clock reaches `limit` or something happens that the caller must know. The clock may pass the
   * limit by the last instruction's (or exception entry's) cycles.
   */
  run(limit: number): CoreStop;
  /** From now on {@link run} comes back after every branch that may enter or leave a function. */
  traceBranches(): void;
  /** From now on BKPT 0xAB calls `answer`: the call's number is in r0, its parameter in r1, the answer goes to r0. */
  answerSemihosting(answer: () => void): void;
  /** Makes {@link run} return `stopped` before the next instruction; for callbacks of peripherals. */
  stop(): void;
  /** Lets the clock and the instruction count go on as if a loop had run on; the state stays as it is. */
  skip(cycles: number, instructions: number): void;

  /**
   * Thread mode, main stack, interrupts allowed, at a subroutine's first instruction: {@link run} ends with `returned` when
   * it returns.
   */
  prepareCall(address: number, sp: number): void;
  /** No subroutine is called from outside any more: the firmware runs on its own. */
  endCall(): void;

  /** A peripheral's interrupt line goes high or low. */
  setInterruptLine(interrupt: number, high: boolean): void;

  /** Keeps what decides what comes next, apart from memory and peripherals, for {@link isAsKept}. */
  keep(): void;
  /** True when the core is as it was at {@link keep}. */
  isAsKept(): boolean;

  /** From now on {@link run} comes back before instructions at these addresses, also before the very next one. */
  breakBefore(breakpoints: Breakpoints | undefined): void;
  /** Goes on at another instruction, awake, in the mode it is in. */
  goTo(address: number): void;
  readSpecial(register: SpecialRegister): number;
  /** Of xpsr the flags can be written. */
  writeSpecial(register: SpecialRegister, value: number): void;
  /** All of the core that decides what comes next, as data of its own; between two runs. */
  save(): CoreState;
  restore(state: CoreState): void;
}
