import type { Machine, MachineStop } from '../../simulator/machine/machine.ts';
import { type Change, make, sizeOf } from './changes.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';

/** Cycles between two snapshots: what is run again to reach a point between them, some milliseconds. */
const INTERVAL = 1_000_000;
/** A longer way back leaves a snapshot this many instructions before its end: who steps back once does so again. */
const NEAR = 2000;
/** What all remembered changes together may take; beyond it history begins anew. */
const MOST_CHANGE_BYTES = 16 * 1024 * 1024;

/**
 * A machine that can go back. It is deterministic: its past is a snapshot, and what came from outside since, each at its
 * cycle; running on from there gives the same instructions, bytes and times. What came from outside comes again when the
 * past is run through another time, until something else is done there: then the rest of it is forgotten.
 *
 * A point of the past is named by how many instructions were executed before it. The machine then stands before the next
 * instruction, awake, with nothing pending that would come first.
 */
export class History {
  readonly machine: Machine;
  readonly #onUart: (byte: number) => void;
  readonly #snapshots: Snapshots;
  readonly #interval: number;
  readonly #changes: { readonly cycles: number; readonly change: Change }[] = [];
  #changeBytes = 0;
  /** The cycle of the last snapshot on the way to where the machine is; it may be gone since. */
  #keptAt = 0;
  /** How many of the changes have been made on the way to where the machine is. */
  #made = 0;
  /** Bytes the firmware has sent on the way to where the machine is, and how many were passed on at any time. */
  #sent = 0;
  #passedOn = 0;

  /**
   * @param onUart gets each byte that the firmware sends once, however often its past is run through
   * @param interval cycles between two snapshots. @param mostBytes what snapshots may take
   */
  constructor(machine: Machine, onUart: (byte: number) => void, interval = INTERVAL, mostBytes?: number) {
    this.machine = machine;
    this.#onUart = onUart;
    this.#interval = interval;
    this.#snapshots = new Snapshots(mostBytes);
    machine.onUart = (byte) => {
      if (++this.#sent <= this.#passedOn) return;
      this.#passedOn = this.#sent;
      this.#onUart(byte);
    };
    this.begin();
  }

  /** Snapshots that are kept, their bytes, and the cycle that can be gone back to. */
  get figures(): { readonly snapshots: number; readonly bytes: number; readonly begin: number } {
    return {
      snapshots: this.#snapshots.count,
      bytes: this.#snapshots.bytes,
      begin: this.#snapshots.first.cycles,
    };
  }

  /** Where history begins, in instructions. */
  get begins(): number {
    return this.#snapshots.first.instructions;
  }

  /** Forgets everything before now. */
  begin(): void {
    this.#snapshots.clear();
    this.#changes.length = this.#made = this.#changeBytes = 0;
    this.#passedOn = this.#sent;
    this.machine.debugPort.settle();
    this.keep();
  }

  /** Does something to the machine and remembers it; what came later in an earlier run is forgotten. @throws as make */
  change(change: Change): void {
    const { machine } = this;
    machine.debugPort.settle();
    const before = change.kind === 'memory' ? machine.save() : undefined;
    try {
      make(change, machine);
    } catch (error) {
      if (before) machine.restore(before); // a part may have been written
      throw error;
    }
    while (this.#changes.length > this.#made) this.#changeBytes -= sizeOf(this.#changes.pop()!.change);
    this.#changes.push({ cycles: machine.cycles, change });
    this.#changeBytes += sizeOf(change);
    this.#made++;
    this.#snapshots.forgetAfter(machine.cycles);
    this.#passedOn = this.#sent;
    if (this.#changeBytes > MOST_CHANGE_BYTES) this.begin();
  }

  /** Takes a snapshot of where the machine is. */
  keep(): void {
    const { machine } = this;
    const { cycles, instructions } = machine;
    this.#keptAt = cycles;
    this.#snapshots.add({
      cycles,
      instructions,
      changes: this.#made,
      sent: this.#sent,
      state: machine.save(),
    });
  }

  /**
   * Runs the machine on, with what came from outside when it was here before.
   * @param limit cycle at which to come back; it may come back earlier
   * @param untilIdle comes back also when the firmware waits for what does not come
   */
  run(limit: number, untilIdle = true): MachineStop {
    const { machine } = this;
    const due = this.#nextChange;
    const keepAt = this.#keptAt + this.#interval;
    const end = Math.min(limit, due, Math.max(keepAt, machine.cycles + 1));
    const stop = machine.run(end - machine.cycles, untilIdle && due === Infinity);
    machine.debugPort.settle();
    this.#makeDue();
    if (machine.cycles >= keepAt) this.keep();
    return stop;
  }

  /** Puts the machine to the latest snapshot that is earlier than a cycle; false when there is none. */
  restoreEarlier(cycles: number): boolean {
    const snapshot = this.#snapshots.last((s) => s.cycles < cycles);
    if (snapshot) this.#restore(snapshot);
    return snapshot !== undefined;
  }

  /**
   * Puts the machine to a point of its past, given in instructions: from where it is when that is earlier and nearer than
   * a snapshot.
   */
  goTo(instructions: number): void {
    const { machine } = this;
    const { debugPort } = machine;
    debugPort.arm(false);
    machine.stopsAtFaults = false;
    const nearest = this.#snapshots.last((s) => s.instructions <= instructions) ?? this.#snapshots.first;
    if (machine.instructions > instructions || machine.cycles < nearest.cycles) this.#restore(nearest);
    if (instructions - machine.instructions > 10 * NEAR) {
      this.#advance(instructions - NEAR);
      this.keep();
    }
    this.#advance(instructions);
  }

  #advance(instructions: number): void {
    const { machine } = this;
    const { debugPort } = machine;
    while (machine.instructions < instructions || debugPort.isAsleep) {
      const before = machine.cycles;
      // each instruction takes a cycle or more, so this many cycles never go too far
      const steps = Math.max(1, instructions - machine.instructions);
      const asleepUntil = debugPort.isAsleep ? Math.min(debugPort.nextAlarm, this.#nextChange) : 0;
      this.run(Math.max(before + steps, asleepUntil), false);
      debugPort.takeWatched();
      if (machine.cycles === before) return; // nothing goes on from here
    }
  }

  get #nextChange(): number {
    return this.#changes[this.#made]?.cycles ?? Infinity;
  }

  #restore({ cycles, state, changes, sent }: Snapshot): void {
    this.machine.restore(state);
    this.#keptAt = cycles;
    this.#made = changes;
    this.#sent = sent;
    this.#makeDue();
  }

  /** Makes the changes that were made at this cycle, so that a point of the past is seen as it was left. */
  #makeDue(): void {
    const { machine } = this;
    while (this.#nextChange <= machine.cycles) {
      machine.debugPort.settle();
      make(this.#changes[this.#made++]!.change, machine);
    }
  }
}
