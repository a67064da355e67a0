import { UserError } from '../common/error.ts';
import type { Sentence } from '../common/errors/sentence.ts';
import { parseGlowSetting } from '../glow/find.ts';
import type { ToolPaths } from '../toolchain/find.ts';
import type { StepContext } from '../workflow/steps/step.ts';
import type { TaskRunner } from '../workflow/tasks/tasks.ts';
import { showSteps, type Terminal } from './terminal.ts';

/** What one run of the command line shares between its commands. */
export interface Session {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly steps: ReturnType<typeof showSteps>;
  /** For the workflow's functions. */
  readonly context: StepContext;
  /** Set by a command whose result is not plain success. */
  exitCode: number;
  /** Whether a result was printed for `--json`. */
  hasPrintedJson: boolean;
}

export function startSession(
  terminal: Terminal,
  signal: AbortSignal,
  debug: boolean,
  tasks?: TaskRunner,
): Session {
  const steps = showSteps(terminal, debug);
  const log = debug ? (line: string): void => terminal.err(`| ${line}\n`) : undefined;
  const context = { signal, tasks, onStep: steps.onStep, log };
  return { terminal, signal, steps, context, exitCode: 0, hasPrintedJson: false };
}

/** Options that stand before or behind any command. */
export interface GlobalOptions {
  readonly toolchain?: string;
  readonly glow?: string;
  readonly debug?: boolean;
}

export function toolPaths(options: GlobalOptions): ToolPaths {
  const gcc = options.toolchain ?? process.env['GLOWPORT_TOOLCHAIN'];
  const glow = parseGlowSetting(options.glow ?? process.env['GLOWPORT_GLOW'] ?? '', process.cwd());
  return { ...(gcc ? { gcc } : {}), ...(glow === undefined ? {} : { glow }) };
}

export function printJson(session: Session, value: unknown): void {
  session.hasPrintedJson = true;
  session.terminal.out(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** An argument that is not what the option takes. */
export function usage(sentence: Sentence, help: Sentence): UserError {
  return new UserError('usage', sentence, help);
}
