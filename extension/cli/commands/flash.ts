import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { FLASH_TOOL_NAMES, FLASH_TOOLS, type FlashTool } from '../../board/flashTools.ts';
import { say } from '../../common/errors/sentence.ts';
import { namedBoard } from '../../workflow/sdk.ts';
import { projectFirmware } from '../../toolchain/build.ts';
import { chooseFlashTool, flashBoard, flashCommand } from '../../toolchain/flash.ts';
import { printJson, type Session, usage } from '../session.ts';

interface FlashFlags {
  readonly board?: string;
  readonly with?: FlashTool;
  readonly probe?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addFlash(program: Command, session: Session): void {
  program
    .command('flash')
    .description('writes firmware into the flash of a connected board and starts it')
    .argument('<firmware>', 'ELF file, or the folder of a built project')
    .option('--board <id>', 'board, such as frdmke16z (default: the one that the project is for)')
    .addOption(
      new Option(
        '--with <tool>',
        'program that does it (default: the first installed of them that can)',
      ).choices(FLASH_TOOLS),
    )
    .option('--probe <serial>', 'serial number of the debug probe, when several are connected')
    .option('--dry-run', 'print the command line only; run it in an empty folder')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  glowport flash mnist-frdmke16z\n  glowport flash net.elf --board frdmke16z',
    )
    .action(async (place: string, flags: FlashFlags) => {
      const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
      const project = isFolder ? await projectFirmware(path.resolve(place)) : undefined;
      const firmware = project?.elf ?? path.resolve(place);
      const boardId = flags.board ?? project?.boardId;
      if (boardId === undefined) {
        throw usage(say`No board was given.`, say`Add --board, such as --board frdmke16z.`);
      }
      const board = await namedBoard(boardId, project?.sdkRoot, { signal: session.signal });
      const request = { board, firmware, probe: flags.probe };
      if (flags.dryRun) {
        const { tool, path: file } = chooseFlashTool(board, flags.with);
        const { args, script } = flashCommand(tool, request);
        if (flags.json) printJson(session, { tool, program: file, args, script });
        else {
          session.terminal.out(`${[file, ...args].map(quoted).join(' ')}\n`);
          if (script !== undefined) session.terminal.out(script);
        }
        return;
      }
      const tool = await flashBoard({
        ...request,
        with: flags.with,
        signal: session.signal,
        log: session.context.log,
      });
      if (flags.json) printJson(session, { tool, board: board.id, firmware });
      else session.terminal.out(`written with ${FLASH_TOOL_NAMES[tool]}\n`);
    });
}

/** For reading and copying into a POSIX shell. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replace(/'/g, `'\\''`)}'`;
}
