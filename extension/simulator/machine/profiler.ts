import type { Clock } from './clock.ts';
import type { Core, CoreStop } from '../cores/core.ts';
import type { SymbolTable } from '../firmware/symbols.ts';

/** What a function cost: itself, with all it called, and how often it was entered. */
export interface SymbolCost {
  cycles: number;
  inclusive: number;
  calls: number;
}

/** Odd, so no instruction is ever there. */
const NOT_AN_ADDRESS = -1;
const NOTHING: Readonly<SymbolCost> = { cycles: 0, inclusive: 0, calls: 0 };

interface Frame {
  readonly cost: SymbolCost;
  /** Address execution goes on at when the function returns; -1 for the outermost and for exceptions. */
  readonly returnsTo: number;
  /** Stack pointer on entry: the function has returned when it is back there. */
  readonly sp: number;
  readonly entered: number;
  /** Cycles of interrupts before this frame was entered: they are not the interrupted function's. */
  readonly interruptsBefore: number;
  readonly exceptionDepth: number;
}

/**
 * Counts cycles by function symbol: exclusive by the program counter, inclusive by a shadow call stack that follows
 * LR and SP. A jump into another function's entry (tail call) is a call that returns to the caller's caller.
 */
export class Profiler {
  readonly #symbols: SymbolTable;
  readonly #core: Core;
  readonly #clock: Clock;
  readonly #costs = new Map<string, SymbolCost>();
  #frames: Frame[] = [];
  #interruptCycles = 0;
  #lastPc: number;
  #lastNow: number;
  #lastEntered: number;
  /** The function of `lastPc`. */
  #low = 0;
  #high = 0;
  #current: SymbolCost | undefined;

  constructor(symbols: SymbolTable, core: Core, clock: Clock) {
    this.#symbols = symbols;
    this.#core = core;
    this.#clock = clock;
    this.#lastPc = core.registers[15]!;
    this.#lastNow = clock.now;
    this.#lastEntered = core.exceptionsEntered;
  }

  /** The core stands at the first instruction of a function that nothing called: after a reset, or from outside. */
  begin(): void {
    while (this.#frames.length > 0) this.#pop();
    this.#lastPc = this.#core.registers[15]!;
    this.#lastNow = this.#clock.now;
    this.#lastEntered = this.#core.exceptionsEntered;
    this.#push(this.#lastPc >>> 0, NOT_AN_ADDRESS, this.#core.nesting);
  }

  /** Whatever runs has ended, such as a function called from outside. */
  end(): void {
    while (this.#frames.length > 0) this.#pop();
  }

  /** Accounts for what the core did since the last call; it ended with `stop`. */
  account(stop: CoreStop): void {
    const core = this.#core;
    const clock = this.#clock;
    const pc = core.registers[15]!;
    const spent = clock.now - this.#lastNow;
    const from = this.#lastPc;
    this.#lastPc = pc;
    this.#lastNow = clock.now;
    if ((from - this.#low) >>> 0 >= this.#high - this.#low) this.#lookUp(from >>> 0);
    if (this.#current) this.#current.cycles += spent;

    const depth = core.nesting;
    if (stop === 'exception' || stop === 'fault') {
      // one handler may have returned and the next begun
      const entered = core.exceptionsEntered !== this.#lastEntered;
      this.#lastEntered = core.exceptionsEntered;
      const left = entered ? depth - 1 : depth;
      while (this.#frames.length > 0 && this.#top!.exceptionDepth > left) this.#pop();
      if (entered) this.#push(pc >>> 0, NOT_AN_ADDRESS, depth);
      return;
    }
    if (stop === 'call') {
      this.#push(pc >>> 0, core.registers[14]! & ~1, depth);
      return;
    }
    const sp = core.registers[13]!;
    let returned = false;
    for (let top = this.#top; top?.exceptionDepth === depth; top = this.#top) {
      if (sp <= top.sp && (pc !== top.returnsTo || sp !== top.sp)) break;
      this.#pop();
      returned = true;
    }
    // most branches stay inside the function
    if (returned || (pc - this.#low) >>> 0 < this.#high - this.#low) return;
    const target = this.#symbols.functionAt(pc >>> 0);
    if (target?.address === pc >>> 0) {
      // a jump to the first instruction of another function is a tail call, back to where this one would go
      this.#push(pc >>> 0, this.#top?.returnsTo ?? NOT_AN_ADDRESS, depth);
    } else if (target && this.#frames.at(-2)?.cost === this.#costs.get(target.name) && sp === this.#top?.sp) {
      this.#pop(); // a helper that returns elsewhere than behind its call, such as libgcc's switch tables
    }
  }

  /** The costs as they are, for {@link repeat}. */
  snapshot(): ReadonlyMap<SymbolCost, Readonly<SymbolCost>> {
    return new Map([...this.#costs.values()].map((cost) => [cost, { ...cost }]));
  }

  /** Counts what has been spent since the snapshot `times` more; the clock has been moved on already. */
  repeat(since: ReadonlyMap<SymbolCost, Readonly<SymbolCost>>, times: number): void {
    for (const cost of this.#costs.values()) {
      const before = since.get(cost) ?? NOTHING;
      cost.cycles += times * (cost.cycles - before.cycles);
      cost.inclusive += times * (cost.inclusive - before.inclusive);
      cost.calls += times * (cost.calls - before.calls);
    }
    this.#lastNow = this.#clock.now;
  }

  /** Costs so far, functions still running included up to now. */
  result(): ReadonlyMap<string, SymbolCost> {
    const result = new Map<string, SymbolCost>();
    for (const [name, cost] of this.#costs) result.set(name, { ...cost });
    const seen = new Set<SymbolCost>();
    for (const frame of this.#frames) {
      if (seen.has(frame.cost)) continue;
      seen.add(frame.cost);
      for (const [name, cost] of this.#costs) {
        if (cost === frame.cost) result.get(name)!.inclusive += this.#inclusive(frame);
      }
    }
    return result;
  }

  #lookUp(pc: number): void {
    const found = this.#symbols.functionAt(pc);
    if (found) {
      this.#low = found.address;
      this.#high = found.end;
      this.#current = this.#costOf(found.name);
    } else {
      this.#low = pc;
      this.#high = pc + 2;
      this.#current = this.#costOf('(no symbol)');
    }
  }

  #costOf(name: string): SymbolCost {
    let cost = this.#costs.get(name);
    if (!cost) {
      cost = { cycles: 0, inclusive: 0, calls: 0 };
      this.#costs.set(name, cost);
    }
    return cost;
  }

  #push(address: number, returnsTo: number, exceptionDepth: number): void {
    // a runaway recursion ends in a fault soon; the profile need not follow it
    if (this.#frames.length >= 10_000) return;
    const cost = this.#costOf(this.#symbols.functionAt(address)?.name ?? '(no symbol)');
    cost.calls++;
    this.#frames.push({
      cost,
      returnsTo,
      sp: this.#core.registers[13]!,
      entered: this.#clock.now,
      interruptsBefore: this.#interruptCycles,
      exceptionDepth,
    });
  }

  #pop(): void {
    const frame = this.#frames.pop();
    if (!frame) return;
    const spent = this.#inclusive(frame);
    // recursion: the outermost frame counts
    if (!this.#frames.some((f) => f.cost === frame.cost)) frame.cost.inclusive += spent;
    const below = this.#top;
    if (below && below.exceptionDepth < frame.exceptionDepth) this.#interruptCycles += spent;
  }

  #inclusive(frame: Frame): number {
    return this.#clock.now - frame.entered - (this.#interruptCycles - frame.interruptsBefore);
  }

  get #top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
  }
}
