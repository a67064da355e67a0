import path from 'node:path';
import { findBoard } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import { isElf } from '../../toolchain/elf.ts';
import { type ToolPaths, toolPath } from '../../toolchain/find.ts';
import { readFirmware } from './run.ts';

/** Firmware that can be debugged on a simulated board, and the GDB for it. */
export interface Debuggable {
  /** Path of the ELF file. */
  readonly program: string;
  readonly firmware: Uint8Array;
  /** Board id. */
  readonly board: string;
  /** Path of GDB. */
  readonly gdb: string;
}

/**
 * Looks at the board and for GDB: what can be said before anything is built.
 * @throws UserError `board` when it is unknown or not simulated, `toolchain` when there is no GDB
 */
export function requireDebugger(
  boardId: string,
  tools: ToolPaths,
): { readonly board: string; readonly gdb: string } {
  const board = findBoard(boardId);
  if (!isSimulated(board)) {
    throw new UserError(
      'board',
      say`${board.name} cannot be simulated, so it is debugged on the board itself.`,
      [
        say`A generated project's launch.json has configurations for debug probes.`,
        { do: 'chooseBoard', which: 'simulated' },
      ],
    );
  }
  const gdb = toolPath('gdb', tools);
  if (gdb === undefined) {
    throw new UserError('toolchain', say`GDB, which debugs firmware, is not installed.`, {
      do: 'checkTools',
    });
  }
  return { board: boardId, gdb };
}

/**
 * Reads firmware with its debug information.
 * @throws UserError `input` when it is missing or no ELF file, and as requireDebugger does
 */
export async function debuggable(program: string, boardId: string, tools: ToolPaths): Promise<Debuggable> {
  const found = requireDebugger(boardId, tools);
  const firmware = await built(program);
  if (!isElf(firmware)) {
    throw new UserError(
      'input',
      say`${path.basename(program)} is no ELF file, so it has no debug information.`,
      say`Give the .elf file that the build made beside it.`,
    );
  }
  return { ...found, program, firmware };
}

async function built(program: string): Promise<Uint8Array> {
  try {
    return await readFirmware(program);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.sentence, { do: 'buildProject' }, error.detail);
  }
}
