import { setImmediate, setTimeout } from 'node:timers/promises';
import { Observable } from '../common/observable.ts';
import type { Debuggee } from './target/debuggee.ts';
import type { Running, Stop } from './target/stop.ts';

/** Lets a board run beside the event loop: a slice, then whatever came in meanwhile. */
export class Runner {
  readonly #debuggee: Debuggee;
  /** Why the board stands; undefined while it runs. */
  readonly stop = new Observable<Stop | undefined>({ kind: 'step' });
  #running: Promise<Stop> | undefined;

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
  }

  /** Runs until something stops the board; one at a time. */
  async run(running: Running): Promise<Stop> {
    const own = (this.#running = drive(running));
    this.stop.set(undefined);
    try {
      const stop = await own;
      this.stop.set(stop);
      return stop;
    } finally {
      if (this.#running === own) this.#running = undefined;
    }
  }

  /** Stops what runs, and waits until it stands. */
  async halt(): Promise<void> {
    if (!this.#running) return;
    this.#debuggee.interrupt();
    await this.#running;
  }

  /** Does something beside what runs: between two slices, and where the board goes back, when it stands again. */
  async beside<T>(work: () => T | Promise<T>): Promise<T> {
    while (this.#running && this.#debuggee.isGoingBack) await this.#running;
    return work();
  }
}

async function drive(running: Running): Promise<Stop> {
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    if (value > 0) await setTimeout(value);
    else await setImmediate();
  }
}
