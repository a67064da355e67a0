import { type MiTuple, textOf } from '../mi/value.ts';
import type { Execution } from './execution.ts';
import type { Frames, Place } from './frames.ts';

/** What is told of a step that is at its end where it stopped for something else, too. */
const STEPPED: MiTuple = new Map([['reason', 'end-stepping-range']]);

/**
 * Steps that stop for what the user is not to see (a message is logged) and go on. GDB has ended the step then: the rest of
 * it is made of steps of its own, out of what was called and on to the end of the line.
 */
export class Steps {
  readonly #execution: Execution;
  readonly #frames: Frames;
  /** The step that is under way, where it may have to go on. */
  #step: { readonly command: string; readonly from: Place } | undefined;
  #isReturning = false;

  constructor(execution: Execution, frames: Frames) {
    this.#execution = execution;
    this.#frames = frames;
  }

  /** Lets the board run. @param mayLog it may stop on its way for what is not seen */
  async resume(command: string, isBack: boolean, mayLog: boolean): Promise<void> {
    this.#isReturning = false;
    const goesOn = mayLog && !isBack && (command === '-exec-next' || command === '-exec-finish');
    this.#step = goesOn ? { command, from: await this.#frames.place() } : undefined;
    await this.#execution.resume(command, ...(isBack ? ['--reverse'] : []));
  }

  /** A stop of a step's own parts. @returns what is to be told of it; undefined when the board runs on */
  async stopped(results: MiTuple): Promise<MiTuple | undefined> {
    const isReturned = this.#isReturning && textOf(results, 'reason') === 'function-finished';
    this.#isReturning = false;
    if (!isReturned || this.#step?.command !== '-exec-next') return results;
    return this.#finishLine(this.#step.from);
  }

  /** Goes on where it stopped without telling. @returns what is to be told when the step is at its end; else undefined */
  async goOn(): Promise<MiTuple | undefined> {
    if (this.#execution.runsOn) {
      await this.#execution.goOn();
      return undefined;
    }
    if (!this.#step) return STEPPED;
    const { command, from } = this.#step;
    const outer = command === '-exec-finish' ? from.depth - 1 : from.depth;
    const { depth } = await this.#frames.place();
    if (depth <= outer) return command === '-exec-next' ? this.#finishLine(from) : STEPPED;
    this.#isReturning = true;
    await this.#execution.resume('-exec-finish', '--thread', '1', '--frame', String(depth - outer - 1));
    return undefined;
  }

  async #finishLine(from: Place): Promise<MiTuple | undefined> {
    const { depth, line } = await this.#frames.place();
    if (depth !== from.depth || line !== from.line) return STEPPED;
    await this.#execution.resume('-exec-next');
    return undefined;
  }
}
