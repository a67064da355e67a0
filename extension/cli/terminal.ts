import { EXIT } from './exit.ts';
import type { TaskRunner } from '../workflow/tasks/tasks.ts';
import { tasksInThread } from '../workflow/tasks/thread.ts';
import type { StepContext, StepEvent } from '../workflow/steps/step.ts';

/** Where the command line writes: results to `out`, progress and errors to `err`, so that `--json` can be piped. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** `err` is a terminal that a line can be rewritten on. */
  readonly interactive: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
}

export function processTerminal(): Terminal {
  // A reader that has seen enough (`| head`) closes the pipe: that is no error of ours. A full disk is one.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code === 'EPIPE') return;
    const why = e.code === 'ENOSPC' ? 'the disk is full' : (e.code ?? e.message);
    process.stderr.write(`glowport: The result cannot be written (${why}). Send it elsewhere.\n`);
    process.exit(EXIT.input);
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns ?? 80,
  };
}

/** Threads for what may take long, so that Ctrl-C is heard meanwhile. */
export const processTasks: TaskRunner = tasksInThread();

/** Milliseconds between two drawings of a step's progress. */
const REDRAW_MS = 100;

/**
 * Shows steps: a line each when they are done; on a terminal also what is going on right now.
 *
 * @param verbose a line also when a step begins
 */
export function showSteps(
  terminal: Terminal,
  verbose: boolean,
): Required<Pick<StepContext, 'onStep'>> & { end: () => void } {
  let started = performance.now();
  let transient = false;
  let drawn = 0;
  const clear = (): void => {
    if (transient) terminal.err('\r\x1b[K');
    transient = false;
  };
  return {
    onStep: ({ step, state, message }: StepEvent) => {
      if (state === 'start') {
        started = performance.now();
        if (verbose) terminal.err(`${step.padEnd(9)} ${message} begins\n`);
      }
      if (state === 'done') {
        clear();
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        terminal.err(`${step.padEnd(9)} ${message} (${seconds} s)\n`);
      } else if (terminal.interactive && (state === 'start' || performance.now() - drawn >= REDRAW_MS)) {
        drawn = performance.now();
        terminal.err(`\r\x1b[K${`${step.padEnd(9)} ${message} …`.slice(0, terminal.columns - 1)}`);
        transient = true;
      }
    },
    end: clear,
  };
}
