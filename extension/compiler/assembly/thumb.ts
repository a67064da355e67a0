import { CYCLES, type Item, type Label } from './item.ts';
import { layOut } from './layout.ts';
import { print, type Printed } from './print.ts';
import type { Condition, High, Low, Register } from './registers.ts';

/** Assembled code: its text, and what it costs; all three come from the same list of instructions. */
export interface ThumbCode {
  readonly lines: readonly Printed[];
  /** Machine code and literal pools, when it begins at a multiple of four. */
  readonly bytes: number;
  /** Of one call, at zero wait states. */
  readonly cycles: number;
  /** It has literals, and therefore has to begin at a multiple of four. */
  readonly hasLiterals: boolean;
}

/** What a load or store may name behind its base: an offset in bytes, or a register. */
type Offset = number | Low;

/**
 * Builds a function of Thumb-1 code (ARMv6-M) instruction by instruction. Operands are checked where they are written: registers
 * by their types, immediates by their ranges. Labels are objects; branches that do not reach become longer ones, and literal pools
 * go where they cost least (layout.ts).
 *
 * A prediction of cycles needs to know how often code runs: `repeat`, `loop` and `skipIf` say it for what is built within them.
 */
export class Thumb {
  readonly #items: Item[] = [];
  #times = 1;
  /** Within code that a conditional branch jumps over: a pool there would come between the branch and its target. */
  #closed = 0;
  #linkSaved = false;
  #code: ThumbCode | undefined;

  /** The finished code. */
  assemble(): ThumbCode {
    if (!this.#code) {
      const layout = layOut(this.#items);
      const { bytes, cycles, hasLiterals } = layout;
      this.#code = { lines: print(layout), bytes, cycles, hasLiterals };
    }
    return this.#code;
  }

  // --- structure ---

  /** A line for the reader, above the instructions that follow. */
  comment(text: string): void {
    this.#add({ kind: 'comment', text });
  }

  /** @param name what a reader sees beside it and beside the branches to it */
  label(name: string): Label {
    return { name };
  }

  place(label: Label): void {
    this.#add({ kind: 'label', label });
  }

  /** What `body` builds is executed n times as often as the code around it. */
  repeat(n: number, body: () => void): void {
    const before = this.#times;
    this.#times = before * n;
    body();
    this.#times = before;
  }

  /** `body` n times: `count` has to leave NE while there is more to do. */
  loop(name: string, n: number, body: () => void, count: () => void): void {
    const again = this.label(name);
    this.repeat(n, () => {
      this.place(again);
      body();
      count();
      this.branchIf('ne', again, (n - 1) / n);
    });
  }

  /** Jumps over `body` on a condition, which the prediction takes to hold in a share of cases. */
  skipIf(condition: Condition, name: string, body: () => void, share = 1): void {
    const behind = this.label(name);
    this.branchIf(condition, behind, share);
    this.#closed++;
    this.repeat(1 - share, body);
    this.#closed--;
    this.place(behind);
  }

  // --- branches ---

  branch(target: Label): void {
    this.#add({ kind: 'branch', condition: undefined, target, taken: 1, mayLink: this.#linkSaved });
  }

  /** @param taken share of executions in which it is taken, for the prediction */
  branchIf(condition: Condition, target: Label, taken: number): void {
    this.#closed++;
    this.#add({ kind: 'branch', condition, target, taken, mayLink: this.#linkSaved });
    this.#closed--;
  }

  /** Calls a subroutine of this function; it ends with `returnToCaller`. */
  call(target: Label): void {
    if (!this.#linkSaved) throw new Error('a call overwrites the return address');
    this.#add({ kind: 'call', target });
  }

  /** Begins a subroutine: it is called, so that the link register holds where it returns to. */
  subroutine(label: Label, calls: number, body: () => void): void {
    const before = this.#linkSaved;
    this.#linkSaved = false;
    this.place(label);
    this.repeat(calls, () => {
      body();
      this.#instruction('bx lr', CYCLES.branchExchange, { stops: true });
    });
    this.#linkSaved = before;
  }

  // --- the stack ---

  /** PUSH {r4-r7, lr}, and r8 to r11 by way of them where `high` says so. */
  prologue(high: boolean): void {
    this.comment('save what the caller keeps');
    this.#instruction('push {r4-r7, lr}', CYCLES.multiple + 5);
    this.#linkSaved = true;
    if (!high) return;
    HIGH.forEach((h, i) => this.mov(SAVED[i]!, h));
    this.#instruction('push {r4-r7}', CYCLES.multiple + 4);
  }

  /** Undoes `prologue` and returns. */
  epilogue(high: boolean): void {
    this.comment('give back what the caller keeps, return');
    if (high) {
      this.#instruction('pop {r4-r7}', CYCLES.multiple + 4);
      HIGH.forEach((h, i) => this.mov(h, SAVED[i]!));
    }
    this.#instruction('pop {r4-r7, pc}', CYCLES.popReturn + 5, { stops: true });
  }

  /** Makes room on the stack, or gives it back. */
  moveStack(bytes: number): void {
    within(Math.abs(bytes), 0, 508, 4);
    if (bytes !== 0) this.#instruction(`${bytes > 0 ? 'add' : 'sub'} sp, #${Math.abs(bytes)}`, CYCLES.plain);
  }

  ldrStack(d: Low, offset: number): void {
    this.#instruction(`ldr ${d}, [sp, #${within(offset, 0, 1020, 4)}]`, CYCLES.memory);
  }

  strStack(s: Low, offset: number): void {
    this.#instruction(`str ${s}, [sp, #${within(offset, 0, 1020, 4)}]`, CYCLES.memory);
  }

  /** PUSH of low registers, within a subroutine. */
  push(...registers: Low[]): void {
    this.#list('push', registers);
  }

  /** What `body` builds may call: the link register is kept on the stack, behind low registers that are as they were afterwards. */
  calling(registers: readonly Low[], body: () => void): void {
    const before = this.#linkSaved;
    this.#list('push', registers);
    this.#instruction('push {lr}', CYCLES.multiple + 1);
    this.#linkSaved = true;
    body();
    this.#linkSaved = before;
    this.#instruction(`ldr ${registers[0]!}, [sp, #0]`, CYCLES.memory);
    this.mov('lr', registers[0]!);
    this.moveStack(4);
    this.#list('pop', registers);
  }

  /**
   * Calls a function of gcc's library (run-time ABI for the Arm architecture, IHI 0043): r0 to r3 and r12 are lost.
   * @param cycles that it takes, the branch included
   */
  callLibrary(name: `__aeabi_${string}`, cycles: number): void {
    if (!this.#linkSaved) throw new Error('a call overwrites the return address');
    this.#instruction(`bl ${name}`, cycles, { bytes: 4 });
  }

  /** Undoes a `push` of the same registers. */
  pop(...registers: Low[]): void {
    this.#list('pop', registers);
  }

  // --- moves and arithmetic ---

  movs(d: Low, x: Low | number): void {
    this.#plain(`movs ${d}, ${typeof x === 'number' ? `#${within(x, 0, 255)}` : x}`);
  }

  /** A move that reaches all registers and leaves the flags. */
  mov(d: Register, s: Register): void {
    this.#plain(`mov ${d}, ${s}`);
  }

  /** d += s with all registers, leaving the flags. */
  addHigh(d: Register, s: Register): void {
    this.#plain(`add ${d}, ${s}`);
  }

  adds(d: Low, a: Low, b: Low | number): void {
    this.#plain(`adds ${sum(d, a, b)}`);
  }

  subs(d: Low, a: Low, b: Low | number): void {
    this.#plain(`subs ${sum(d, a, b)}`);
  }

  /** d = 0 - s */
  rsbs(d: Low, s: Low): void {
    this.#plain(`rsbs ${d}, ${s}, #0`);
  }

  /** d *= s */
  muls(d: Low, s: Low): void {
    this.#plain(`muls ${d}, ${s}, ${d}`);
  }

  /** d |= s */
  orrs(d: Low, s: Low): void {
    this.#plain(`orrs ${d}, ${s}`);
  }

  /** d ^= s */
  eors(d: Low, s: Low): void {
    this.#plain(`eors ${d}, ${s}`);
  }

  mvns(d: Low, s: Low): void {
    this.#plain(`mvns ${d}, ${s}`);
  }

  /** Shift left by a number, or d <<= the register. */
  lsls(d: Low, s: Low, by: number | Low): void {
    if (typeof by !== 'number' && d !== s) throw new Error('LSLS by a register shifts in place');
    this.#plain(`lsls ${d}, ${s}, ${typeof by === 'number' ? `#${within(by, 0, 31)}` : by}`);
  }

  lsrs(d: Low, s: Low, by: number | Low): void {
    if (typeof by !== 'number' && d !== s) throw new Error('LSRS by a register shifts in place');
    this.#plain(`lsrs ${d}, ${s}, ${typeof by === 'number' ? `#${within(by, 1, 32)}` : by}`);
  }

  /** Arithmetic shift right by a number, or d >>= the register. */
  asrs(d: Low, s: Low, by: number | Low): void {
    if (typeof by !== 'number' && d !== s) throw new Error('ASRS by a register shifts in place');
    this.#plain(`asrs ${d}, ${s}, ${typeof by === 'number' ? `#${within(by, 1, 32)}` : by}`);
  }

  sxtb(d: Low, s: Low): void {
    this.#plain(`sxtb ${d}, ${s}`);
  }

  uxtb(d: Low, s: Low): void {
    this.#plain(`uxtb ${d}, ${s}`);
  }

  uxth(d: Low, s: Low): void {
    this.#plain(`uxth ${d}, ${s}`);
  }

  cmp(a: Low, b: Low | number): void {
    this.#plain(`cmp ${a}, ${typeof b === 'number' ? `#${within(b, 0, 255)}` : b}`);
  }

  /** CMP that reaches all registers. */
  cmpHigh(a: Register, b: Register): void {
    this.#plain(`cmp ${a}, ${b}`);
  }

  // --- memory ---

  ldrb(d: Low, base: Low, offset: Offset): void {
    this.#memory('ldrb', d, base, offset, 1);
  }

  ldrh(d: Low, base: Low, offset: Offset): void {
    this.#memory('ldrh', d, base, offset, 2);
  }

  /** @param note what is loaded, for the reader */
  ldr(d: Low, base: Low, offset: Offset, note?: string): void {
    this.#memory('ldr', d, base, offset, 4, note);
  }

  strb(s: Low, base: Low, offset: Offset): void {
    this.#memory('strb', s, base, offset, 1);
  }

  strh(s: Low, base: Low, offset: Offset): void {
    this.#memory('strh', s, base, offset, 2);
  }

  str(s: Low, base: Low, offset: Offset, note?: string): void {
    this.#memory('str', s, base, offset, 4, note);
  }

  /** Loads registers, lowest first, and moves the base behind them. */
  ldmia(base: Low, ...registers: Low[]): void {
    const ordered = registers.every((r, i) => i === 0 || r > registers[i - 1]!);
    if (!ordered || registers.includes(base))
      throw new Error(`LDMIA ${base}! cannot load ${registers.join()}`);
    this.#instruction(`ldmia ${base}!, {${registers.join(', ')}}`, CYCLES.multiple + registers.length);
  }

  /** Stores registers, lowest first, and moves the base behind them. */
  stmia(base: Low, ...registers: Low[]): void {
    const ordered = registers.every((r, i) => i === 0 || r > registers[i - 1]!);
    if (!ordered || registers.includes(base)) {
      throw new Error(`STMIA ${base}! cannot store ${registers.join()}`);
    }
    this.#instruction(`stmia ${base}!, {${registers.join(', ')}}`, CYCLES.multiple + registers.length);
  }

  // --- more than one instruction ---

  /** d = a 32-bit constant, by MOVS where it fits, else from a literal pool. */
  constant(d: Low, value: number): void {
    within(value, -(2 ** 31), 2 ** 32 - 1);
    if (value >= 0 && value <= 255) this.movs(d, value);
    else this.#add({ kind: 'literal', register: d, value: value | 0 });
  }

  /** d = a constant that may be negative, without a literal where -d fits MOVS. */
  signedConstant(d: Low, value: number): void {
    if (value >= 0) this.constant(d, value);
    else {
      this.constant(d, -value);
      this.rsbs(d, d);
    }
  }

  /** d += n in the fewest halfwords: immediates up to two of 255, else through a literal in `scratch`. */
  addConstant(d: Low, n: number, scratch: Low): void {
    const size = Math.abs(n);
    const add = (x: Low | number): void => (n > 0 ? this.adds(d, d, x) : this.subs(d, d, x));
    if (size === 0) return;
    if (size <= 255) add(size);
    else if (size <= 510) {
      add(255);
      add(size - 255);
    } else {
      this.constant(scratch, size);
      add(scratch);
    }
  }

  /** A high register += n, by way of two low ones. */
  addToHigh(d: High, n: number, by: Low, scratch: Low): void {
    if (n === 0) return;
    this.mov(by, d);
    this.addConstant(by, n, scratch);
    this.mov(d, by);
  }

  #plain(text: string): void {
    this.#instruction(text, CYCLES.plain);
  }

  #list(name: 'push' | 'pop', registers: readonly Low[]): void {
    this.#instruction(`${name} {${registers.join(', ')}}`, CYCLES.multiple + registers.length);
  }

  #memory(name: string, r: Low, base: Low, offset: Offset, size: 1 | 2 | 4, note?: string): void {
    const at = typeof offset === 'number' ? `#${within(offset, 0, 31 * size, size)}` : offset;
    this.#instruction(`${name} ${r}, [${base}, ${at}]`, CYCLES.memory, { note });
  }

  #instruction(
    text: string,
    cycles: number,
    { stops = false, bytes = 2, note }: { stops?: boolean; bytes?: 2 | 4; note?: string | undefined } = {},
  ): void {
    this.#add({ kind: 'instruction', text, note, bytes, cycles, stops });
  }

  #add(item: Unplaced<Item>): void {
    if (this.#code) throw new Error('the code is assembled already');
    this.#items.push({ ...item, times: this.#times, closed: this.#closed > 0 });
  }
}

/** An item without what it knows of its place. */
type Unplaced<T> = T extends Item ? Omit<T, 'times' | 'closed'> : never;

/** What `prologue` saves beside r4 to r7, and the registers it goes by. */
const HIGH = ['r8', 'r9', 'r10', 'r11'] as const;
const SAVED = ['r4', 'r5', 'r6', 'r7'] as const;

/** Operands of ADDS and SUBS: three registers, two and up to 7, or one and up to 255. */
function sum(d: Low, a: Low, b: Low | number): string {
  if (typeof b !== 'number') return `${d}, ${a}, ${b}`;
  return d === a ? `${d}, #${within(b, 0, 255)}` : `${d}, ${a}, #${within(b, 0, 7)}`;
}

/** Throws where an immediate does not fit its instruction: a fault of ours, not of a user. */
function within(value: number, least: number, most: number, step = 1): number {
  if (Number.isInteger(value) && value >= least && value <= most && value % step === 0) return value;
  throw new Error(`${value} is no immediate from ${least} to ${most} in steps of ${step}`);
}
