import type { Core, CoreStop } from '../cores/core.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Profiler } from './profiler.ts';
import { WaitLoopFinder } from './waitLoop.ts';

/** Cycles between two looks whether the firmware waits; grows while it does not. */
const FIRST_SLICE = 1 << 14;
const LARGEST_SLICE = 1 << 20;
/** The same after an event that ended a wait: about an interrupt handler's length. */
const CYCLES_AFTER_WAIT = 512;
/** Simulated seconds of nothing but waiting and ticking, without a byte printed, that count as idle. */
const QUIET_SECONDS = 10;
/** The same inside a fault's handler, where only a UART's transmitter can still change anything. */
const QUIET_FAULT_SECONDS = 0.05;

/** A point of the run. */
export interface Moment {
  readonly cycles: number;
  readonly instructions: number;
}

/** Knows since when the firmware has done nothing but wait, and skips the time of loops that change nothing. */
export class Idleness {
  /** Skip rounds of waiting loops instead of executing them; the results are the same. */
  skipWaiting = true;
  /** When to look next, in cycles. */
  nextLook = FIRST_SLICE;
  /** When the firmware began to do nothing but wait; undefined while it works. */
  since: Moment | undefined;

  #slice = FIRST_SLICE;
  #sleptAtLook = 0;
  readonly #core: Core;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #coreClockHz: number;
  readonly #loops: WaitLoopFinder;

  /** @param advance runs the core to a cycle. */
  constructor(core: Core, bus: Bus, clock: Clock, coreClockHz: number, advance: (limit: number) => CoreStop) {
    this.#core = core;
    this.#bus = bus;
    this.#clock = clock;
    this.#coreClockHz = coreClockHz;
    this.#loops = new WaitLoopFinder(core, bus, clock, advance);
  }

  /** The firmware starts again. */
  reset(): void {
    this.since = undefined;
    this.#slice = FIRST_SLICE;
    this.nextLook = this.#clock.now + FIRST_SLICE;
    this.#sleptAtLook = this.#core.sleptCycles;
  }

  /** The firmware has done something that can be seen. */
  end(): void {
    this.since = undefined;
    this.#slice = FIRST_SLICE;
  }

  /** The firmware does nothing from now on, if it has not begun to before. */
  begin(): void {
    this.since ??= { cycles: this.#clock.now, instructions: this.#core.instructions };
  }

  /**
   * Keeps {@link since} up to date, and skips time when the firmware goes round in a loop that changes nothing.
   * @param stop why the core came here. @param limit cycle at which the run ends.
   * @returns the same, or what stopped the core while it was looked at; and whether the waiting will never end.
   */
  look(stop: CoreStop, limit: number, profiler: Profiler | undefined): { stop: CoreStop; forGood: boolean } {
    const clock = this.#clock;
    const core = this.#core;
    const noticed = { cycles: clock.now, instructions: core.instructions };
    let costs: ReturnType<Profiler['snapshot']> | undefined;
    const found = this.#loops.find(limit, () => {
      costs = profiler?.snapshot();
    });
    const loop = typeof found === 'object' ? found : undefined;
    const waited = loop !== undefined || core.sleptCycles > this.#sleptAtLook;
    if (waited) {
      this.since ??= noticed;
      this.#slice = FIRST_SLICE;
    } else if (stop === 'limit') {
      this.since = undefined;
      this.#slice = Math.min(this.#slice * 2, LARGEST_SLICE);
    }
    if (stop === 'waiting') this.#bus.setWaiting(loop !== undefined);
    if (loop && this.skipWaiting) {
      const end = clock.next === Infinity ? clock.now : Math.min(clock.next, limit);
      const rounds = Math.floor((end - clock.now) / loop.cycles);
      if (rounds > 0) {
        core.skip(rounds * loop.cycles, rounds * loop.instructions);
        if (costs) profiler?.repeat(costs, rounds);
      }
    }
    // what woke it will be dealt with soon, and then it waits again
    if (loop) this.nextLook = Math.min(clock.next, clock.now + LARGEST_SLICE) + CYCLES_AFTER_WAIT;
    else if (waited || stop === 'limit') this.nextLook = clock.now + this.#slice;
    this.#sleptAtLook = core.sleptCycles;
    return {
      stop: typeof found === 'string' ? found : stop,
      forGood: (loop !== undefined && clock.next === Infinity) || (waited && this.#isQuiet()),
    };
  }

  #isQuiet(): boolean {
    if (!this.since) return false;
    const seconds = (this.#clock.now - this.since.cycles) / this.#coreClockHz;
    return seconds >= (this.#core.isInFault ? QUIET_FAULT_SECONDS : QUIET_SECONDS);
  }
}
