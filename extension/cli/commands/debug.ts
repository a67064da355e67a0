import type { Command } from 'commander';
import { commandLine } from '../../common/commandLine.ts';
import { UserError } from '../../common/error.ts';
import { english, say, type Sentence } from '../../common/errors/sentence.ts';
import { isElf } from '../../toolchain/elf.ts';
import { toolPath, waysToInstall } from '../../toolchain/find.ts';
import { debuggedNetwork, type ProjectNetwork } from '../../workflow/debug/debuggedNetwork.ts';
import { projectOf } from '../../workflow/debug/projectOf.ts';
import { readFirmware } from '../../workflow/steps/run.ts';
import { integer } from '../options.ts';
import { advice, SHELL } from '../remedies.ts';
import { type GlobalOptions, type Session, toolPaths } from '../session.ts';

interface DebugFlags extends GlobalOptions {
  readonly board: string;
  readonly gdbPort?: number;
  readonly project?: string;
}

export function addDebug(program: Command, session: Session): void {
  program
    .command('debug')
    .description('lets GDB debug firmware on a simulated board, backwards, too')
    .argument('<firmware>', 'ELF, Intel HEX or raw binary')
    .requiredOption('--board <id>', 'board, such as frdmke16z')
    .option('--gdb-port <n>', 'TCP port that GDB connects to (default: a free one)', integer(1, 65535))
    .option('--project <dir>', 'project whose network the firmware has (default: the one that it lies in)')
    .addHelpText(
      'after',
      `
The board stands at its first instruction until GDB lets it run. What it prints goes to standard output; Ctrl-C ends.

Example:
  glowport debug mnist-frdmke16z/build/mnist.elf --board frdmke16z --gdb-port 3333`,
    )
    .action(async (file: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<DebugFlags>();
      const { terminal, signal } = session;
      const gdb = toolPath('gdb', toolPaths(flags));
      const firmware = await readFirmware(file);
      const network = await networkOf(file, flags.project, session);
      const { startGdbServer } = await import('../../debug/server.ts'); // the whole simulator
      const text = new TextDecoder();
      const server = await startGdbServer({
        boardId: flags.board,
        firmware,
        port: flags.gdbPort,
        onUart: (byte) => {
          terminal.out(text.decode(Uint8Array.of(byte), { stream: true }));
        },
        tell: (sentence) => {
          terminal.err(`${english(sentence)}\n`);
        },
        network,
      });
      const attach = `target extended-remote :${server.port}`;
      if (gdb === undefined) terminal.err(`${missingGdb(attach)}\n`);
      else {
        const words = [gdb, ...(isElf(firmware) ? [file] : []), '-ex', attach];
        terminal.err(`${commandLine(words, SHELL) ?? attach}\n`);
      }
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      await server.close();
    });
}

/** The firmware's network, or why nothing is known of it. @throws UserError when the project was named and has none */
async function networkOf(
  file: string,
  named: string | undefined,
  { context }: Session,
): Promise<ProjectNetwork | Sentence> {
  const project = named ?? (await projectOf(file));
  if (project === undefined) {
    return say`Nothing is known of the network in this firmware, which lies in no project of GlowPort's; "glowport debug --project" names one.`;
  }
  try {
    return await debuggedNetwork(project, context);
  } catch (error) {
    if (named === undefined && error instanceof UserError) return error.sentence;
    throw error;
  }
}

function missingGdb(attach: string): string {
  const { install, remedies = [] } = waysToInstall('gdb');
  const how = install === undefined ? advice(remedies) : `Get it with: ${install}`;
  return `There is no GDB for these boards on this computer. ${how}\nIt attaches with: ${attach}`;
}
