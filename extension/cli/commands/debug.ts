import path from 'node:path';
import type { Command } from 'commander';
import { english } from '../../common/errors/sentence.ts';
import { isElf } from '../../toolchain/elf.ts';
import { toolPath } from '../../toolchain/find.ts';
import { readFirmware } from '../../workflow/steps/run.ts';
import { integer } from '../options.ts';
import type { Session } from '../session.ts';

interface DebugFlags {
  readonly board: string;
  readonly gdbPort?: number;
}

export function addDebug(program: Command, session: Session): void {
  program
    .command('debug')
    .description('lets GDB debug firmware on a simulated board, backwards, too')
    .argument('<firmware>', 'ELF, Intel HEX or raw binary')
    .requiredOption('--board <id>', 'board, such as frdmke16z')
    .option('--gdb-port <n>', 'TCP port that GDB connects to (default: a free one)', integer(1, 65535))
    .addHelpText(
      'after',
      `
The board stands at its first instruction until GDB lets it run. What it prints goes to standard output; Ctrl-C ends.

Example:
  glowport debug mnist-frdmke16z/build/mnist.elf --board frdmke16z --gdb-port 3333`,
    )
    .action(async (file: string, flags: DebugFlags) => {
      const { terminal, signal } = session;
      const firmware = await readFirmware(file);
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
      });
      const gdb = path.basename(toolPath('gdb') ?? 'gdb-multiarch');
      const symbols = isElf(firmware) ? `${quoted(file)} ` : '';
      terminal.err(`${gdb} ${symbols}-ex "target extended-remote :${server.port}"\n`);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      await server.close();
    });
}

/** A path as both POSIX shells and Windows' take it. */
function quoted(file: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(file) ? file : `"${file}"`;
}
