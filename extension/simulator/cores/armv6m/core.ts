import type { Bus, MemoryView } from '../../machine/bus.ts';
import type { Clock } from '../../machine/clock.ts';
import { CoreFault, SEMIHOSTING } from './coreFault.ts';
import { EXCEPTION, type Nvic } from './nvic.ts';
import type { SystemControl } from './systemControl.ts';

/** Why {@link Core.run} came back. */
export type CoreStop =
  | 'limit' // the cycle limit is reached
  | 'waiting' // the firmware seems to wait in a loop (a branch to itself, or one register read over and over)
  | 'asleep' // WFI or WFE, and nothing is due that could end it
  | 'fault' // a HardFault was just entered, or the core locked up
  | 'call' // with `tracing`: BL or BLX was executed
  | 'branch' // with `tracing`: another branch that may leave the function was executed
  | 'exception' // with `tracing`: an exception was entered or left
  | 'stopped' // somebody called stop()
  | 'returned' // a subroutine called from outside has returned to `returnAddress`
  | 'reset'; // the firmware asked for a reset (AIRCR.SYSRESETREQ)

/** A HardFault as the core saw it. */
export interface CoreFaultRecord {
  readonly cause: CoreFault;
  /** Address of the instruction at fault. */
  readonly pc: number;
  /** r0 to r15 when it happened (r15 is `pc`). */
  readonly registers: Int32Array;
  readonly xpsr: number;
  /** A second fault on the way into, or inside, the HardFault handler: the core stops for good. */
  readonly lockup: boolean;
}

/** Where a subroutine called from outside returns to: an address in no memory of any MCU here. */
export const RETURN_ADDRESS = 0xdffffffe;

/** Cycles from an interrupt to its handler's first instruction, zero wait states (DDI 0484, "interrupt latency"). */
const ENTRY_CYCLES = 15;
/** The same for the way back, of which the returning instruction itself has taken its own. */
const EXIT_CYCLES = 13;

const nothing: Uint16Array = new Uint16Array(0);

/**
 * An ARMv6-M core, the Cortex-M0+: all instructions with their flags, the cycle table of DDI 0484 (single-cycle
 * multiplier, zero wait states), exceptions with stacking and priorities.
 *
 * Flags are kept as values, so that most instructions only remember their result: N is `n < 0`, Z is `z === 0`,
 * C and V are 0 or 1.
 */
export class Core {
  /** r0 to r15; r13 is the stack pointer in use, r15 is the address of the next instruction while the core stands. */
  readonly registers = new Int32Array(16);
  /** Instructions executed since power-on. */
  instructions = 0;
  /** The last fault, until the next one. */
  fault: CoreFaultRecord | undefined;
  /** Lowest value the main stack pointer has had inside RAM. */
  lowestMainSp = 0x7fffffff;
  /** Exceptions entered since power-on. */
  exceptionsEntered = 0;
  /** Cycles spent in WFI and WFE since power-on. */
  sleptCycles = 0;

  /** A subroutine is called from outside: a jump to {@link RETURN_ADDRESS} is its return. */
  isCalled = false;
  /** Answers BKPT 0xAB as a debugger does: the call's number is in r0, its parameter in r1, the answer goes to r0. */
  onSemihosting: (() => void) | undefined;
  /** Come back from {@link run} after every branch that may enter or leave a function. */
  tracing = false;

  #n = 0;
  #z = 1;
  #c = 0;
  #v = 0;
  /** The stack pointer that is not in use. */
  #otherSp = 0;
  #control = 0;
  #sleeping: 'no' | 'wfi' | 'wfe' = 'no';
  #eventRegister = false;
  #lockedUp = false;
  #stopRequested = false;

  /** Cycles after which the running slice ends; 0 ends it after the instruction at hand. */
  #stopAt = 0;
  /** Set by an instruction that the slice cannot finish alone. */
  #request: 'none' | 'waiting' | 'reset' | 'returned' | 'exception-return' | 'svc' | 'call' | 'branch' =
    'none';
  #exceptionReturnValue = 0;
  #tracksStack = true;

  /** The memory instructions are fetched from. */
  #code: Uint16Array = nothing;
  #codeOrigin = 0;
  #codeSize = 0;

  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #nvic: Nvic;
  readonly #systemControl: SystemControl;

  constructor(bus: Bus, clock: Clock, nvic: Nvic, systemControl: SystemControl) {
    this.#bus = bus;
    this.#clock = clock;
    this.#nvic = nvic;
    this.#systemControl = systemControl;
    const attention = (): void => {
      this.#stopAt = 0;
    };
    clock.onChange = attention;
    nvic.onChange = attention;
    bus.onPolling = () => {
      this.#stopAt = 0;
      if (this.#request === 'none') this.#request = 'waiting';
    };
    systemControl.onResetRequest = () => {
      this.#stopAt = 0;
      this.#request = 'reset';
    };
  }

  /**
   * Takes the reset: stack pointer and first instruction from the vector table (B1.5.5). A table that is not there
   * faults at the first instruction.
   */
  reset(): void {
    this.#nvic.reset();
    this.#systemControl.reset();
    this.registers.fill(0);
    this.#n = 0;
    this.#z = 1;
    this.#c = this.#v = this.#control = this.#otherSp = 0;
    this.#sleeping = 'no';
    this.#eventRegister = this.#lockedUp = this.#stopRequested = false;
    this.#request = 'none';
    this.fault = undefined;
    this.#codeSize = 0;
    this.#tracksStack = true;
    this.isCalled = false;
    const sp = this.#peek(0) & ~3;
    const start = this.#peek(4);
    this.registers[13] = sp;
    this.registers[14] = -1;
    this.registers[15] = start & ~1;
    this.lowestMainSp = sp;
    if ((start & 1) === 0)
      this.#enterFault(new CoreFault({ kind: 'vector', exception: EXCEPTION.reset }, start));
  }

  /** xPSR: the flags, the T bit and the exception number. */
  get xpsr(): number {
    return (this.apsr | (1 << 24) | this.#nvic.current) >>> 0;
  }

  /** The application flags NZCV in bits 31 to 28. */
  get apsr(): number {
    return (
      ((this.#n < 0 ? 1 << 31 : 0) | (this.#z === 0 ? 1 << 30 : 0) | (this.#c << 29) | (this.#v << 28)) >>> 0
    );
  }

  set apsr(value: number) {
    this.#n = value & (1 << 31) ? -1 : 0;
    this.#z = value & (1 << 30) ? 0 : 1;
    this.#c = (value >>> 29) & 1;
    this.#v = (value >>> 28) & 1;
  }

  get mainSp(): number {
    return (this.#usesProcessStack ? this.#otherSp : this.registers[13]!) >>> 0;
  }

  /** How many exceptions are active; 0 in Thread mode. */
  get nesting(): number {
    return this.#nvic.nesting;
  }

  /** True inside the HardFault handler, or when the core has locked up. */
  get inHardFault(): boolean {
    return this.#lockedUp || this.#nvic.isActive(EXCEPTION.hardFault);
  }

  /** PRIMASK in bit 0, CONTROL in bits 9:8, sleep in bit 16: what besides registers and flags decides what comes. */
  get mode(): number {
    return this.#nvic.primask | (this.#control << 8) | (this.#sleeping === 'no' ? 0 : 1 << 16);
  }

  /**
   * Thread mode, main stack, interrupts allowed: what a subroutine called from outside expects.
   * @param sp stack pointer to start with.
   */
  prepareCall(sp: number): void {
    this.#control = 0;
    this.#sleeping = 'no';
    this.#request = 'none';
    this.#lockedUp = false;
    this.isCalled = true;
    this.fault = undefined;
    this.#tracksStack = true;
    this.#nvic.leaveAll();
    this.registers[13] = sp & ~3;
    this.lowestMainSp = sp & ~3;
  }

  /**
   * Executes until the clock reaches `limit` or something happens that the caller must know. The clock may pass the
   * limit by the last instruction's (or exception entry's) cycles.
   */
  run(limit: number): CoreStop {
    const clock = this.#clock;
    const nvic = this.#nvic;
    for (;;) {
      if (clock.next <= clock.now) clock.fireDue();
      if (this.#stopRequested) {
        this.#stopRequested = false;
        return 'stopped';
      }
      if (this.#lockedUp) return 'fault';
      if (this.#sleeping !== 'no' && !this.#wakesUp()) {
        if (clock.next === Infinity) return 'asleep';
        if (clock.now >= limit) return 'limit';
        const wake = Math.min(clock.next, limit);
        this.sleptCycles += wake - clock.now;
        clock.now = wake;
        continue;
      }
      const pending = nvic.toEnter();
      if (pending !== 0) {
        if (!this.#enterException(pending)) return 'fault';
        if (this.tracing) return 'exception';
        continue;
      }
      if (clock.now >= limit) return 'limit';
      const faulted = this.#execute(Math.min(clock.next, limit) - clock.now);
      if (faulted) return 'fault';
      const request = this.#request;
      if (request === 'none') continue;
      this.#request = 'none';
      if (request === 'exception-return') {
        if (!this.#returnFromException(this.#exceptionReturnValue)) return 'fault';
        if (this.tracing) return 'exception';
      } else if (request === 'svc') {
        if (!this.#callSupervisor()) return 'fault';
      } else {
        return request;
      }
    }
  }

  /** Makes {@link run} return `stopped` before the next instruction; for callbacks of peripherals. */
  stop(): void {
    this.#stopRequested = true;
    this.#stopAt = 0;
  }

  get asleep(): boolean {
    return this.#sleeping !== 'no';
  }

  /** Lets the clock and the instruction count go on as if a loop had run on; the state stays as it is. */
  skip(cycles: number, instructions: number): void {
    this.#clock.now += cycles;
    this.instructions += instructions;
  }

  // The one place where instructions are decoded: the names and encodings of the ARMv6-M manual, A5.2 and A6.7.
  // Returns true when a fault was entered.
  #execute(budget: number): boolean {
    const R = this.registers;
    const bus = this.#bus;
    const clock = this.#clock;
    let n = this.#n;
    let z = this.#z;
    let c = this.#c;
    let v = this.#v;
    let code = this.#code;
    let codeOrigin = this.#codeOrigin;
    let codeSize = this.#codeSize;
    let pc = R[15]!; // address of the next instruction
    let cycles = 0;
    let instructions = 0;
    let d: number; // destination register
    let x: number; // first operand
    let y: number; // second operand
    let result = 0;
    let failure: CoreFault | undefined;
    clock.start = clock.now;
    this.#stopAt = budget < 0x20000000 ? budget : 0x20000000;
    try {
      while (cycles < this.#stopAt) {
        if ((pc - codeOrigin) >>> 0 >= codeSize) {
          if (pc >>> 0 === RETURN_ADDRESS && this.isCalled) {
            this.#request = 'returned';
            break;
          }
          const memory = this.#codeAt(pc);
          code = memory.halfwords;
          codeOrigin = memory.origin | 0;
          codeSize = memory.size;
        }
        const op = code[(pc - codeOrigin) >>> 1]!;
        pc = (pc + 2) | 0;
        cycles++;
        instructions++;
        switch (op >>> 11) {
          case 0b00000: {
            // LSL (immediate); by 0 it is MOVS, which keeps C
            const shift = (op >> 6) & 31;
            x = R[(op >> 3) & 7]!;
            if (shift !== 0) c = (x >>> (32 - shift)) & 1;
            R[op & 7] = n = z = x << shift;
            break;
          }
          case 0b00001: {
            // LSR (immediate); 0 stands for 32
            const shift = (op >> 6) & 31;
            x = R[(op >> 3) & 7]!;
            c = shift === 0 ? x >>> 31 : (x >>> (shift - 1)) & 1;
            R[op & 7] = n = z = shift === 0 ? 0 : (x >>> shift) | 0;
            break;
          }
          case 0b00010: {
            // ASR (immediate); 0 stands for 32
            const shift = (op >> 6) & 31;
            x = R[(op >> 3) & 7]!;
            c = shift === 0 ? x >>> 31 : (x >>> (shift - 1)) & 1;
            R[op & 7] = n = z = shift === 0 ? x >> 31 : x >> shift;
            break;
          }
          case 0b00011: // ADD, SUB (register or 3-bit immediate)
            x = R[(op >> 3) & 7]!;
            y = op & 0x400 ? (op >> 6) & 7 : R[(op >> 6) & 7]!;
            if (op & 0x200) {
              result = (x - y) | 0;
              c = x >>> 0 >= y >>> 0 ? 1 : 0;
              v = ((x ^ y) & (x ^ result)) >>> 31;
            } else {
              result = (x + y) | 0;
              c = result >>> 0 < x >>> 0 ? 1 : 0;
              v = (~(x ^ y) & (x ^ result)) >>> 31;
            }
            R[op & 7] = n = z = result;
            break;
          case 0b00100: // MOV (immediate)
            R[(op >> 8) & 7] = n = z = op & 255;
            break;
          case 0b00101: // CMP (immediate)
            x = R[(op >> 8) & 7]!;
            y = op & 255;
            n = z = (x - y) | 0;
            c = x >>> 0 >= y ? 1 : 0;
            v = (x & ~n) >>> 31;
            break;
          case 0b00110: // ADD (8-bit immediate)
            d = (op >> 8) & 7;
            x = R[d]!;
            R[d] = n = z = (x + (op & 255)) | 0;
            c = n >>> 0 < x >>> 0 ? 1 : 0;
            v = (~x & n) >>> 31;
            break;
          case 0b00111: // SUB (8-bit immediate)
            d = (op >> 8) & 7;
            x = R[d]!;
            y = op & 255;
            R[d] = n = z = (x - y) | 0;
            c = x >>> 0 >= y ? 1 : 0;
            v = (x & ~n) >>> 31;
            break;
          case 0b01000:
            if (op & 0x400) {
              // Special data instructions and branch and exchange (A5.2.3)
              const m = (op >> 3) & 15;
              d = ((op >> 4) & 8) | (op & 7);
              y = m === 15 ? (pc + 2) | 0 : R[m]!;
              switch ((op >> 8) & 3) {
                case 0: // ADD (register), high registers too; no flags
                  result = ((d === 15 ? pc + 2 : R[d]!) + y) | 0;
                  if (d === 15) {
                    pc = result & ~1;
                    cycles++;
                    if (this.tracing) this.#trace('branch');
                  } else if (d === 13) {
                    this.#setSp(result & ~3);
                  } else {
                    R[d] = result;
                  }
                  break;
                case 1: // CMP (register), high registers too
                  x = d === 15 ? (pc + 2) | 0 : R[d]!;
                  n = z = (x - y) | 0;
                  c = x >>> 0 >= y >>> 0 ? 1 : 0;
                  v = ((x ^ y) & (x ^ n)) >>> 31;
                  break;
                case 2: // MOV (register), high registers too; no flags
                  if (d === 15) {
                    pc = y & ~1;
                    cycles++;
                    if (this.tracing) this.#trace('branch');
                  } else if (d === 13) {
                    this.#setSp(y & ~3);
                  } else {
                    R[d] = y;
                  }
                  break;
                default: // BX, BLX (register)
                  cycles++;
                  if (op & 0x80) {
                    R[14] = pc | 1;
                  } else if (y >>> 28 === 15 && this.#nvic.current !== 0) {
                    this.#exceptionReturnValue = y;
                    this.#request = 'exception-return';
                    this.#stopAt = 0;
                    break;
                  }
                  if ((y & 1) === 0) {
                    pc = (pc - 2) | 0;
                    throw new CoreFault({ kind: 'arm-state' }, y);
                  }
                  pc = y & ~1;
                  if (this.tracing) this.#trace(op & 0x80 ? 'call' : 'branch');
              }
            } else {
              // Data processing (A5.2.2)
              d = op & 7;
              x = R[d]!;
              y = R[(op >> 3) & 7]!;
              switch ((op >> 6) & 15) {
                case 0: // AND
                  R[d] = n = z = x & y;
                  break;
                case 1: // EOR
                  R[d] = n = z = x ^ y;
                  break;
                case 2: // LSL (register): the shift is the low byte, 0 keeps C, 32 and more shift all out
                  y &= 255;
                  if (y !== 0) {
                    c = y > 32 ? 0 : y === 32 ? x & 1 : (x >>> (32 - y)) & 1;
                    x = y > 31 ? 0 : x << y;
                  }
                  R[d] = n = z = x;
                  break;
                case 3: // LSR (register)
                  y &= 255;
                  if (y !== 0) {
                    c = y > 32 ? 0 : (x >>> (y - 1)) & 1;
                    x = y > 31 ? 0 : (x >>> y) | 0;
                  }
                  R[d] = n = z = x;
                  break;
                case 4: // ASR (register)
                  y &= 255;
                  if (y !== 0) {
                    c = y > 31 ? x >>> 31 : (x >>> (y - 1)) & 1;
                    x = y > 31 ? x >> 31 : x >> y;
                  }
                  R[d] = n = z = x;
                  break;
                case 5: // ADC
                  result = (x + y + c) | 0;
                  c = ((x & y) | ((x | y) & ~result)) >>> 31;
                  v = (~(x ^ y) & (x ^ result)) >>> 31;
                  R[d] = n = z = result;
                  break;
                case 6: // SBC
                  result = (x - y - 1 + c) | 0;
                  c = ((x & ~y) | ((x | ~y) & ~result)) >>> 31;
                  v = ((x ^ y) & (x ^ result)) >>> 31;
                  R[d] = n = z = result;
                  break;
                case 7: // ROR (register)
                  y &= 255;
                  if (y !== 0) {
                    y &= 31;
                    if (y !== 0) x = (x >>> y) | (x << (32 - y));
                    c = x >>> 31;
                  }
                  R[d] = n = z = x;
                  break;
                case 8: // TST
                  n = z = x & y;
                  break;
                case 9: // RSB (immediate): 0 - y
                  R[d] = n = z = -y | 0;
                  c = y === 0 ? 1 : 0;
                  v = (y & n) >>> 31;
                  break;
                case 10: // CMP (register)
                  n = z = (x - y) | 0;
                  c = x >>> 0 >= y >>> 0 ? 1 : 0;
                  v = ((x ^ y) & (x ^ n)) >>> 31;
                  break;
                case 11: // CMN
                  n = z = (x + y) | 0;
                  c = n >>> 0 < x >>> 0 ? 1 : 0;
                  v = (~(x ^ y) & (x ^ n)) >>> 31;
                  break;
                case 12: // ORR
                  R[d] = n = z = x | y;
                  break;
                case 13: // MUL
                  R[d] = n = z = Math.imul(x, y);
                  break;
                case 14: // BIC
                  R[d] = n = z = x & ~y;
                  break;
                default: // MVN
                  R[d] = n = z = ~y;
              }
            }
            break;
          case 0b01001: // LDR (literal)
            cycles++;
            R[(op >> 8) & 7] = bus.load32((((pc + 2) & ~3) + ((op & 255) << 2)) | 0, cycles);
            break;
          case 0b01010:
            cycles++;
            x = (R[(op >> 3) & 7]! + R[(op >> 6) & 7]!) | 0;
            switch ((op >> 9) & 3) {
              case 0: // STR (register)
                bus.store32(x, R[op & 7]!, cycles);
                break;
              case 1: // STRH (register)
                bus.store16(x, R[op & 7]!, cycles);
                break;
              case 2: // STRB (register)
                bus.store8(x, R[op & 7]!, cycles);
                break;
              default: // LDRSB (register)
                R[op & 7] = (bus.load8(x, cycles) << 24) >> 24;
            }
            break;
          case 0b01011:
            cycles++;
            x = (R[(op >> 3) & 7]! + R[(op >> 6) & 7]!) | 0;
            switch ((op >> 9) & 3) {
              case 0: // LDR (register)
                R[op & 7] = bus.load32(x, cycles);
                break;
              case 1: // LDRH (register)
                R[op & 7] = bus.load16(x, cycles);
                break;
              case 2: // LDRB (register)
                R[op & 7] = bus.load8(x, cycles);
                break;
              default: // LDRSH (register)
                R[op & 7] = (bus.load16(x, cycles) << 16) >> 16;
            }
            break;
          case 0b01100: // STR (immediate)
            cycles++;
            bus.store32((R[(op >> 3) & 7]! + ((op >> 4) & 0x7c)) | 0, R[op & 7]!, cycles);
            break;
          case 0b01101: // LDR (immediate)
            cycles++;
            R[op & 7] = bus.load32((R[(op >> 3) & 7]! + ((op >> 4) & 0x7c)) | 0, cycles);
            break;
          case 0b01110: // STRB (immediate)
            cycles++;
            bus.store8((R[(op >> 3) & 7]! + ((op >> 6) & 31)) | 0, R[op & 7]!, cycles);
            break;
          case 0b01111: // LDRB (immediate)
            cycles++;
            R[op & 7] = bus.load8((R[(op >> 3) & 7]! + ((op >> 6) & 31)) | 0, cycles);
            break;
          case 0b10000: // STRH (immediate)
            cycles++;
            bus.store16((R[(op >> 3) & 7]! + ((op >> 5) & 0x3e)) | 0, R[op & 7]!, cycles);
            break;
          case 0b10001: // LDRH (immediate)
            cycles++;
            R[op & 7] = bus.load16((R[(op >> 3) & 7]! + ((op >> 5) & 0x3e)) | 0, cycles);
            break;
          case 0b10010: // STR (immediate), SP-relative
            cycles++;
            bus.store32((R[13]! + ((op & 255) << 2)) | 0, R[(op >> 8) & 7]!, cycles);
            break;
          case 0b10011: // LDR (immediate), SP-relative
            cycles++;
            R[(op >> 8) & 7] = bus.load32((R[13]! + ((op & 255) << 2)) | 0, cycles);
            break;
          case 0b10100: // ADR
            R[(op >> 8) & 7] = ((pc + 2) & ~3) + ((op & 255) << 2);
            break;
          case 0b10101: // ADD (SP plus immediate)
            R[(op >> 8) & 7] = R[13]! + ((op & 255) << 2);
            break;
          case 0b10110: // Miscellaneous 16-bit instructions (A5.2.5), first half
            switch ((op >> 8) & 7) {
              case 0: // ADD, SUB (SP and 7-bit immediate)
                if (op & 0x80) this.#setSp((R[13]! - ((op & 0x7f) << 2)) | 0);
                else R[13] = R[13]! + ((op & 0x7f) << 2);
                break;
              case 2:
                y = R[(op >> 3) & 7]!;
                switch ((op >> 6) & 3) {
                  case 0: // SXTH
                    R[op & 7] = (y << 16) >> 16;
                    break;
                  case 1: // SXTB
                    R[op & 7] = (y << 24) >> 24;
                    break;
                  case 2: // UXTH
                    R[op & 7] = y & 0xffff;
                    break;
                  default: // UXTB
                    R[op & 7] = y & 0xff;
                }
                break;
              case 4:
              case 5: {
                // PUSH; bit 8 adds LR
                let count = (op >> 8) & 1;
                for (let list = op & 255; list !== 0; list &= list - 1) count++;
                const sp = (R[13]! - 4 * count) | 0;
                let address = sp;
                for (let i = 0, list = op & 255; list !== 0; i++, list >>= 1) {
                  if (list & 1) {
                    bus.store32(address, R[i]!, cycles);
                    address += 4;
                  }
                }
                if (op & 0x100) bus.store32(address, R[14]!, cycles);
                cycles += count;
                this.#setSp(sp);
                break;
              }
              case 6: // CPS: CPSIE i, CPSID i
                if ((op & 0xffef) !== 0xb662) {
                  pc = (pc - 2) | 0;
                  throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
                }
                if (this.#privileged) this.#nvic.primask = (op >> 4) & 1;
                this.#stopAt = 0;
                break;
              default:
                pc = (pc - 2) | 0;
                throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
            }
            break;
          case 0b10111: // Miscellaneous 16-bit instructions (A5.2.5), second half
            switch ((op >> 8) & 7) {
              case 2:
                y = R[(op >> 3) & 7]!;
                switch ((op >> 6) & 3) {
                  case 0: // REV
                    R[op & 7] = (y << 24) | ((y & 0xff00) << 8) | ((y >>> 8) & 0xff00) | (y >>> 24);
                    break;
                  case 1: // REV16
                    R[op & 7] = ((y & 0xff00ff) << 8) | ((y >>> 8) & 0xff00ff);
                    break;
                  case 3: // REVSH
                    R[op & 7] = ((y << 24) >> 16) | ((y >>> 8) & 0xff);
                    break;
                  default:
                    pc = (pc - 2) | 0;
                    throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
                }
                break;
              case 4:
              case 5: {
                // POP; bit 8 adds PC
                let address = R[13]!;
                for (let i = 0, list = op & 255; list !== 0; i++, list >>= 1) {
                  if (list & 1) {
                    R[i] = bus.load32(address, cycles);
                    address = (address + 4) | 0;
                    cycles++;
                  }
                }
                if (op & 0x100) {
                  y = bus.load32(address, cycles);
                  R[13] = address + 4;
                  cycles += 3;
                  if (y >>> 28 === 15 && this.#nvic.current !== 0) {
                    this.#exceptionReturnValue = y;
                    this.#request = 'exception-return';
                    this.#stopAt = 0;
                    break;
                  }
                  if ((y & 1) === 0) {
                    pc = (pc - 2) | 0;
                    throw new CoreFault({ kind: 'arm-state' }, y);
                  }
                  pc = y & ~1;
                  if (this.tracing) this.#trace('branch');
                } else {
                  R[13] = address;
                }
                break;
              }
              case 6: // BKPT: without a debugger it escalates to HardFault
                if ((op & 255) === SEMIHOSTING && this.onSemihosting) {
                  this.onSemihosting();
                  break;
                }
                pc = (pc - 2) | 0;
                throw new CoreFault({ kind: 'breakpoint', number: op & 255 }, undefined);
              case 7: // Hints (A5.2.5)
                if (op & 15) {
                  pc = (pc - 2) | 0;
                  throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
                }
                switch ((op >> 4) & 15) {
                  case 2: // WFE
                    cycles++;
                    if (this.#eventRegister) this.#eventRegister = false;
                    else this.#sleeping = 'wfe';
                    this.#stopAt = 0;
                    break;
                  case 3: // WFI
                    cycles++;
                    this.#sleeping = 'wfi';
                    this.#stopAt = 0;
                    break;
                  case 4: // SEV
                    this.#eventRegister = true;
                    break;
                  default: // NOP, YIELD, and hints not in ARMv6-M
                }
                break;
              default:
                pc = (pc - 2) | 0;
                throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
            }
            break;
          case 0b11000: {
            // STM: increment after, always with write-back
            d = (op >> 8) & 7;
            let address = R[d]!;
            for (let i = 0, list = op & 255; list !== 0; i++, list >>= 1) {
              if (list & 1) {
                bus.store32(address, R[i]!, cycles);
                address = (address + 4) | 0;
                cycles++;
              }
            }
            R[d] = address;
            break;
          }
          case 0b11001: {
            // LDM: increment after, write-back unless the base is in the list
            d = (op >> 8) & 7;
            let address = R[d]!;
            for (let i = 0, list = op & 255; list !== 0; i++, list >>= 1) {
              if (list & 1) {
                y = bus.load32(address, cycles);
                if (i === d) result = y;
                else R[i] = y;
                address = (address + 4) | 0;
                cycles++;
              }
            }
            R[d] = op & (1 << d) ? result : address;
            break;
          }
          case 0b11010:
          case 0b11011: {
            // B (conditional), UDF, SVC
            let taken = false;
            switch ((op >> 8) & 15) {
              case 0: // EQ
                taken = z === 0;
                break;
              case 1: // NE
                taken = z !== 0;
                break;
              case 2: // CS
                taken = c !== 0;
                break;
              case 3: // CC
                taken = c === 0;
                break;
              case 4: // MI
                taken = n < 0;
                break;
              case 5: // PL
                taken = n >= 0;
                break;
              case 6: // VS
                taken = v !== 0;
                break;
              case 7: // VC
                taken = v === 0;
                break;
              case 8: // HI
                taken = c !== 0 && z !== 0;
                break;
              case 9: // LS
                taken = c === 0 || z === 0;
                break;
              case 10: // GE
                taken = n < 0 === (v !== 0);
                break;
              case 11: // LT
                taken = n < 0 !== (v !== 0);
                break;
              case 12: // GT
                taken = z !== 0 && n < 0 === (v !== 0);
                break;
              case 13: // LE
                taken = z === 0 || n < 0 !== (v !== 0);
                break;
              case 14:
                pc = (pc - 2) | 0;
                throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
              default:
                this.#request = 'svc';
                this.#stopAt = 0;
            }
            if (taken) {
              pc = (pc + 2 + ((op << 24) >> 23)) | 0;
              cycles++;
            }
            break;
          }
          case 0b11100: // B
            pc = (pc + 2 + ((op << 21) >> 20)) | 0;
            cycles++;
            if (op === 0xe7fe) {
              if (this.#request === 'none') this.#request = 'waiting';
              this.#stopAt = 0;
            } else if (this.tracing) {
              this.#trace('branch');
            }
            break;
          case 0b11110: {
            // 32-bit instructions (A5.3)
            const low = (pc - codeOrigin) >>> 0 < codeSize ? code[(pc - codeOrigin) >>> 1]! : 0;
            pc = (pc + 2) | 0;
            cycles += 2;
            if ((low & 0xd000) === 0xd000) {
              // BL: the two J bits are stored xor the sign, inverted
              const s = (op << 21) >> 31;
              const i1 = ~((low >> 13) ^ s) & 1;
              const i2 = ~((low >> 11) ^ s) & 1;
              R[14] = pc | 1;
              pc =
                (pc + ((s << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((low & 0x7ff) << 1))) |
                0;
              if (this.tracing) this.#trace('call');
            } else if ((op & 0xfff0) === 0xf380 && (low & 0xff00) === 0x8800) {
              this.#n = n;
              this.#z = z;
              this.#c = c;
              this.#v = v;
              this.#moveToSpecial(low & 255, R[op & 15]!);
              n = this.#n;
              z = this.#z;
              c = this.#c;
              v = this.#v;
            } else if (op === 0xf3ef && (low & 0xf000) === 0x8000) {
              this.#n = n;
              this.#z = z;
              this.#c = c;
              this.#v = v;
              R[(low >> 8) & 15] = this.#moveFromSpecial(low & 255);
            } else if (op === 0xf3bf && low >= 0x8f40 && low <= 0x8f6f) {
              // DSB, DMB, ISB: memory here is always in order
            } else {
              pc = (pc - 4) | 0;
              throw new CoreFault({ kind: 'undefined', instruction: ((op << 16) | low) >>> 0 }, undefined);
            }
            break;
          }
          default:
            pc = (pc - 2) | 0;
            throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
        }
      }
    } catch (error) {
      if (!(error instanceof CoreFault)) throw error;
      failure = error;
      const kind = failure.reason.kind;
      // loads and stores fault with pc already past them
      if (kind === 'bus' || kind === 'unaligned') pc = (pc - 2) | 0;
    }
    R[15] = pc;
    this.#n = n;
    this.#z = z;
    this.#c = c;
    this.#v = v;
    this.#code = code;
    this.#codeOrigin = codeOrigin;
    this.#codeSize = codeSize;
    this.instructions += instructions;
    clock.now = clock.start + cycles;
    if (!failure) return false;
    this.#enterFault(failure);
    return true;
  }

  #trace(kind: 'call' | 'branch'): void {
    this.#request = kind;
    this.#stopAt = 0;
  }

  get #usesProcessStack(): boolean {
    return (this.#control & 2) !== 0 && this.#nvic.current === 0;
  }

  get #privileged(): boolean {
    return (this.#control & 1) === 0 || this.#nvic.current !== 0;
  }

  #setSp(sp: number): void {
    this.registers[13] = sp;
    if (this.#tracksStack && sp < this.lowestMainSp && this.#bus.memoryAt(sp)?.kind === 'ram') {
      this.lowestMainSp = sp;
    }
  }

  /** Exchanges the stack pointers when mode or CONTROL changed which one is in use. */
  #selectStack(process: boolean, processBefore: boolean): void {
    this.#tracksStack = !process;
    if (process === processBefore) return;
    const sp = this.registers[13]!;
    this.registers[13] = this.#otherSp;
    this.#otherSp = sp;
  }

  /** MSR (register). */
  #moveToSpecial(special: number, value: number): void {
    if (special < 4) {
      this.apsr = value; // APSR and its combinations: only the flags can be written
      return;
    }
    if (!this.#privileged) return;
    const process = this.#usesProcessStack;
    switch (special) {
      case 8: // MSP
        if (process) this.#otherSp = value & ~3;
        else this.#setSp(value & ~3);
        break;
      case 9: // PSP
        if (process) this.registers[13] = value & ~3;
        else this.#otherSp = value & ~3;
        break;
      case 16: // PRIMASK
        this.#nvic.primask = value & 1;
        this.#stopAt = 0;
        break;
      case 20: // CONTROL: the stack can be chosen in Thread mode only
        this.#control = this.#nvic.current === 0 ? value & 3 : (this.#control & 2) | (value & 1);
        this.#selectStack(this.#usesProcessStack, process);
        break;
      default:
    }
  }

  /** MRS. */
  #moveFromSpecial(special: number): number {
    switch (special) {
      case 0: // APSR
      case 2: // EAPSR: EPSR reads as 0
        return this.apsr | 0;
      case 1: // IAPSR
      case 3: // XPSR
        return this.apsr | this.#nvic.current;
      case 5: // IPSR
      case 7: // IEPSR
        return this.#nvic.current;
      case 8:
        return this.#privileged ? this.mainSp | 0 : 0;
      case 9:
        return this.#privileged ? (this.#usesProcessStack ? this.registers[13]! : this.#otherSp) : 0;
      case 16:
        return this.#privileged ? this.#nvic.primask : 0;
      case 20:
        return this.#control;
      default:
        return 0;
    }
  }

  #wakesUp(): boolean {
    const event = this.#sleeping === 'wfe' && this.#eventRegister;
    const pendingEvent =
      this.#sleeping === 'wfe' && this.#systemControl.sendEventOnPend && this.#nvic.pendingInterrupts !== 0;
    if (!event && !pendingEvent && !this.#nvic.wakes) return false;
    if (event) this.#eventRegister = false;
    this.#sleeping = 'no';
    return true;
  }

  #callSupervisor(): boolean {
    if (this.#nvic.priorityOf(EXCEPTION.svCall) < this.#nvic.executionPriority) {
      this.#nvic.setSystemPending(EXCEPTION.svCall);
      return true;
    }
    // SVC where it cannot be taken escalates
    const pc = (this.registers[15]! - 2) | 0;
    this.registers[15] = pc;
    const memory = this.#bus.memoryAt(pc);
    const number = memory ? memory.halfwords[(pc - memory.origin) >>> 1]! & 255 : 0;
    this.#enterFault(new CoreFault({ kind: 'svc', number }, undefined));
    return false;
  }

  /** Stacks eight registers and goes to the handler (B1.5.6). False when that faulted. */
  #enterException(number: number): boolean {
    const R = this.registers;
    const bus = this.#bus;
    const nvic = this.#nvic;
    const clock = this.#clock;
    const process = this.#usesProcessStack;
    const aligned = R[13]! & 4 ? 1 : 0;
    const frame = (R[13]! - 32 - 4 * aligned) | 0;
    const link = nvic.nesting > 0 ? 0xfffffff1 : process ? 0xfffffffd : 0xfffffff9;
    const xpsr = (this.xpsr | (aligned << 9)) >>> 0;
    clock.start = clock.now;
    try {
      for (let i = 0; i < 4; i++) bus.store32(frame + 4 * i, R[i]!, 0);
      bus.store32(frame + 16, R[12]!, 0);
      bus.store32(frame + 20, R[14]!, 0);
      bus.store32(frame + 24, R[15]!, 0);
      bus.store32(frame + 28, xpsr, 0);
    } catch (error) {
      if (!(error instanceof CoreFault)) throw error;
      // the stack itself is broken: the original exception is lost in a fault that cannot be stacked either
      const cause =
        number === EXCEPTION.hardFault && this.fault
          ? this.fault.cause
          : new CoreFault({ kind: 'stacking' }, frame);
      this.#lockUp(cause);
      return false;
    }
    this.#setSp(frame);
    nvic.enter(number);
    this.exceptionsEntered++;
    this.#eventRegister = true;
    this.#selectStack(false, process);
    R[14] = link;
    clock.now += ENTRY_CYCLES;
    const vector = this.#peek((this.#systemControl.vectorTable + 4 * number) | 0);
    if ((vector & 1) === 0) {
      R[15] = vector & ~1;
      this.#enterFault(new CoreFault({ kind: 'vector', exception: number }, vector));
      return false;
    }
    R[15] = vector & ~1;
    return true;
  }

  /** Unstacks what {@link enterException} stacked (B1.5.8). False when that faulted. */
  #returnFromException(value: number): boolean {
    const R = this.registers;
    const bus = this.#bus;
    const nvic = this.#nvic;
    const clock = this.#clock;
    const returning = nvic.current;
    const toHandler = value >>> 0 === 0xfffffff1;
    const toProcess = value >>> 0 === 0xfffffffd;
    const nested = nvic.nesting > 1;
    if ((!toHandler && !toProcess && value >>> 0 !== 0xfffffff9) || toHandler !== nested) {
      this.#enterFault(new CoreFault({ kind: 'exception-return', value: value >>> 0 }, undefined));
      return false;
    }
    nvic.leave(returning);
    this.#control = toHandler ? this.#control : (this.#control & 1) | (toProcess ? 2 : 0);
    this.#selectStack(toProcess, false);
    const frame = R[13]!;
    clock.start = clock.now;
    try {
      for (let i = 0; i < 4; i++) R[i] = bus.load32(frame + 4 * i, 0);
      R[12] = bus.load32(frame + 16, 0);
      R[14] = bus.load32(frame + 20, 0);
      const pc = bus.load32(frame + 24, 0);
      const xpsr = bus.load32(frame + 28, 0);
      R[13] = frame + 32 + (xpsr & 0x200 ? 4 : 0);
      R[15] = pc & ~1;
      this.apsr = xpsr;
      if ((xpsr & (1 << 24)) === 0) throw new CoreFault({ kind: 'arm-state' }, pc);
    } catch (error) {
      if (!(error instanceof CoreFault)) throw error;
      this.#enterFault(error);
      return false;
    }
    clock.now += EXIT_CYCLES;
    this.#eventRegister = true;
    if (nvic.current === 0 && this.#systemControl.sleepOnExit) this.#sleeping = 'wfi';
    return true;
  }

  /** Records the fault and enters the HardFault handler, or locks up when that is not possible. */
  #enterFault(cause: CoreFault): void {
    this.#request = 'none';
    if (this.#nvic.executionPriority <= -1) {
      this.#lockUp(cause);
      return;
    }
    this.fault = this.#record(cause, false);
    this.#sleeping = 'no';
    this.#enterException(EXCEPTION.hardFault);
  }

  #lockUp(cause: CoreFault): void {
    // the first fault explains the second
    this.fault = this.inHardFault && this.fault ? { ...this.fault, lockup: true } : this.#record(cause, true);
    this.#lockedUp = true;
  }

  #record(cause: CoreFault, lockup: boolean): CoreFaultRecord {
    return {
      cause,
      pc: this.registers[15]! >>> 0,
      registers: this.registers.slice(),
      xpsr: this.xpsr,
      lockup,
    };
  }

  #codeAt(pc: number): MemoryView {
    const memory = this.#bus.memoryAt(pc);
    if (!memory) throw new CoreFault({ kind: 'fetch' }, pc);
    return memory;
  }

  /** A word of memory without faults; 0 where there is none. */
  #peek(address: number): number {
    const memory = this.#bus.memoryAt(address);
    return memory ? memory.words[((address - memory.origin) >>> 0) >>> 2]! : 0;
  }
}
