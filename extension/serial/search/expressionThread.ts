import type { Worker } from 'node:worker_threads';
import type { LinePattern, PatternProblem } from '../../../webview/shared/linePattern.ts';
import { startThread } from '../../common/thread.ts';
import type { Places } from './expression.ts';

export interface SearchOrder {
  readonly pattern: LinePattern;
  readonly lines: readonly string[];
}

export type SearchAnswer =
  /** The lines are being looked at from now on. */
  | { readonly type: 'begun' }
  | { readonly type: 'found'; readonly places: readonly Places[] }
  | { readonly type: 'invalid' };

/** Time for one order of lines; an expression that comes to an end takes a thousandth of it. */
const LIMIT_MS = 2000;
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/**
 * Looks for regular expressions in a thread of its own, so that none, however it backtracks, holds up anything else: past its time the thread
 * is ended. Started when it is first needed, and anew after it was ended.
 */
export class ExpressionThread {
  readonly #limitMs: number;
  #worker: Worker | undefined;
  /** The order that is being done. */
  #busy: { readonly end: (answer: readonly Places[] | PatternProblem) => void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /**
   * Looks for a pattern in lines, one order at a time.
   * @returns where it is in each line, or why that cannot be told; never when it is dropped before
   */
  find(pattern: LinePattern, lines: readonly string[]): Promise<readonly Places[] | PatternProblem> {
    return new Promise((end) => {
      this.#busy = { end };
      const order: SearchOrder = { pattern, lines };
      (this.#worker ??= this.#start()).postMessage(order);
    });
  }

  /** Nobody wants to know any more what is being looked for. */
  drop(): void {
    if (!this.#busy) return;
    this.#busy = undefined;
    this.dispose();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread(
      { name: 'searchWorker', source: 'serial/search/worker.ts' },
      undefined,
      MEMORY,
    );
    worker.unref();
    worker.on('message', (answer: SearchAnswer) => {
      if (worker === this.#worker) this.#answered(answer);
    });
    // such as memory that an expression of the user's filled
    worker.on('error', () => {
      if (worker === this.#worker) this.#giveUp();
    });
    return worker;
  }

  #answered(answer: SearchAnswer): void {
    if (answer.type === 'begun') this.#timer = setTimeout(() => this.#giveUp(), this.#limitMs);
    else this.#end(answer.type === 'found' ? answer.places : answer.type);
  }

  #giveUp(): void {
    this.dispose();
    this.#end('tooSlow');
  }

  #end(answer: readonly Places[] | PatternProblem): void {
    clearTimeout(this.#timer);
    const busy = this.#busy;
    this.#busy = undefined;
    busy?.end(answer);
  }
}
