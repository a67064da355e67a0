import type { Gdb } from '../mi/gdb.ts';
import { type MiTuple, textOf } from '../mi/value.ts';

export interface ExecutionEvents {
  /** The board stands, and why, as GDB says it. */
  readonly onStopped: (results: MiTuple) => void;
  /** The board runs, and nobody has asked for it by {@link Execution.resume}: a command that was typed did. */
  readonly onResumed: () => void;
}

/** A command that lets the board run, with its arguments. */
type Resumption = readonly [command: string, ...args: string[]];

/** Whether the board runs or stands, and what is done one after the other about it. */
export class Execution {
  readonly #gdb: Gdb;
  readonly #events: ExecutionEvents;
  #isRunning = false;
  #isAsked = false;
  #last: Resumption = ['-exec-continue'];
  /** Whom the next stop is for, when not for the user. */
  #awaiting:
    { readonly resolve: (results: MiTuple) => void; readonly reject: (error: Error) => void } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(gdb: Gdb, events: ExecutionEvents) {
    this.#gdb = gdb;
    this.#events = events;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether what ran last was to run until something stops it, and was no step. */
  get runsOn(): boolean {
    return this.#last[0] === '-exec-continue';
  }

  /** What GDB says the target does. */
  take(state: string, results: MiTuple): void {
    if (state === 'running') {
      if (!this.#isRunning && !this.#isAsked) this.#events.onResumed();
      this.#isRunning = true;
      this.#isAsked = false;
    } else if (state === 'stopped') {
      this.#isRunning = false;
      const awaiting = this.#awaiting;
      this.#awaiting = undefined;
      if (awaiting) awaiting.resolve(results);
      else this.#events.onStopped(results);
    }
  }

  /** GDB has ended: nothing stops any more. */
  end(): void {
    this.#awaiting?.reject(new Error('The debugger has ended.'));
    this.#awaiting = undefined;
  }

  /** Lets the board run. */
  resume(...resumption: Resumption): Promise<void> {
    return this.#oneByOne(() => this.#resume(resumption));
  }

  /** Lets it go on with what it was doing when it stopped for what the user is not to see. */
  goOn(): Promise<void> {
    return this.#oneByOne(() => this.#resume(this.#last));
  }

  /** Stops what runs; that is told as any other stop. */
  pause(): Promise<void> {
    return this.#oneByOne(async () => {
      if (this.#isRunning) await this.#gdb.ask('-exec-interrupt');
    });
  }

  /** Stops what runs without telling. */
  halt(): Promise<void> {
    return this.#oneByOne(async () => {
      if (this.#isRunning) await this.#stop();
    });
  }

  /**
   * Does what GDB can do only while the board stands, for which time stands still. What ran on goes on; a step that was
   * interrupted ends there.
   */
  whileStanding<T>(work: () => Promise<T>): Promise<T> {
    return this.#oneByOne(async () => {
      if (!this.#isRunning) return work();
      const stop = await this.#stop();
      try {
        return await work();
      } finally {
        const goesOn = textOf(stop, 'signal-name') === 'SIGINT' && this.runsOn;
        if (goesOn) await this.#resume(this.#last);
        else this.#events.onStopped(stop);
      }
    });
  }

  async #resume(resumption: Resumption): Promise<void> {
    this.#last = resumption;
    this.#isAsked = true;
    try {
      await this.#gdb.ask(...resumption);
    } catch (error) {
      this.#isAsked = false;
      throw error;
    }
  }

  async #stop(): Promise<MiTuple> {
    const stopped = new Promise<MiTuple>((resolve, reject) => (this.#awaiting = { resolve, reject }));
    const [results] = await Promise.all([stopped, this.#gdb.ask('-exec-interrupt')]);
    return results;
  }

  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
