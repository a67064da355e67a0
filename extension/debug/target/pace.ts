import type { Machine } from '../../simulator/machine/machine.ts';

/** A host that falls behind by more does not try to catch up. */
const MOST_LAG_MS = 100;
/** The longest pause at once. */
const MOST_PAUSE_MS = 20;

/** Work may go as fast as the host can; waiting takes the time it takes on the board. */
export class Pace {
  readonly #machine: Machine;
  /** Wall-clock time at which simulated time was 0. */
  #epoch = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.begin();
  }

  /** Simulated time goes on from now. */
  begin(): void {
    this.#epoch = performance.now() - this.#simulatedMs;
  }

  /** @param waits whether the firmware waits. @returns milliseconds until the host is where simulated time is */
  pause(waits: boolean): number {
    const ahead = this.#simulatedMs - (performance.now() - this.#epoch);
    if (!waits || ahead < -MOST_LAG_MS) this.begin();
    return waits ? Math.min(Math.max(0, ahead), MOST_PAUSE_MS) : 0;
  }

  get #simulatedMs(): number {
    return this.#machine.timeUs / 1000;
  }
}
