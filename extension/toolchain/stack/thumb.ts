/** What one Thumb instruction does to the stack and to the way of the program. */
export type StackEffect =
  /** Nothing; it may write the registers whose bits are set in `writes`, as far as {@link StackEffect} `constant` has them. */
  | { readonly kind: 'none'; readonly writes: number; readonly size: 2 | 4 }
  /** So many bytes more of the stack are in use (negative: fewer); the next instruction follows. */
  | { readonly kind: 'move'; readonly bytes: number; readonly size: 2 | 4 }
  /** The registers whose bits are set take words from the stack. */
  | { readonly kind: 'pop'; readonly registers: number; readonly size: 2 | 4 }
  /** The stack moves by what a register holds. */
  | { readonly kind: 'moveBy'; readonly register: number; readonly size: 2 }
  /** A register takes a known value. */
  | { readonly kind: 'constant'; readonly register: number; readonly value: number; readonly size: 2 | 4 }
  /** A register takes what another holds, shifted to the left. */
  | {
      readonly kind: 'shift';
      readonly register: number;
      readonly from: number;
      readonly by: number;
      readonly size: 2;
    }
  /** A register takes the word at an address of the code. */
  | { readonly kind: 'literal'; readonly register: number; readonly address: number; readonly size: 2 | 4 }
  | { readonly kind: 'call'; readonly target: number; readonly size: 4 }
  /** A branch; `always` when the next instruction does not follow. */
  | { readonly kind: 'branch'; readonly target: number; readonly always: boolean; readonly size: 2 | 4 }
  | { readonly kind: 'return'; readonly size: 2 | 4 }
  /** A jump to where a register says: a return when the register was saved before. */
  | { readonly kind: 'jumpTo'; readonly register: number; readonly size: 2 }
  /** The next `length` instructions are executed or not. */
  | { readonly kind: 'it'; readonly length: number; readonly size: 2 }
  /** Where it goes, or how far it moves the stack, stands in a register or a table. */
  | { readonly kind: 'unknown'; readonly why: Unknown; readonly size: 2 | 4 };

/** Why nothing can be said: a call or a jump whose target is computed, or a stack pointer that is. */
export type Unknown = 'call' | 'jump' | 'stack';

const SP = 13;
const LR = 14;
const PC = 15;
/** Any register may be written. */
const ALL = 0xffff;

/**
 * What the instruction at an address does to the stack: all of ARMv6-M, and of ARMv7E-M with its FPU the forms that move sp
 * or branch (ARMv6-M manual, chapter A6; ARMv7-M manual, chapters A5 and A7).
 * @param first the halfword at `address`
 * @param second the one behind it; 0 where there is none
 */
export function stackEffect(address: number, first: number, second: number): StackEffect {
  return first >= 0xe800 ? wide(address, first, second) : narrow(address, first);
}

function narrow(address: number, op: number): StackEffect {
  const size = 2;
  const low = (op >> 8) & 7;
  const byte = op & 0xff;
  if ((op & 0xfe00) === 0xb400) return { kind: 'move', bytes: 4 * ones(op & 0x1ff), size }; // PUSH
  if ((op & 0xfe00) === 0xbc00) {
    return op & 0x100 ? { kind: 'return', size } : { kind: 'pop', registers: byte, size }; // POP
  }
  if ((op & 0xff80) === 0xb080) return { kind: 'move', bytes: 4 * (op & 0x7f), size }; // SUB sp, #
  if ((op & 0xff80) === 0xb000) return { kind: 'move', bytes: -4 * (op & 0x7f), size }; // ADD sp, #
  if ((op & 0xf800) === 0x4800) {
    return { kind: 'literal', register: low, address: ((address + 4) & ~3) + 4 * byte, size }; // LDR, literal
  }
  if ((op & 0xf800) === 0x2000) return { kind: 'constant', register: low, value: byte, size }; // MOVS, #
  if ((op & 0xf800) === 0)
    return { kind: 'shift', register: op & 7, from: (op >> 3) & 7, by: (op >> 6) & 31, size }; // LSLS, #
  if ((op & 0xfc00) === 0x4400) return highRegisters(op);
  if ((op & 0xf000) === 0xd000 && (op & 0x0e00) !== 0x0e00) {
    return { kind: 'branch', target: address + 4 + 2 * signed(byte, 8), always: false, size }; // B, condition
  }
  if ((op & 0xf800) === 0xe000) {
    return { kind: 'branch', target: address + 4 + 2 * signed(op & 0x7ff, 11), always: true, size }; // B
  }
  if ((op & 0xf500) === 0xb100) {
    const distance = 2 * (((op >> 3) & 0x1f) | ((op >> 4) & 0x20));
    return { kind: 'branch', target: address + 4 + distance, always: false, size }; // CBZ, CBNZ
  }
  if ((op & 0xff00) === 0xbf00 && (op & 0xf) !== 0) {
    return { kind: 'it', length: 4 - Math.log2(op & -op & 0xf), size }; // IT
  }
  // one of two fields names what other instructions write, or, of LDM, any of the first eight
  return { kind: 'none', writes: (op & 0xf000) === 0xc000 ? ALL : (1 << (op & 7)) | (1 << low), size };
}

/** ADD, CMP, MOV, BX and BLX, which reach all registers. */
function highRegisters(op: number): StackEffect {
  const size = 2;
  const from = (op >> 3) & 15;
  const to = (op & 7) | ((op >> 4) & 8);
  switch ((op >> 8) & 3) {
    case 0:
      if (to === SP) return { kind: 'moveBy', register: from, size };
      return to === PC ? { kind: 'unknown', why: 'jump', size } : { kind: 'none', writes: 1 << to, size };
    case 2:
      if (to === SP) return { kind: 'unknown', why: 'stack', size };
      if (to !== PC) return { kind: 'none', writes: 1 << to, size };
      return from === LR ? { kind: 'return', size } : { kind: 'jumpTo', register: from, size };
    case 3:
      if (op & 0x80) return { kind: 'unknown', why: 'call', size };
      return from === LR ? { kind: 'return', size } : { kind: 'jumpTo', register: from, size };
    default:
      return { kind: 'none', writes: 0, size };
  }
}

function wide(address: number, first: number, second: number): StackEffect {
  const size = 4;
  if ((first & 0xf800) === 0xf000 && second & 0x8000) return wideBranch(address, first, second);
  const imm8 = second & 0xff;
  if (first === 0xe92d) return { kind: 'move', bytes: 4 * ones(second), size }; // PUSH.W
  if (first === 0xe8bd) {
    return second & 0x8000 ? { kind: 'return', size } : { kind: 'pop', registers: second, size }; // POP.W
  }
  if (first === 0xf84d && (second & 0x0f00) === 0x0d00) return { kind: 'move', bytes: imm8, size }; // STR, writing back
  if (first === 0xf85d && (second & 0x0f00) === 0x0b00) {
    return second >> 12 === PC ? { kind: 'return', size } : { kind: 'move', bytes: -imm8, size }; // LDR, writing back
  }
  if ((first & 0xffbf) === 0xed2d) return { kind: 'move', bytes: 4 * imm8, size }; // VPUSH
  if ((first & 0xffbf) === 0xecbd) return { kind: 'move', bytes: -4 * imm8, size }; // VPOP
  if (first === 0xe96d) return { kind: 'move', bytes: 4 * imm8, size }; // STRD, before, writing back
  if (first === 0xe8fd) return { kind: 'move', bytes: -4 * imm8, size }; // LDRD, behind, writing back
  if ((first & 0xfff0) === 0xe8d0 && (second & 0xffe0) === 0xf000)
    return { kind: 'unknown', why: 'jump', size }; // TBB, TBH
  if ((first & 0xff7f) === 0xf85f) {
    const distance = second & 0xfff;
    const place = ((address + 4) & ~3) + (first & 0x80 ? distance : -distance);
    const register = second >> 12;
    // LDR.W, literal
    return register === PC
      ? { kind: 'unknown', why: 'jump', size }
      : { kind: 'literal', register, address: place, size };
  }
  if ((first & 0xfff0) === 0xf850 && second >> 12 === PC) return { kind: 'unknown', why: 'jump', size }; // LDR.W pc
  return stackArithmetic(first, second);
}

/** ADD and SUB of sp with constants; anything else that writes sp is not known. */
function stackArithmetic(first: number, second: number): StackEffect {
  const size = 4;
  const to = (second >> 8) & 15;
  const isImmediate = (first & 0xf800) === 0xf000 && !(second & 0x8000);
  if (isImmediate && to === SP && (first & 0xf) === SP) {
    const constant = ((first & 0x400) << 1) | ((second >> 4) & 0x700) | (second & 0xff);
    switch (first & 0xfbf0) {
      case 0xf1a0:
        return { kind: 'move', bytes: expanded(constant), size }; // SUB.W
      case 0xf100:
        return { kind: 'move', bytes: -expanded(constant), size }; // ADD.W
      case 0xf2a0:
        return { kind: 'move', bytes: constant, size }; // SUBW
      case 0xf200:
        return { kind: 'move', bytes: -constant, size }; // ADDW
      default:
        return { kind: 'unknown', why: 'stack', size };
    }
  }
  // compares have 15 there
  if ((isImmediate || (first & 0xfe00) === 0xea00) && to === SP)
    return { kind: 'unknown', why: 'stack', size };
  return { kind: 'none', writes: ALL, size };
}

/** BL, B.W with and without condition; other instructions of that space (MSR, barriers) move nothing. */
function wideBranch(address: number, first: number, second: number): StackEffect {
  const size = 4;
  const s = (first >> 10) & 1;
  const j1 = (second >> 13) & 1;
  const j2 = (second >> 11) & 1;
  if (second & 0x1000) {
    const high = (s << 24) | ((j1 ^ s ^ 1) << 23) | ((j2 ^ s ^ 1) << 22);
    const target = address + 4 + signed(high | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1), 25);
    return second & 0x4000 ? { kind: 'call', target, size } : { kind: 'branch', target, always: true, size };
  }
  if (second & 0x4000 || (first & 0x380) === 0x380) return { kind: 'none', writes: ALL, size };
  const offset = (s << 20) | (j2 << 19) | (j1 << 18) | ((first & 0x3f) << 12) | ((second & 0x7ff) << 1);
  return { kind: 'branch', target: address + 4 + signed(offset, 21), always: false, size };
}

/** A modified immediate constant of Thumb (ARMv7-M manual, A5.3.2). */
function expanded(constant: number): number {
  const byte = constant & 0xff;
  const rotation = constant >> 7;
  if (rotation >= 8) {
    const value = 0x80 | (constant & 0x7f);
    return ((value >>> rotation) | (value << (32 - rotation))) >>> 0;
  }
  return [byte, byte * 0x10001, byte * 0x1000100, byte * 0x1010101][constant >> 8]!;
}

/** How many bits are set. */
export function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
