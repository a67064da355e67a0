import type { Sentence } from '../../common/errors/sentence.ts';
import { type BoardThread, startBoardThread } from '../thread/boardThread.ts';
import { Breakpoints } from './breakpoints/breakpoints.ts';
import type { Launch, StopAtEntry } from './launch.ts';
import { Gdb, GdbError } from './mi/gdb.ts';
import { type MiTuple, textOf, tupleOf } from './mi/value.ts';
import { Execution } from './run/execution.ts';
import { Frames } from './run/frames.ts';
import { Steps } from './run/steps.ts';

export interface TargetEvents {
  /** The board stands, and why, as GDB says it; empty where it stands at reset without having run. */
  readonly onStopped: (results: MiTuple) => void;
  /** The board runs without having been asked to by a request. */
  readonly onResumed: () => void;
  readonly onUart: (bytes: Uint8Array) => void;
  readonly onTold: (sentence: Sentence) => void;
  /** What GDB prints for its users. */
  readonly onText: (text: string) => void;
  /** GDB or the simulator has ended by itself. */
  readonly onEnd: (who: 'GDB' | 'simulator', why: string) => void;
}

const SETTINGS = ['confirm off', 'pagination off', 'width 0', 'print entry-values no', 'mi-async on'];

/** A simulated board with a GDB attached to it. */
export class Target {
  readonly board: BoardThread;
  readonly gdb: Gdb;
  readonly execution: Execution;
  readonly breakpoints: Breakpoints;
  readonly frames: Frames;
  readonly steps: Steps;
  #events: TargetEvents;
  #launch: Launch;
  /** GDB's number of the breakpoint at main, until it is hit. */
  #entry: string | undefined;

  private constructor(board: BoardThread, launch: Launch, events: TargetEvents) {
    this.board = board;
    this.#launch = launch;
    this.#events = events;
    this.gdb = new Gdb(launch.gdb, {
      onExec: (state, results) => this.execution.take(state, results),
      onText: events.onText,
      onEnd: (why) => {
        this.execution.end();
        events.onEnd('GDB', why);
      },
    });
    this.execution = new Execution(this.gdb, {
      // what it says until it is attached and told to begin is of no interest
      onStopped: (results) => this.#events.onStopped(results),
      onResumed: events.onResumed,
    });
    this.breakpoints = new Breakpoints(this.gdb, this.execution);
    this.frames = new Frames(this.gdb);
    this.steps = new Steps(this.execution, this.frames);
  }

  /**
   * Switches a board on with firmware, halted at reset, and attaches GDB.
   * @throws UserError as startBoardThread does. @throws GdbError when GDB cannot read the firmware or attach
   */
  static async start(launch: Launch, events: TargetEvents): Promise<Target> {
    const board = await startBoardThread({
      boardId: launch.board,
      firmware: launch.firmware,
      network: launch.network,
      onUart: events.onUart,
      onTold: events.onTold,
      onFailed: (why) => events.onEnd('simulator', why),
    });
    const target = new Target(board, launch, { ...events, onStopped: () => undefined });
    try {
      await target.#attach();
    } catch (error) {
      await target.close();
      throw error;
    }
    target.#events = events;
    return target;
  }

  async #attach(): Promise<void> {
    const { gdb } = this;
    for (const setting of SETTINGS) await gdb.ask('-gdb-set', ...setting.split(' '));
    await gdb.ask('-file-exec-and-symbols', this.#launch.program);
    await gdb.ask('-target-select', 'extended-remote', `127.0.0.1:${this.board.port}`);
  }

  /** Lets the board begin. @param stopAtEntry where it first stands */
  async begin(stopAtEntry: StopAtEntry): Promise<void> {
    const stops = stopAtEntry === 'main' ? !(await this.#breakAtMain()) : stopAtEntry;
    if (stops) this.#events.onStopped(new Map([['bkptno', '']]));
    else await this.execution.resume('-exec-continue');
  }

  /** Whether this is the firmware that the board has. */
  has({ firmware }: Launch): boolean {
    return Buffer.from(firmware).equals(this.#launch.firmware);
  }

  /** Puts the board to reset, and leaves it there. */
  async reset(): Promise<void> {
    await this.execution.halt();
    await this.#removeEntry();
    await this.board.monitor('reset');
    await this.forgetRegisters();
    await this.breakpoints.forgetHits();
  }

  /** GDB keeps registers: they have changed without it. */
  async forgetRegisters(): Promise<void> {
    await this.gdb.console('maintenance flush register-cache');
  }

  /** Ends GDB and the board. Idempotent. */
  async close(): Promise<void> {
    this.gdb.close();
    this.execution.end();
    await this.board.close();
  }

  /** False when there is no main. */
  async #breakAtMain(): Promise<boolean> {
    try {
      const results = await this.gdb.ask('-break-insert', '-t', '--function', 'main');
      const breakpoint = tupleOf(results, 'bkpt');
      this.#entry = breakpoint && textOf(breakpoint, 'number');
      return true;
    } catch (error) {
      if (error instanceof GdbError) return false;
      throw error;
    }
  }

  async #removeEntry(): Promise<void> {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry !== undefined) await this.gdb.ask('-break-delete', entry).catch(() => undefined); // it may have been hit
  }
}
