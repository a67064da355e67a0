import { CoreFault, SEMIHOSTING } from '../coreFault.ts';
import { RETURN_ADDRESS } from '../core.ts';
import { moveFromSpecial, moveToSpecial } from './specialRegisters.ts';
import type { State } from './state.ts';

/**
 * Executes instructions: the one place where they are decoded, with the names and encodings of the ARMv6-M manual, A5.2 and
 * A6.7. What is used by every instruction is in locals while it runs.
 * @param budget cycles after which no instruction begins; {@link State.ask} ends it earlier.
 * @returns the fault of the last instruction, which has not been entered yet.
 */
export function execute(state: State, budget: number): CoreFault | undefined {
  const { bus, clock, nvic, registers: R } = state;
  let { n, z, c, v, code, codeOrigin, codeSize } = state;
  let pc = R[15]!; // address of the next instruction
  let cycles = 0;
  let instructions = 0;
  let d: number; // destination register
  let x: number; // first operand
  let y: number; // second operand
  let result = 0;
  let failure: CoreFault | undefined;
  clock.start = clock.now;
  state.stopAt = budget < 0x20000000 ? budget : 0x20000000;
  try {
    while (cycles < state.stopAt) {
      if ((pc - codeOrigin) >>> 0 >= codeSize) {
        if (pc >>> 0 === RETURN_ADDRESS && state.isCalled) {
          state.request = 'returned';
          break;
        }
        const window = state.codeAt(pc);
        if (!window) {
          state.request = 'breakpoint';
          break;
        }
        code = window.halfwords;
        codeOrigin = window.origin | 0;
        codeSize = window.size;
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
                  if (state.tracing) state.ask('branch');
                } else if (d === 13) {
                  state.setSp(result & ~3);
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
                  if (state.tracing) state.ask('branch');
                } else if (d === 13) {
                  state.setSp(y & ~3);
                } else {
                  R[d] = y;
                }
                break;
              default: // BX, BLX (register)
                cycles++;
                if (op & 0x80) {
                  R[14] = pc | 1;
                } else if (y >>> 28 === 15 && nvic.current !== 0) {
                  state.exceptionReturnValue = y;
                  state.ask('exception-return');
                  break;
                }
                if ((y & 1) === 0) {
                  pc = (pc - 2) | 0;
                  throw new CoreFault({ kind: 'arm-state' }, y);
                }
                pc = y & ~1;
                if (state.tracing) state.ask(op & 0x80 ? 'call' : 'branch');
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
              if (op & 0x80) state.setSp((R[13]! - ((op & 0x7f) << 2)) | 0);
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
              state.setSp(sp);
              break;
            }
            case 6: // CPS: CPSIE i, CPSID i
              if ((op & 0xffef) !== 0xb662) {
                pc = (pc - 2) | 0;
                throw new CoreFault({ kind: 'undefined', instruction: op }, undefined);
              }
              if (state.isPrivileged) nvic.primask = (op >> 4) & 1;
              state.stopAt = 0;
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
                if (y >>> 28 === 15 && nvic.current !== 0) {
                  state.exceptionReturnValue = y;
                  state.ask('exception-return');
                  break;
                }
                if ((y & 1) === 0) {
                  pc = (pc - 2) | 0;
                  throw new CoreFault({ kind: 'arm-state' }, y);
                }
                pc = y & ~1;
                if (state.tracing) state.ask('branch');
              } else {
                R[13] = address;
              }
              break;
            }
            case 6: // BKPT: without a debugger it escalates to HardFault
              if ((op & 255) === SEMIHOSTING && state.onSemihosting) {
                state.onSemihosting();
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
                  if (state.eventRegister) state.eventRegister = false;
                  else state.sleeping = 'wfe';
                  state.stopAt = 0;
                  break;
                case 3: // WFI
                  cycles++;
                  state.sleeping = 'wfi';
                  state.stopAt = 0;
                  break;
                case 4: // SEV
                  state.eventRegister = true;
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
              state.ask('svc');
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
            state.ask('waiting');
          } else if (state.tracing) {
            state.ask('branch');
          }
          break;
        case 0b11110: {
          // 32-bit instructions (A5.3)
          const next = (pc - codeOrigin) >>> 1;
          const low = next < code.length ? code[next]! : 0;
          pc = (pc + 2) | 0;
          cycles += 2;
          if ((low & 0xd000) === 0xd000) {
            // BL: the two J bits are stored xor the sign, inverted
            const s = (op << 21) >> 31;
            const i1 = ~((low >> 13) ^ s) & 1;
            const i2 = ~((low >> 11) ^ s) & 1;
            R[14] = pc | 1;
            pc =
              (pc + ((s << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((low & 0x7ff) << 1))) | 0;
            if (state.tracing) state.ask('call');
          } else if ((op & 0xfff0) === 0xf380 && (low & 0xff00) === 0x8800) {
            state.n = n;
            state.z = z;
            state.c = c;
            state.v = v;
            moveToSpecial(state, low & 255, R[op & 15]!);
            n = state.n;
            z = state.z;
            c = state.c;
            v = state.v;
          } else if (op === 0xf3ef && (low & 0xf000) === 0x8000) {
            state.n = n;
            state.z = z;
            state.c = c;
            state.v = v;
            R[(low >> 8) & 15] = moveFromSpecial(state, low & 255);
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
    if (kind === 'fetch') instructions++; // counts as any other that faults
    // loads and stores fault with pc already past them
    if (kind === 'bus' || kind === 'unaligned') pc = (pc - 2) | 0;
  }
  R[15] = pc;
  state.n = n;
  state.z = z;
  state.c = c;
  state.v = v;
  state.code = code;
  state.codeOrigin = codeOrigin;
  state.codeSize = codeSize;
  state.instructions += instructions;
  clock.now = clock.start + cycles;
  return failure;
}
