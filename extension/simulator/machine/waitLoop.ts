import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Core, CoreStop } from '../cores/core.ts';

/** A loop that changes nothing: it goes on the same way until something outside the core happens. */
export interface WaitLoop {
  readonly cycles: number;
  readonly instructions: number;
}

/** B to itself. */
const BRANCH_TO_SELF = 0xe7fe;
/** Longest loop looked for, in instructions; a console's read routine without optimization has some 100. */
const LONGEST_LOOP = 256;
/** RAM that is still copied to compare. */
const MOST_RAM = 256 * 1024;

/**
 * Finds out whether the firmware waits: single-steps until it is back at the same instruction with the same registers,
 * flags and RAM, and no peripheral was written or asked for the time. Then the loop must go on until the next alarm
 * or interrupt, and time can be skipped by whole rounds without changing any result.
 */
export class WaitLoopFinder {
  readonly #core: Core;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #advance: (limit: number) => CoreStop;
  readonly #ram: readonly Uint8Array[];
  readonly #ramBefore: readonly Uint8Array[];

  /** @param advance runs the core to a cycle. */
  constructor(core: Core, bus: Bus, clock: Clock, advance: (limit: number) => CoreStop) {
    this.#advance = advance;
    this.#core = core;
    this.#bus = bus;
    this.#clock = clock;
    const ram = bus.memories.filter((m) => m.kind === 'ram');
    this.#ram = ram.reduce((sum, m) => sum + m.size, 0) <= MOST_RAM ? ram.map((m) => m.bytes) : [];
    this.#ramBefore = this.#ram.map((m) => new Uint8Array(m.length));
  }

  /**
   * Steps on (which is part of the run like any other steps) and looks for a loop.
   * @param limit cycle at which to stop looking.
   * @param beforeRound called when a round begins that may be the loop's.
   * @returns the loop; or what stopped the core on the way; or undefined when it does not wait.
   */
  find(limit: number, beforeRound: () => void): WaitLoop | CoreStop | undefined {
    const core = this.#core;
    const clock = this.#clock;
    const bus = this.#bus;
    if (core.asleep) return undefined;
    const pc = core.registers[15]!;
    const memory = bus.memoryAt(pc);
    if (memory?.halfwords[((pc - memory.origin) >>> 0) >>> 1] === BRANCH_TO_SELF)
      return this.#selfBranch(beforeRound);
    if (this.#ram.length === 0) return undefined;
    // a first round may still settle something (a register, a stack slot), so a second one gets its chance
    for (let round = 0; round < 3; round++) {
      beforeRound();
      core.keep();
      this.#ram.forEach((bytes, i) => {
        this.#ramBefore[i]!.set(bytes);
      });
      const { exceptionsEntered, instructions } = core;
      const { changes } = bus;
      const { now, next } = clock;
      const start = core.registers[15];
      let steps = 0;
      do {
        if (clock.next <= clock.now || clock.now >= limit || steps++ >= LONGEST_LOOP) return undefined;
        const stop = this.#advance(clock.now + 1);
        if (stop !== 'limit' && stop !== 'waiting') return stop;
        if (bus.changes !== changes || core.asleep || core.exceptionsEntered !== exceptionsEntered)
          return undefined;
        // an alarm of this very step: the next round may see another value
        if (clock.next !== next) return undefined;
      } while (core.registers[15] !== start);
      if (core.isAsKept() && this.#ramIsUnchanged()) {
        return { cycles: clock.now - now, instructions: core.instructions - instructions };
      }
    }
    return undefined;
  }

  #selfBranch(beforeRound: () => void): WaitLoop | CoreStop | undefined {
    const pc = this.#core.registers[15];
    if (this.#clock.next <= this.#clock.now) return undefined;
    beforeRound();
    const stop = this.#advance(this.#clock.now + 1);
    if (stop !== 'limit' && stop !== 'waiting') return stop;
    return this.#core.registers[15] === pc ? { cycles: 2, instructions: 1 } : undefined;
  }

  #ramIsUnchanged(): boolean {
    return this.#ram.every((bytes, i) => Buffer.compare(bytes, this.#ramBefore[i]!) === 0);
  }
}
