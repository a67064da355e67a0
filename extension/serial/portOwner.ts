/** Who has a port open, and how to ask for it back. */
interface Holder {
  readonly name: string;
  /** Closes the port because a borrower needs it; resolves once it is closed. */
  readonly yield: () => Promise<void>;
  /** The borrower is done: the port may be opened again. */
  readonly resume: () => Promise<void>;
}

/**
 * One owner for every serial port, so that the monitor, a run and a flash tool never fight over a device.
 * The monitor `hold`s the port it shows; a run or a flash `borrow`s it for a while and the monitor comes back after.
 */
export class PortOwner {
  readonly #holders = new Map<string, Holder>();
  readonly #queues = new Map<string, Promise<void>>();

  /** Registers the long-time user of a port (the monitor). Dispose when it lets the port go by itself. */
  hold(path: string, holder: Holder): { dispose(): void } {
    this.#holders.set(path, holder);
    return {
      dispose: () => {
        if (this.#holders.get(path) === holder) this.#holders.delete(path);
      },
    };
  }

  /** Name of the long-time user of the port, if there is one. */
  holderOf(path: string): string | undefined {
    return this.#holders.get(path)?.name;
  }

  /** Ports that have a long-time user now. */
  held(): string[] {
    return [...this.#holders.keys()];
  }

  /** Runs `work` with the port free: the holder yields first and resumes afterwards, also when `work` fails. */
  async borrow<T>(path: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(path) ?? Promise.resolve();
    let done!: () => void;
    const mine = new Promise<void>((resolve) => (done = resolve));
    const queue = before.then(() => mine);
    this.#queues.set(path, queue);
    await before;
    const holder = this.#holders.get(path);
    try {
      await holder?.yield();
      return await work();
    } finally {
      try {
        await holder?.resume();
      } finally {
        done();
        if (this.#queues.get(path) === queue) this.#queues.delete(path);
      }
    }
  }
}
