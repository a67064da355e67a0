import type { MachineState } from '../../simulator/machine/machine.ts';

/** A machine at a point of its history. */
export interface Snapshot {
  readonly cycles: number;
  /** Instructions executed before. */
  readonly instructions: number;
  /** Changes from outside that have been made before; see history.ts. */
  readonly changes: number;
  /** Bytes the firmware has sent before. */
  readonly sent: number;
  readonly state: MachineState;
}

/** What all snapshots together may take. */
const MOST_BYTES = 64 * 1024 * 1024;
/** The most snapshots, however small they are. */
const MOST_SNAPSHOTS = 512;

/**
 * Snapshots in the order of time, bounded in memory: when there are too many, the one goes that is missed least. They lie
 * the closer the later, and the first one always stays, so that every point of the past can be reached.
 */
export class Snapshots {
  readonly #all: Snapshot[] = [];
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get count(): number {
    return this.#all.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get first(): Snapshot {
    return this.#all[0]!;
  }

  clear(): void {
    this.#all.length = this.#bytes = 0;
  }

  /** The last one that `isBefore` holds for; it has to hold for all before that one. Undefined when there is none. */
  last(isBefore: (snapshot: Snapshot) => boolean): Snapshot | undefined {
    return this.#all.findLast(isBefore);
  }

  /** Adds one in its place; where there is one of the same cycle already, the new one replaces it. */
  add(snapshot: Snapshot): void {
    const at = this.#all.findLastIndex((s) => s.cycles <= snapshot.cycles);
    const replaces = at > 0 && this.#all[at]!.cycles === snapshot.cycles;
    if (replaces) this.#remove(at);
    this.#all.splice(replaces ? at : at + 1, 0, snapshot);
    this.#bytes += sizeOf(snapshot.state);
    while (this.#all.length > MOST_SNAPSHOTS || (this.#bytes > this.#mostBytes && this.#all.length > 2)) {
      this.#remove(this.#leastMissed());
    }
  }

  /** Forgets what lies later than a cycle. */
  forgetAfter(cycles: number): void {
    while (this.#all.length > 0 && this.#all.at(-1)!.cycles > cycles) this.#remove(this.#all.length - 1);
  }

  /** Of all but the first and the last: the one whose neighbours lie closest together, compared with how long ago it was. */
  #leastMissed(): number {
    const end = this.#all.at(-1)!.cycles;
    let best = 1;
    let smallest = Infinity;
    for (let i = 1; i < this.#all.length - 1; i++) {
      const gap = this.#all[i + 1]!.cycles - this.#all[i - 1]!.cycles;
      const age = end - this.#all[i]!.cycles;
      if (gap / age < smallest) {
        smallest = gap / age;
        best = i;
      }
    }
    return best;
  }

  #remove(index: number): void {
    const [removed] = this.#all.splice(index, 1);
    this.#bytes -= sizeOf(removed!.state);
  }
}

/** About how many bytes a state takes. What firmware cannot write is shared by all. */
function sizeOf({ memory, peripherals }: MachineState): number {
  const pages = [...peripherals.pages.values()];
  return [...memory.ram, ...pages].reduce((sum, bytes) => sum + bytes.length, 1024);
}
