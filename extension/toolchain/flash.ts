import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BoardData } from '../board/catalogue.ts';
import { FLASH_TOOL_NAMES, FLASH_TOOLS, type FlashTool, flashToolsOf } from '../board/flashTools.ts';
import { UserError } from '../common/error.ts';
import { anyOf, say, type Sentence } from '../common/errors/sentence.ts';
import { here, type Surroundings } from './find.ts';
import { runTool } from './run.ts';
import { withScratchFolder } from './scratch.ts';

/** One run of a flash tool. */
export interface FlashCommand {
  readonly args: readonly string[];
  /** J-Link takes its commands from a file; its place goes behind the arguments. */
  readonly script?: string;
}

export interface FlashRequest {
  readonly board: BoardData;
  /** ELF file; its full path for `flashCommand`, for the tool runs in a folder of its own. */
  readonly firmware: string;
  /** Serial number of the debug probe, when several are connected. */
  readonly probe?: string | undefined;
}

/**
 * The command line that writes a firmware and starts it. Pure.
 * @throws UserError `board` when the tool cannot write this board's flash, `input` for a path that the tool's own language
 * cannot say
 */
export function flashCommand(tool: FlashTool, { board, firmware, probe }: FlashRequest): FlashCommand {
  const target = board.flashTools[tool];
  if (target === undefined) {
    throw new UserError('board', cannotWrite(tool, board), say`Use ${anyOf(able(board))}.`);
  }
  if (probe !== undefined && !/^[\w:.-]{1,64}$/.test(probe)) {
    throw new UserError(
      'usage',
      say`The probe is named by its serial number.`,
      say`Leave it out to use the only one.`,
    );
  }
  switch (tool) {
    case 'linkserver':
      return { args: ['flash', ...(probe ? ['--probe', probe] : []), target, 'load', firmware] };
    case 'pyocd':
      return {
        args: ['flash', '--no-wait', '--target', target, ...(probe ? ['--uid', probe] : []), firmware],
      };
    case 'openocd':
      return {
        args: [
          ...['-f', 'interface/cmsis-dap.cfg', '-c', 'transport select swd'],
          ...(probe ? ['-c', `adapter serial ${probe}`] : []),
          ...['-f', target, '-c', `program {${plainPath(firmware, /[{}\n]/)}} verify reset exit`],
        ],
      };
    case 'jlink':
      return {
        args: [
          ...['-nogui', '1', '-if', 'swd', '-speed', '4000', '-device', target, '-autoconnect', '1'],
          ...(probe ? ['-USB', probe] : []),
          '-CommandFile',
        ],
        script: [
          'ExitOnError 1',
          'r',
          `loadfile "${plainPath(firmware, /["\n]/)}"`,
          'r',
          'g',
          'exit',
          '',
        ].join('\n'),
      };
  }
}

/** Tools quote paths each in its own way; what one cannot quote is refused. */
function plainPath(file: string, impossible: RegExp): string {
  const slashed = process.platform === 'win32' ? file.replace(/\\/g, '/') : file;
  if (!impossible.test(slashed)) return slashed;
  throw new UserError(
    'input',
    say`The path ${file} has a character that the flash tool cannot read.`,
    say`Rename the folder.`,
  );
}

/** Full path of an installed flash tool: in PATH, else where its installer puts it, newest version first. */
export function findFlashTool(tool: FlashTool, around: Surroundings = here): string | undefined {
  const { platform, env, home } = around;
  const isWindows = platform === 'win32';
  const p = isWindows ? path.win32 : path.posix;
  const name = {
    linkserver: 'LinkServer',
    pyocd: 'pyocd',
    openocd: 'openocd',
    jlink: isWindows ? 'JLink' : 'JLinkExe',
  }[tool];
  const file = isWindows ? `${name}.exe` : name;
  const versions = (base: string, entry: RegExp, ...tail: string[]): string[] =>
    around
      .list(base)
      .filter((n) => entry.test(n))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((n) => p.join(base, n, ...tail));
  const programs = [env.ProgramFiles, env['ProgramFiles(x86)']].filter((d) => d !== undefined);
  const installed: Record<FlashTool, string[]> = {
    linkserver: [
      ...(isWindows ? versions('C:\\nxp', /^LinkServer/i) : []),
      ...(platform === 'darwin' ? versions('/Applications', /^LinkServer/) : []),
      ...(isWindows ? [] : versions('/usr/local', /^LinkServer/)),
    ],
    pyocd: [p.join(home, '.local', 'bin')],
    openocd: [
      ...versions(p.join(home, '.mcuxpressotools'), /^(xpack-)?openocd/i, 'bin'),
      ...(platform === 'darwin' ? ['/opt/homebrew/bin'] : []),
    ],
    jlink: [
      ...programs.flatMap((d) => versions(p.join(d, 'SEGGER'), /^JLink/)),
      ...(platform === 'darwin' ? versions('/Applications/SEGGER', /^JLink/) : []),
      ...(isWindows ? [] : versions('/opt/SEGGER', /^JLink/)),
    ],
  };
  const inPath = (env.PATH ?? env.Path ?? '').split(p.delimiter).filter((d) => p.isAbsolute(d));
  return [...inPath, ...installed[tool]].map((d) => p.join(d, file)).find((f) => around.isFile(f));
}

/** The installed tools that can write a board's flash, the best one first. */
export function installedFlashTools(
  board: BoardData,
  around: Surroundings = here,
): { readonly tool: FlashTool; readonly path: string }[] {
  return flashToolsOf(board).flatMap((tool) => {
    const found = findFlashTool(tool, around);
    return found === undefined ? [] : [{ tool, path: found }];
  });
}

/**
 * The tool to flash a board with: the wanted one, else the first installed that can.
 * @throws UserError `toolchain` when it is, or all are, missing
 */
export function chooseFlashTool(
  board: BoardData,
  wanted?: FlashTool,
  around: Surroundings = here,
): { tool: FlashTool; path: string } {
  const at = wanted && findFlashTool(wanted, around);
  const found = wanted ? at && { tool: wanted, path: at } : installedFlashTools(board, around)[0];
  if (found) return found;
  throw new UserError(
    'toolchain',
    wanted
      ? say`${FLASH_TOOL_NAMES[wanted]} is not installed.`
      : say`No program that writes the flash of ${board.name} is installed.`,
    [
      { do: 'installFlashTool', able: able(board), wanted: wanted !== undefined },
      ...(wanted ? [] : installedInVain(board, around)),
    ],
  );
}

/** Names of the tools that can write a board's flash. */
function able(board: BoardData): string[] {
  return flashToolsOf(board).map((t) => FLASH_TOOL_NAMES[t]);
}

/** Why tools that are installed are not offered. */
function installedInVain(board: BoardData, around: Surroundings): Sentence[] {
  return FLASH_TOOLS.filter((t) => board.flashTools[t] === undefined && findFlashTool(t, around)).map((t) =>
    cannotWrite(t, board),
  );
}

function cannotWrite(tool: FlashTool, board: BoardData): Sentence {
  const why = board.notFlashedBy?.[tool];
  const name = FLASH_TOOL_NAMES[tool];
  return why === undefined
    ? say`${name} cannot write the flash of ${board.name}.`
    : say`${name} cannot write the flash of ${board.name}: ${why}.`;
}

export interface FlashOptions extends FlashRequest {
  readonly with?: FlashTool | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Writes firmware into a board's flash and starts it. The tool runs in an empty folder, never in the user's.
 * @returns the tool that did it
 * @throws UserError `toolchain` when no tool is there or it fails, `device` when no board is connected, `input` when the
 * firmware is missing, `board` when the tool cannot
 */
export async function flashBoard(options: FlashOptions): Promise<FlashTool> {
  const firmware = path.resolve(options.firmware);
  if (!(await stat(firmware).catch(() => undefined))?.isFile()) {
    throw new UserError('input', say`${firmware} does not exist.`, say`Build the project first.`);
  }
  const { tool, path: program } = chooseFlashTool(options.board, options.with);
  const { args, script } = flashCommand(tool, { ...options, firmware });
  // they run what lies in the folder they are started in (interface/*.cfg, pyocd_user.py, *.JLinkScript): nothing does here
  return withScratchFolder('flash', async ({ folder }) => {
    const file = path.join(folder, 'flash.jlink');
    if (script !== undefined) await writeFile(file, script);
    const { exitCode, output } = await runTool(program, script === undefined ? args : [...args, file], {
      cwd: folder,
      signal: options.signal,
      log: options.log,
      timeoutMs: 300_000,
    });
    const failure = flashFailure(tool, options.board, exitCode, output);
    if (failure) throw failure;
    return tool;
  });
}

/** What a tool's output says went wrong; undefined when nothing did. Some tools fail with exit code 0. */
export function flashFailure(
  tool: FlashTool,
  board: BoardData,
  exitCode: number,
  output: string,
): UserError | undefined {
  const name = FLASH_TOOL_NAMES[tool];
  const noProbe =
    /unable to find a matching CMSIS-DAP device|No (available|connected) debug probes?|no debug probe|No probes|Cannot connect to (the )?(J-Link|probe)|Connecting to J-Link.*FAILED|Could not find .*probe/i;
  if (noProbe.test(output)) {
    return new UserError(
      'device',
      say`${name} found no debug probe.`,
      [{ do: 'connectProbe', board: board.name }, ...otherProbes(tool, board)],
      output,
    );
  }
  if (exitCode === 0) return undefined;
  const target = board.flashTools[tool] ?? '';
  if (tool === 'pyocd' && /target type .* not recognized|unknown target|Target type/i.test(output)) {
    return new UserError(
      'toolchain',
      say`pyOCD does not know ${board.partNumber} yet.`,
      { do: 'installPack', command: ['pyocd', 'pack', 'install', target] },
      output,
    );
  }
  const line = output
    .split(/\r?\n/)
    .map((l) => l.trim())
    .findLast((l) => /error|fail/i.test(l));
  return new UserError(
    'toolchain',
    line
      ? say`${name} could not write the flash of ${board.name}: ${line.slice(0, 200)}`
      : say`${name} could not write the flash of ${board.name}.`,
    { do: 'seeDetail' },
    output,
  );
}

/** USB vendors of probes that do not speak CMSIS-DAP: SEGGER, P&E Micro. */
const NOT_CMSIS_DAP = /^(1366|1357):/;

/** What reaches a board's debugger with firmware that the tool does not speak to. */
function otherProbes(tool: FlashTool, { probes }: BoardData): Sentence[] {
  const has = probes.some(({ usb }) => usb.some((id) => NOT_CMSIS_DAP.test(id)));
  if (tool === 'jlink' || !has) return [];
  return [
    say`${FLASH_TOOL_NAMES[tool]} needs a debugger that speaks CMSIS-DAP: one with J-Link firmware is reached by J-Link; onto the drive of one by P&E Micro copy the .srec file.`,
  ];
}
