import { spawn } from 'node:child_process';
import os from 'node:os';
import { execa } from 'execa';
import { PortError } from '../error.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Each line of output as it comes. */
  readonly log?: ((line: string) => void) | undefined;
  /** Milliseconds; default 120,000. */
  readonly timeoutMs?: number;
  /** What to do when the program is missing, as a sentence; default: install it. */
  readonly installHint?: string;
  /** Ends all that the program has started when it is stopped, not only itself: for wrappers and scripts. */
  readonly wholeTree?: boolean;
  /** A program ended by a signal is a result, with the exit code 128 + its number as a shell has it, not an error. */
  readonly crashIsResult?: boolean;
}

export interface RunResult {
  readonly exitCode: number;
  /** Standard output and error, interleaved, at most `maxOutput` characters. */
  readonly output: string;
}

const maxOutput = 4 << 20;

/**
 * Runs a program with an argument list (never a shell) and returns its exit code and output.
 * @throws PortError `toolchain` when it is missing, does not end in time, or prints without end; `cancelled` when the
 * signal fires (the process is killed).
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, log } = options;
  const timeoutMs = options.timeoutMs ?? 120_000;
  const child = execa(program, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    maxBuffer: maxOutput,
    windowsHide: true,
    forceKillAfterDelay: 2000,
    ...(options.wholeTree ? { detached: process.platform !== 'win32' } : {}),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // messages are parsed, so they must not be translated
    env: { ...options.env, LC_ALL: 'C' },
    ...(signal ? { cancelSignal: signal } : {}),
  });
  const logging = log ? forwardLines(child.iterable({ from: 'all' }), log) : undefined;
  const stopTree = options.wholeTree ? (): void => killTree(child.pid) : undefined;
  const timer = stopTree && setTimeout(stopTree, timeoutMs);
  if (stopTree) signal?.addEventListener('abort', stopTree, { once: true });
  const result = await child;
  await logging;
  clearTimeout(timer);
  if (stopTree) signal?.removeEventListener('abort', stopTree);
  const name = baseName(program);
  if (result.isCanceled) {
    throw new PortError('cancelled', 'Cancelled.', 'Nothing was left behind; run it again when you want to.');
  }
  if (result.timedOut) {
    throw new PortError(
      'toolchain',
      `${name} did not finish within ${Math.round(timeoutMs / 1000)} seconds and was stopped.`,
      'Run it again; if it hangs again, run it by hand and look why.',
      result.all,
    );
  }
  if (result.isMaxBuffer) {
    throw new PortError(
      'toolchain',
      `${name} printed more than ${maxOutput >> 20} MB and was stopped.`,
      'Look at the log.',
      result.all,
    );
  }
  if (result.exitCode === undefined) {
    if (result.signal) {
      if (options.crashIsResult) {
        return { exitCode: 128 + os.constants.signals[result.signal], output: result.all };
      }
      throw new PortError('toolchain', `${name} was ended by ${result.signal}.`, 'Run it again.', result.all);
    }
    throw new PortError(
      'toolchain',
      `${name} could not be started${result.code === 'ENOENT' ? ': it is not installed' : ` (${result.code ?? 'unknown reason'})`}.`,
      options.installHint ?? `Install ${name}; "glowport doctor" says how.`,
      result.shortMessage,
    );
  }
  return { exitCode: result.exitCode, output: result.all };
}

/** Ends a process that leads its own group, and all that it has started. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
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
