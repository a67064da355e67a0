import type { Watchpoint } from '../../simulator/machine/bus.ts';
import type { DebugRegister } from '../../simulator/machine/debugPort.ts';
import type { Machine, MachineStop } from '../../simulator/machine/machine.ts';
import type { Fault } from '../../simulator/run/simulation.ts';
import type { Change } from './changes.ts';
import { History } from './history.ts';
import type { Observer } from './observer.ts';
import { Pace } from './pace.ts';
import type { Standing } from './standing.ts';
import type { Running, Stop } from './stop.ts';

/** Cycles run at once, between two looks at whether somebody wants it to stop: a few milliseconds. */
const SLICE = 200_000;
/** The same for what is done instruction by instruction. */
const STEPS_A_SLICE = 2000;
/** While nothing but input could make the firmware go on. */
const REST_MS = 50;

/** What a resumption passes that it would else stop for, because it was stopped for it. */
type Passing = Stop['kind'];

/**
 * A simulated board under a debugger: runs forward and back until something stops it.
 *
 * It always stops before an instruction: at a breakpoint before the one that is there, for a watchpoint or a fault before
 * the one that would make the access or fault. A step executes one instruction, and with it the handlers of interrupts that
 * come in between, as far as no breakpoint is met in them; a step back undoes the same.
 */
export class Debuggee {
  readonly machine: Machine;
  readonly history: History;
  /** The last fault it was stopped for. */
  fault: Fault | undefined;
  #breakpoints: ReadonlySet<number> = new Set();
  #observer: Observer | undefined;
  #interrupted = false;
  #isGoingBack = false;
  /** Address of the BKPT that was the last fault. */
  #bkptAt: number | undefined;
  #resumedAt: number;
  readonly #pace: Pace;
  /** What it was last stopped for, and where. */
  #stopped: { readonly kind: Passing; readonly cycles: number } | undefined;

  /**
   * @param machine with firmware in it, just reset. @param onUart gets what the firmware sends
   * @param history for tests: see {@link History}
   */
  constructor(
    machine: Machine,
    onUart: (byte: number) => void,
    history?: { interval: number; mostBytes: number },
  ) {
    this.machine = machine;
    this.history = new History(machine, onUart, history?.interval, history?.mostBytes);
    this.#pace = new Pace(machine);
    this.#resumedAt = machine.cycles;
  }

  /** Cycles from where it was last resumed to where it stands; negative after it went back. */
  get cyclesSinceResumed(): number {
    return this.machine.cycles - this.#resumedAt;
  }

  /** While it goes back it is nowhere: nothing can be read from it or done to it. */
  get isGoingBack(): boolean {
    return this.#isGoingBack;
  }

  get standing(): Standing {
    const { machine } = this;
    return {
      cycles: machine.cycles,
      timeUs: machine.timeUs,
      stoppedFor: this.#stopped?.kind,
      fault: (this.fault ?? machine.fault)?.sentence,
    };
  }

  set breakpoints(addresses: ReadonlySet<number>) {
    this.#breakpoints = addresses;
    this.#place();
  }

  /** Lets somebody look wherever the board comes by some places, from now on. */
  set observer(observer: Observer) {
    this.#observer = observer;
    this.#place();
  }

  set watchpoints(watchpoints: readonly Watchpoint[]) {
    this.machine.debugPort.watchpoints = watchpoints;
  }

  /** What runs, or is resumed next, stops soon. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** Does something to the board as it stands. @throws UserError `input` for memory where nothing can be written */
  change(change: Change): void {
    this.history.change(change);
    this.#observer?.changed(change.kind);
    if (change.kind !== 'uart') this.#stopped = undefined;
    if (change.kind === 'reset') this.fault = undefined;
  }

  readRegister(register: DebugRegister): number {
    return this.machine.debugPort.readRegister(register);
  }

  /** Puts bytes into memory that firmware cannot write. The past, with other contents, cannot be gone back to. */
  program(address: number, bytes: Uint8Array): void {
    this.machine.writeMemory(address, bytes);
    this.history.begin();
    this.#observer?.begun();
  }

  /** Runs until something stops it. */
  *continue(): Running {
    const passing = this.#skipBkpt() ? undefined : this.#resume();
    // it stands where it was stopped: that instruction is executed without looking
    let stop = passing && this.#executeOne(passing);
    while (!stop) {
      if (this.#interrupted) return this.#stop({ kind: 'interrupt' });
      this.machine.stopsAtFaults = true;
      this.machine.debugPort.arm(true);
      const stopped = this.history.run(this.machine.cycles + SLICE);
      stop = this.#stopFor(stopped);
      if (stop?.kind === 'breakpoint') stop = (yield* this.#pass()) ?? this.#ownBreakpoint(stop);
      else if (!stop) yield this.#pauseAfter(stopped);
    }
    return this.#stop(stop);
  }

  /** Executes an instruction, or instructions as long as they lie in a range. @param end one past the range */
  *step(begin = 0, end = 0): Running {
    if (this.#skipBkpt()) return this.#stop({ kind: 'step' });
    const passing = this.#resume();
    const { debugPort } = this.machine;
    let stop = yield* this.#stepOnce(passing);
    for (let steps = 1; !stop && debugPort.pc >= begin && debugPort.pc < end; steps++) {
      if (this.#breakpoints.has(debugPort.pc)) break;
      if (this.#interrupted) return this.#stop({ kind: 'interrupt' });
      if (steps % STEPS_A_SLICE === 0) yield 0;
      stop = yield* this.#stepOnce(undefined);
    }
    return this.#stop(stop ?? { kind: this.#breakpoints.has(debugPort.pc) ? 'breakpoint' : 'step' });
  }

  /** Undoes an instruction, with the handlers that ran behind it. */
  *reverseStep(): Running {
    this.#resume();
    this.#isGoingBack = true;
    const { history, machine } = this;
    const { debugPort } = machine;
    const here = machine.instructions;
    const { nesting } = debugPort;
    if (here <= history.begins) return this.#toBegin();
    history.goTo(here - 1);
    if (debugPort.nesting <= nesting) return this.#stop({ kind: 'step' });
    // a handler has run since the instruction that is wanted: it is looked for from ever earlier on
    for (let span = STEPS_A_SLICE; ; span *= 8) {
      const from = Math.max(history.begins, here - span);
      let found: number | undefined;
      for (let at = from; at < here; at++) {
        history.goTo(at);
        if (debugPort.nesting <= nesting) found = at;
        if ((at - from) % STEPS_A_SLICE === 0) yield 0;
        if (this.#interrupted) break;
      }
      if (this.#interrupted) {
        history.goTo(here);
        return this.#stop({ kind: 'interrupt' });
      }
      if (found !== undefined) {
        history.goTo(found);
        return this.#stop({ kind: 'step' });
      }
      if (from === history.begins) return this.#toBegin();
    }
  }

  /**
   * Runs back to the last breakpoint or watched access before now. For a watched access it stands behind the instruction:
   * the next one to be undone is the one that made it.
   */
  *reverseContinue(): Running {
    const passing = this.#resume();
    this.#isGoingBack = true;
    const { history, machine } = this;
    const here = machine.instructions;
    let end = machine.cycles;
    const behind = passing === 'watchpoint' ? end : Infinity;
    while (history.restoreEarlier(end)) {
      const begin = machine.cycles;
      let last: { readonly stop: Stop; readonly instructions: number } | undefined;
      const look = (stopped: MachineStop): void => {
        const watched = machine.debugPort.takeWatched();
        const { instructions, cycles } = machine;
        if (watched && cycles < behind) last = { stop: { kind: 'watchpoint', ...watched }, instructions };
        if (stopped === 'breakpoint' && cycles < end && this.#breakpoints.has(machine.debugPort.pc))
          last = { stop: { kind: 'breakpoint' }, instructions };
      };
      machine.stopsAtFaults = false;
      for (let hits = 0; machine.cycles < end; hits++) {
        if (this.#interrupted) {
          history.goTo(here);
          return this.#stop({ kind: 'interrupt' });
        }
        machine.debugPort.arm(true);
        const stopped = history.run(Math.min(end, machine.cycles + SLICE), false);
        look(stopped);
        if (stopped === 'breakpoint') {
          machine.debugPort.arm(false);
          look(history.run(machine.cycles + 1, false));
        }
        if (stopped !== 'breakpoint' || hits % STEPS_A_SLICE === 0) yield 0;
      }
      if (last) {
        history.goTo(last.instructions);
        return this.#stop(last.stop);
      }
      end = begin;
    }
    return this.#toBegin();
  }

  /** @returns what it was stopped for where it stands */
  #resume(): Passing | undefined {
    const { cycles } = this.machine;
    this.#resumedAt = cycles;
    this.#pace.begin();
    return this.#stopped?.cycles === cycles ? this.#stopped.kind : undefined;
  }

  /** A BKPT that it stands at is passed as debuggers do it: by going on behind it. True when there was one. */
  #skipBkpt(): boolean {
    const passing = this.#resume();
    if (passing !== 'fault' || this.#bkptAt !== this.machine.debugPort.pc) return false;
    this.change({ kind: 'register', register: 15, value: this.#bkptAt + 2 });
    return true;
  }

  #stop(stop: Stop): Stop {
    this.#interrupted = this.#isGoingBack = false;
    this.#stopped = { kind: stop.kind, cycles: this.machine.cycles };
    if (stop.kind === 'fault') {
      this.fault = stop.fault;
      this.#bkptAt = stop.cause.kind === 'breakpoint' ? this.machine.debugPort.pc : undefined;
    }
    return stop;
  }

  #toBegin(): Stop {
    this.history.goTo(this.history.begins);
    return this.#stop({ kind: 'begin' });
  }

  /** One step; undefined when it has been made and nothing else stopped it. */
  *#stepOnce(passing: Passing | undefined): Generator<number, Stop | undefined> {
    const { debugPort } = this.machine;
    const woken = yield* this.#sleep();
    if (woken) return woken;
    const { nesting } = debugPort;
    let stop = this.#executeOne(passing) ?? (yield* this.#pass());
    for (let steps = 1; !stop; steps++) {
      stop = yield* this.#sleep();
      if (stop || debugPort.nesting <= nesting || debugPort.isInFault) return stop;
      if (this.#breakpoints.has(debugPort.pc)) return { kind: 'breakpoint' };
      if (this.#interrupted) return { kind: 'interrupt' };
      if (steps % STEPS_A_SLICE === 0) yield 0;
      stop = this.#executeOne(undefined) ?? (yield* this.#pass());
    }
    return stop;
  }

  /** Lets the observer look where the board has come to. */
  *#pass(): Generator<number, Stop | undefined> {
    if (!this.#observer?.places.has(this.machine.debugPort.pc)) return undefined;
    const passing = this.#observer.pass();
    for (;;) {
      const { done, value } = passing.next();
      if (done) return value;
      if (this.#interrupted) return { kind: 'interrupt' };
      yield value;
    }
  }

  /** The stop where somebody wants one; at a place of the observer alone the instruction is executed. */
  #ownBreakpoint(stop: Stop): Stop | undefined {
    return this.#breakpoints.has(this.machine.debugPort.pc) ? stop : this.#executeOne(undefined);
  }

  #place(): void {
    this.machine.debugPort.breakpoints = new Set([...this.#breakpoints, ...(this.#observer?.places ?? [])]);
  }

  /** Waits until the core is awake. */
  *#sleep(): Generator<number, Stop | undefined> {
    const { debugPort } = this.machine;
    while (debugPort.isAsleep) {
      if (this.#interrupted) return { kind: 'interrupt' };
      debugPort.arm(false);
      const limit = Math.min(this.machine.cycles + SLICE, debugPort.nextAlarm);
      const stop = this.#stopFor(this.history.run(Math.max(limit, this.machine.cycles + 1)));
      if (stop) return stop;
      if (debugPort.isAsleep) yield this.#pauseAfter('idle');
    }
    return undefined;
  }

  /** Executes the next instruction, whatever breakpoint is at it. */
  #executeOne(passing: Passing | undefined): Stop | undefined {
    const { machine } = this;
    machine.debugPort.arm(false);
    machine.stopsAtFaults = passing !== 'fault';
    const stopped = this.history.run(machine.cycles + 1);
    if (passing === 'watchpoint') machine.debugPort.takeWatched();
    if (passing === 'fault' && machine.isLockedUp) return this.#faultStop();
    return this.#stopFor(stopped);
  }

  #stopFor(stopped: MachineStop): Stop | undefined {
    const { machine } = this;
    const watched = machine.debugPort.takeWatched();
    if (stopped === 'faulted' || machine.isLockedUp) {
      const stop = this.#faultStop();
      this.#undoOne();
      return stop;
    }
    if (watched) {
      this.#undoOne();
      return { kind: 'watchpoint', ...watched };
    }
    if (stopped === 'breakpoint') return { kind: 'breakpoint' };
    if (stopped === 'idle' && machine.hasExited) return { kind: 'exited' };
    return undefined;
  }

  #faultStop(): Stop | undefined {
    const { fault, debugPort } = this.machine;
    const cause = debugPort.faultCause;
    return fault && cause && { kind: 'fault', fault, cause: cause.reason };
  }

  #undoOne(): void {
    this.history.goTo(Math.max(this.history.begins, this.machine.instructions - 1));
  }

  /** Milliseconds to wait after a slice. */
  #pauseAfter(stopped: MachineStop): number {
    const { machine } = this;
    const waits = stopped === 'idle' || stopped === 'fault';
    if (waits && machine.debugPort.nextAlarm === Infinity) return REST_MS;
    return this.#pace.pause(waits || machine.idleSince !== undefined);
  }
}
