import os from 'node:os';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { cancelled, type Help, throwIfCancelled, UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { endProcessTree } from './processTree.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Each line of output as it comes. */
  readonly log?: ((line: string) => void) | undefined;
  /** Milliseconds; default 120,000. */
  readonly timeoutMs?: number;
  /** What to do when the program is missing; default: look at the tools. */
  readonly whenMissing?: Help;
  /** Ends all that the program has started when it is stopped, not only itself: for wrappers and scripts. */
  readonly wholeTree?: boolean;
  /** Stands for this system where `wholeTree` differs between systems. */
  readonly platform?: NodeJS.Platform;
  /** Windows' taskkill, where it is not the system's own. */
  readonly taskkill?: string;
  /** A program ended by a signal is a result, with the exit code 128 + its number as a shell has it, not an error. */
  readonly crashIsResult?: boolean;
}

export interface RunResult {
  readonly exitCode: number;
  /** Standard output and error, interleaved, at most 4 MB. */
  readonly output: string;
}

const MAX_OUTPUT = 4 << 20;

/**
 * Runs a program with an argument list (never a shell) and returns its exit code and output.
 * @throws UserError `toolchain` when it is missing, does not end in time, or prints without end; `cancelled` when the
 * signal fires (the process is killed).
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, log, wholeTree = false } = options;
  throwIfCancelled(signal);
  const timeoutMs = options.timeoutMs ?? 120_000;
  const platform = options.platform ?? process.platform;
  const child = execa(program, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    windowsHide: true,
    forceKillAfterDelay: 2000,
    // a whole tree is ended by its root, which must not be ended alone: then that is done below
    ...(wholeTree
      ? { detached: platform !== 'win32', maxBuffer: 4 * MAX_OUTPUT }
      : { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, ...(signal ? { cancelSignal: signal } : {}) }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // messages are parsed, so they must not be translated
    env: { ...options.env, LC_ALL: 'C' },
  });
  const logging = log ? forwardLines(child.iterable({ from: 'all' }), log) : undefined;
  const stopper = wholeTree ? treeStopper(child, timeoutMs, options) : undefined;
  const result = await child;
  const stopped = await stopper?.end();
  await logging;
  const name = baseName(program);
  if (stopped === 'cancelled' || result.isCanceled) {
    throw cancelled();
  }
  if (stopped === 'timeout' || result.timedOut) {
    throw new UserError(
      'toolchain',
      say`${name} did not finish within ${seconds(timeoutMs)} and was stopped.`,
      say`Run it again; if it hangs again, run it by hand and look why.`,
      result.all,
    );
  }
  if (stopped === 'endless' || result.isMaxBuffer) {
    throw new UserError(
      'toolchain',
      say`${name} printed more than ${MAX_OUTPUT >> 20} MB and was stopped.`,
      { do: 'seeDetail' },
      result.all,
    );
  }
  if (result.exitCode === undefined) {
    if (result.signal) {
      if (options.crashIsResult) {
        return { exitCode: 128 + os.constants.signals[result.signal], output: result.all };
      }
      throw new UserError(
        'toolchain',
        say`${name} was ended by ${result.signal}.`,
        say`Run it again.`,
        result.all,
      );
    }
    throw new UserError(
      'toolchain',
      result.code === 'ENOENT'
        ? say`${name} could not be started: it is not installed.`
        : say`${name} could not be started (${result.code ?? say`unknown reason`}).`,
      options.whenMissing ?? { do: 'checkTools' },
      result.shortMessage,
    );
  }
  return { exitCode: result.exitCode, output: result.all };
}

interface RunningTool {
  readonly pid?: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly all: Readable;
  kill(signal: 'SIGKILL'): boolean;
}
type StopReason = 'timeout' | 'cancelled' | 'endless';

/** Ends a program with all that it has started when it takes too long, prints too much, or is cancelled. */
function treeStopper(
  child: RunningTool,
  timeoutMs: number,
  { signal, platform, taskkill }: RunOptions,
): { end: () => Promise<StopReason | undefined> } {
  let reason: StopReason | undefined;
  let ending: Promise<void> | undefined;
  let printed = 0;
  const stop = (why: StopReason): void => {
    if (ending || child.pid === undefined) return;
    reason = why;
    ending = endProcessTree(child.pid, platform, taskkill).then((isDone) => {
      if (isDone) return;
      child.kill('SIGKILL');
      // what is left of the tree may hold them open for ever
      child.stdout.destroy();
      child.stderr.destroy();
    });
  };
  const cancel = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  signal?.addEventListener('abort', cancel, { once: true });
  child.all.on('data', (chunk: Buffer) => {
    printed += chunk.length;
    if (printed > MAX_OUTPUT) stop('endless');
  });
  return {
    end: async () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      await ending;
      return reason;
    },
  };
}

function seconds(ms: number): Sentence {
  const n = ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000);
  return n === 1 ? say`${n} second` : say`${n} seconds`;
}

async function forwardLines(lines: AsyncIterable<string>, log: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) log(line);
  } catch {
    // the program failed or was ended; its result says so
  }
}

function baseName(program: string): string {
  return program
    .split(/[\\/]/)
    .pop()!
    .replace(/\.exe$/i, '');
}
