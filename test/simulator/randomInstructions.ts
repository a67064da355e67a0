/**
 * Random ARMv6-M code for differential runs: straight-line sequences that use every kind of instruction, whose loads and
 * stores stay inside a scratch area and whose stack is balanced. Encodings are written out here, independently of the
 * core under test.
 *
 * r11 holds the scratch area's address and is never written; r7 and r6 are set up in front of each memory access.
 */

/** A repeatable generator of 32-bit numbers (xorshift, Marsaglia 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }

  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  below(limit: number): number {
    return Math.floor((this.next() / 0x100000000) * limit);
  }

  /** A register value: often one at an edge. */
  value(): number {
    const edges = [
      0, 1, 2, 31, 32, 33, 63, 64, 255, 256, 0x7f, 0x80, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
    ];
    switch (this.below(4)) {
      case 0:
        return edges[this.below(edges.length)]!;
      case 1:
        return ~edges[this.below(edges.length)]! >>> 0;
      case 2:
        return this.below(256);
      default:
        return this.next();
    }
  }
}

export const scratchBytes = 512;

/** What a step does, for picking out known differences. */
export type Kind =
  | 'plain'
  | 'shift-by-register'
  | 'carry' // ADC, SBC
  | 'memory'
  | 'store-multiple'
  | 'stack'
  | 'branch'
  | 'special';

export interface Step {
  readonly kind: Kind;
  readonly halfwords: readonly number[];
}

/**
 * One step: an instruction with what it needs around it.
 * @param supervisorCalls SVC too; a handler must be there.
 */
export function randomStep(random: Random, supervisorCalls = false): Step {
  const low = (): number => random.below(8);
  const target = (): number => random.below(6); // r0 to r5: r6 and r7 are set up for accesses
  const imm8 = (): number => random.below(256);
  /** mov r7, r11: the scratch area's address; plus up to 255 by a register. */
  const base = 0x465f;
  const step = (kind: Kind, ...halfwords: number[]): Step => ({ kind, halfwords });
  switch (random.below(18)) {
    case 0: // LSL, LSR, ASR (immediate)
      return step('plain', (random.below(3) << 11) | (random.below(32) << 6) | (low() << 3) | low());
    case 1: // ADD, SUB (register, 3-bit immediate)
      return step('plain', 0x1800 | (random.below(4) << 9) | (low() << 6) | (low() << 3) | low());
    case 2: // MOV, CMP, ADD, SUB (8-bit immediate)
      return step('plain', 0x2000 | (random.below(4) << 11) | (low() << 8) | imm8());
    case 3:
    case 4:
    case 5: {
      // data processing; a small amount in front of shifts, so that not all are by more than 32
      const op = random.below(16);
      const m = low();
      const halfword = 0x4000 | (op << 6) | (m << 3) | low();
      const isShift = op === 2 || op === 3 || op === 4 || op === 7;
      if (isShift && random.below(2) === 0)
        return step('shift-by-register', 0x2000 | (m << 8) | random.below(40), halfword);
      return step(isShift ? 'shift-by-register' : op === 5 || op === 6 ? 'carry' : 'plain', halfword);
    }
    case 6: {
      // ADD, CMP, MOV (register) with high registers; not r11, r13 to r15 as destination
      const destinations = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];
      const sources = [...destinations, 11, 13, 15];
      const op = random.below(3);
      let d = destinations[random.below(destinations.length)]!;
      let m = sources[random.below(sources.length)]!;
      if (op === 1) {
        // CMP: not with the PC, and not with two low registers (unpredictable)
        if (m === 15) m = 9;
        if (d < 8 && m < 8) d = 8;
      }
      return step('plain', 0x4400 | (op << 8) | ((d & 8) << 4) | (m << 3) | (d & 7));
    }
    case 7: // LDR (literal), ADR: up to 60 bytes further on
      return step('plain', (random.below(2) === 0 ? 0x4800 : 0xa000) | (low() << 8) | random.below(16));
    case 8: {
      // load or store, register offset: size by the operation
      const op = random.below(8);
      const mask = [3, 1, 0, 0, 3, 1, 0, 1][op]!;
      const offset = imm8() & ~mask;
      return step('memory', base, 0x2600 | offset, 0x5000 | (op << 9) | (6 << 6) | (7 << 3) | target());
    }
    case 9: {
      // load or store, immediate offset: word, byte, halfword
      const op = [0x6000, 0x6800, 0x7000, 0x7800, 0x8000, 0x8800][random.below(6)]!;
      return step('memory', base, op | (random.below(32) << 6) | (7 << 3) | target());
    }
    case 10: {
      // STM, LDM with r7 as base; r7 in the list only where the manual defines it
      const list = 1 + random.below(127);
      if (random.below(2) === 0) return step('store-multiple', base, 0xc700 | list);
      return step('memory', base, 0xcf00 | list | (random.below(2) << 7));
    }
    case 11: {
      // PUSH and POP of as many, other registers
      const list = 1 + random.below(255);
      let count = 0;
      for (let bits = list; bits !== 0; bits &= bits - 1) count++;
      let other = 0;
      for (let left = count; left > 0;) {
        const bit = 1 << low();
        if ((other & bit) !== 0) continue;
        other |= bit;
        left--;
      }
      return step('stack', 0xb400 | list, 0xbc00 | other);
    }
    case 12: {
      // stack frame: SUB SP, STR and LDR and ADD relative to it, ADD SP
      const words = 1 + random.below(16);
      const at = random.below(words);
      const load = 0x9800 | (low() << 8) | at;
      return step(
        'stack',
        0xb080 | words,
        0x9000 | (low() << 8) | at,
        load,
        0xa800 | (low() << 8) | imm8(),
        0xb000 | words,
      );
    }
    case 13: // SXTH, SXTB, UXTH, UXTB
      return step('plain', 0xb200 | (random.below(4) << 6) | (low() << 3) | low());
    case 14: // REV, REV16, REVSH
      return step('plain', 0xba00 | ([0, 1, 3][random.below(3)]! << 6) | (low() << 3) | low());
    case 15: {
      // B (conditional) over one or two instructions
      const skipped = 1 + random.below(2);
      const over = [0x3001 | (low() << 8), 0x3a07 | (low() << 8)].slice(0, skipped);
      return step('branch', 0xd000 | (random.below(14) << 8) | (skipped - 1), ...over);
    }
    case 16: // B over an undefined instruction
      return step('branch', 0xe000, 0xde00);
    default:
      switch (random.below(supervisorCalls ? 5 : 4)) {
        case 4:
          return step('special', 0xdf00 | imm8());
        case 0: // MSR APSR_nzcvq
          return step('special', 0xf380 | random.below(8), 0x8800);
        case 1: {
          // MRS: APSR, PRIMASK, MSP, CONTROL. APSR is shifted right and left by 28 after it: QEMU lets MSR set the Q flag
          // in bit 27, which ARMv6-M does not have (manual B1.4.2: reserved)
          const d = low();
          const special = [0, 16, 8, 20][random.below(4)]!;
          const shift = special === 0 ? [0x0f00 | (d << 3) | d, 0x0700 | (d << 3) | d] : [];
          return step('special', 0xf3ef, 0x8000 | (d << 8) | special, ...shift);
        }
        case 2: // CPSID i, CPSIE i, NOP, DMB, DSB, ISB
          return step('special', 0xb672, 0xb662, 0xbf00);
        default:
          return step('special', 0xf3bf, [0x8f4f, 0x8f5f, 0x8f6f][random.below(3)]!);
      }
  }
}
