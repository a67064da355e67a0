import type { Sentence } from '../../common/errors/sentence.ts';
import type { BoardStopped } from './dap/protocol.ts';
import { THREAD } from './run/frames.ts';
import type { Target } from './target.ts';
import { Scopes } from './variables/scopes.ts';

export interface InspectionEvents {
  /** Where the board stood at the last stop; undefined while it runs. */
  readonly stopped: () => BoardStopped | undefined;
  /** Anything may be another than what was shown. */
  readonly changed: () => void;
}

/** What can be asked of a board that stands. */
export class Inspection {
  readonly target: Target;
  readonly scopes: Scopes;
  readonly inWords: (sentence: Sentence) => string;
  readonly #events: InspectionEvents;
  /** What GDB has printed for the command that was typed last, while it is carried out. */
  #printed: string[] | undefined;

  constructor(target: Target, inWords: (sentence: Sentence) => string, events: InspectionEvents) {
    this.target = target;
    this.inWords = inWords;
    this.#events = events;
    this.scopes = new Scopes(target.gdb, inWords, events.stopped);
  }

  get stopped(): BoardStopped | undefined {
    return this.#events.stopped();
  }

  /** Takes what GDB prints. @returns whether it was waited for */
  take(text: string): boolean {
    this.#printed?.push(text);
    return this.#printed !== undefined;
  }

  /** Carries out a command as it is typed in GDB, in a frame. @returns what it prints. @throws GdbError when it fails */
  async command(line: string, frame: number): Promise<string> {
    const { gdb, execution } = this.target;
    const printed = (this.#printed = []);
    try {
      if (!execution.isRunning) await gdb.ask('-stack-select-frame', '--thread', THREAD, frame);
      await gdb.console(line);
    } finally {
      this.#printed = undefined;
    }
    // what the server does, GDB does not know of
    if (/^\s*mon/.test(line) && !execution.isRunning) await this.target.forgetRegisters();
    if (!execution.isRunning) this.changed();
    return printed.join('').trimEnd();
  }

  /** What was shown may be another now. */
  changed(): void {
    this.scopes.clear();
    this.#events.changed();
  }

  /** The board is going to run. */
  clear(): void {
    this.scopes.clear();
  }
}
