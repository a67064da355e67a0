import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { errorData, UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { productRoot } from '../common/resources.ts';
import { addBoards } from './commands/boards.ts';
import { addBuild } from './commands/build.ts';
import { addCompare } from './commands/compare.ts';
import { addCompile } from './commands/compile.ts';
import { addDebug } from './commands/debug.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplore } from './commands/explore.ts';
import { EXIT, EXIT_HELP } from './exit.ts';
import { addFlash } from './commands/flash.ts';
import { addGenerate } from './commands/generate.ts';
import { addImage } from './commands/image.ts';
import { addInspect } from './commands/inspect.ts';
import { addInto } from './commands/into.ts';
import { addOperators } from './commands/operators.ts';
import { addPort } from './commands/port.ts';
import { addProfile } from './commands/profile.ts';
import { refusedFacts } from './refused.ts';
import { advice } from './remedies.ts';
import { addValidate } from './commands/validate.ts';
import { addRun } from './commands/run.ts';
import { printJson, type Session, startSession, usage } from './session.ts';
import type { Terminal } from './terminal.ts';
import type { TaskRunner } from '../workflow/tasks/tasks.ts';
import { trimEndOf } from '../common/trimEnd.ts';

/**
 * Runs one command line and returns its exit code. Every failure is one sentence on `err`, and never throws.
 * @param tasks runs what may take long; in place when left out, and then a signal has to wait for it
 */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  tasks?: TaskRunner,
): Promise<number> {
  const debug = args.includes('--debug');
  const session = startSession(terminal, signal, debug, tasks);
  const program = buildProgram(session);
  try {
    const asked = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
    await program.parseAsync([...asked], { from: 'user' });
    return session.exitCode;
  } catch (e) {
    session.steps.end();
    if (args.includes('--json')) printRefused(e, session);
    return report(e, session, debug);
  }
}

/** The commands; also what docs/cli.md is checked against. */
export function buildProgram(session: Session): Command {
  const version = (
    JSON.parse(readFileSync(path.join(productRoot, 'package.json'), 'utf8')) as { version: string }
  ).version;
  const program = new Command('glowport')
    .description('Puts a trained neural network on a small NXP microcontroller, or on a simulated one.')
    .version(version, '-V, --version')
    .option('--debug', 'log what tools print, and show the stack of an error')
    .option('--toolchain <path>', 'arm-none-eabi-gcc, or the folder that holds it (also: GLOWPORT_TOOLCHAIN)')
    .option(
      '--glow <place>',
      "folder of Glow's tools, or a JSON array: the command that runs them (also: GLOWPORT_GLOW)",
    )
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_HELP.map(([c, m]) => `  ${String(c).padEnd(4)} ${m}`).join('\n')}`,
    );
  for (const add of [
    addPort,
    addInspect,
    addProfile,
    addCompile,
    addImage,
    addGenerate,
    addInto,
    addBuild,
    addRun,
    addDebug,
    addFlash,
    addCompare,
    addExplore,
    addValidate,
    addBoards,
    addOperators,
    addDoctor,
  ]) {
    add(program, session);
  }
  program.hook('preAction', (_, command) => refuseEmpty(command));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: session.terminal.out,
      writeErr: session.terminal.err,
      outputError: () => undefined, // reported below, in our own form
    });
  }
  return program;
}

/** `--out ""`, as an unset variable of a script gives it, is never meant; the working folder would be filled. */
function refuseEmpty(command: Command): void {
  const given = Object.entries(command.optsWithGlobals<Record<string, unknown>>());
  const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.includes(''));
  const [option] = given.find(([, value]) => isEmpty(value)) ?? [];
  if (option !== undefined) {
    const flag = option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    throw usage(say`--${flag} was given an empty value.`, say`Give it a value, or leave it out.`);
  }
  if (command.args.includes(''))
    throw usage(say`An argument is empty.`, say`See "glowport ${command.name()} --help".`);
}

/** What is wrong with a model, as data; a command that has printed more has printed this, too. */
function printRefused(e: unknown, session: Session): void {
  if (!(e instanceof UserError) || e.problems.length === 0 || session.hasPrintedJson) return;
  printJson(session, { refused: refusedFacts(errorData(e)) });
}

function report(e: unknown, session: Session, debug: boolean): number {
  const { terminal, signal } = session;
  if (e instanceof CommanderError) {
    if (e.exitCode === 0) return EXIT.ok; // --help, --version
    if (e.code === 'commander.help') return EXIT.usage; // no command: help went to err
    terminal.err(`glowport: ${sentence(e.message)} See "glowport --help".\n`);
    return EXIT.usage;
  }
  if (signal.aborted) {
    terminal.err('glowport: Cancelled. Nothing was left behind; run it again when you want to.\n');
    return EXIT.cancelled;
  }
  if (e instanceof UserError) {
    if (debug && e.detail) terminal.err(`${e.detail.trimEnd()}\n`);
    const remedies = debug ? e.remedies.filter((r) => r.do !== 'seeDetail') : e.remedies;
    terminal.err(`glowport: ${`${e.message} ${advice(remedies)}`.trimEnd()}\n`);
    if (debug && e.stack) terminal.err(`${e.stack}\n`);
    return EXIT[e.code];
  }
  const text = e instanceof Error ? e.message : String(e);
  terminal.err(
    `glowport: This is a bug in GlowPort: ${withStop(text.split('\n')[0] ?? '')} Please report it with what --debug prints.\n`,
  );
  if (debug && e instanceof Error && e.stack) terminal.err(`${e.stack}\n`);
  return EXIT.internal;
}

function withStop(text: string): string {
  return `${trimEndOf(text, '. \n')}.`;
}

/** Commander's message, such as `error: unknown option '--x'\n(Did you mean --y?)`, as a sentence. */
function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\n\(Did/, ' (did')
    .replace(/\s+/g, ' ');
  return withStop(text.charAt(0).toUpperCase() + text.slice(1));
}
