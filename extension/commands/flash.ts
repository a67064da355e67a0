import path from 'node:path';
import * as vscode from 'vscode';
import type { BoardData } from '../board/catalogue.ts';
import { FLASH_TOOL_NAMES, type FlashTool } from '../board/flashTools.ts';
import { simulatedBoardOf } from '../serial/port.ts';
import type { PortOwner } from '../serial/portOwner.ts';
import { pickOne, showInformation, showWarning, withProgress } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { chooseProject } from './build.ts';
import { requireTrust } from './failure.ts';
import { withSteps } from './progress.ts';

/** Tool that flashed last, in the workspace's memory. */
const LAST_TOOL = 'flashTool';

/**
 * "Flash Board": builds a generated project and writes its firmware into the board that is connected, with a flash tool that
 * is installed. The monitor lets its serial port go for that while. Resolves to the tool; undefined when the user left.
 * @param given folder of the project; without it the remembered one, the only one, or the one chosen
 */
export async function flashFirmware(services: Services, given?: unknown): Promise<FlashTool | undefined> {
  requireTrust();
  const title = vscode.l10n.t('Flash Board');
  const folder = typeof given === 'string' ? given : await chooseProject(title);
  if (folder === undefined) return undefined;
  const { projectFirmware } = await import('../toolchain/build.ts');
  const { namedBoard } = await import('../workflow/sdk.ts');
  const { boardId, sdkRoot } = await projectFirmware(folder);
  const board = await namedBoard(
    boardId ?? services.selectedBoard.value ?? services.settings.defaultBoard(),
    sdkRoot,
  );
  if (sdkRoot === undefined && !(await confirmOwnSupport(board))) return undefined;
  const tool = await chooseTool(board, services);
  if (tool === undefined) return undefined;
  const { build } = await import('../workflow/steps/build.ts');
  const { elf } = await withSteps(title, services, (context) => build(folder, toolPaths(services), context));
  const { flashBoard } = await import('../toolchain/flash.ts');
  const name = FLASH_TOOL_NAMES[tool];
  await withProgress(
    vscode.l10n.t('Writing {0} to {1} with {2}', path.basename(elf), board.name, name),
    (report, signal) => {
      const log = (line: string) => {
        services.output.info(`${name}: ${line}`);
        report(line.trim().slice(0, 80));
      };
      return withSerialPortsFree(services.ports, () =>
        flashBoard({ board, firmware: elf, with: tool, signal, log }),
      );
    },
  );
  await services.context.workspaceState.update(LAST_TOOL, tool);
  void tellFlashed(path.basename(elf), board, services);
  return tool;
}

/** Firmware on our own board support is made for the simulated board, and says so before it goes into a real one. */
async function confirmOwnSupport(board: BoardData): Promise<boolean> {
  const flash = vscode.l10n.t('Flash Anyway');
  const chosen = await showWarning(
    vscode.l10n.t('This firmware was built for the simulated {0}.', board.name),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Its board support is GlowPort’s own and has not been tried on a real board. For that, port the model to a new project on NXP’s SDK.',
      ),
    },
    flash,
  );
  return chosen === flash;
}

/** The only installed tool that can, or the one chosen of several. @throws UserError `toolchain` when there is none */
async function chooseTool(board: BoardData, services: Services): Promise<FlashTool | undefined> {
  const { chooseFlashTool, installedFlashTools } = await import('../toolchain/flash.ts');
  const tools = installedFlashTools(board);
  if (tools.length < 2) return chooseFlashTool(board).tool;
  const { workspaceState } = services.context;
  const last = workspaceState.get<FlashTool>(LAST_TOOL);
  const ordered = [...tools].sort((a, b) => Number(b.tool === last) - Number(a.tool === last));
  const chosen = await pickOne(
    ordered.map(({ tool, path: file }) => ({ label: FLASH_TOOL_NAMES[tool], description: file, tool })),
    {
      title: vscode.l10n.t('Flash Board'),
      placeHolder: vscode.l10n.t('Choose the program that writes the flash of {0}', board.name),
    },
  );
  return chosen?.tool;
}

/** Runs `work` while nobody has a real serial port: a debug probe's port and its flash interface are one USB device. */
function withSerialPortsFree<T>(ports: PortOwner, work: () => Promise<T>): Promise<T> {
  const real = ports.held().filter((id) => simulatedBoardOf(id) === undefined);
  return real.reduce<() => Promise<T>>((inner, id) => () => ports.borrow(id, inner), work)();
}

async function tellFlashed(file: string, board: BoardData, { ports }: Services): Promise<void> {
  const isWatched = ports.held().some((id) => simulatedBoardOf(id) === undefined);
  const monitor = vscode.l10n.t('Open Serial Monitor');
  const chosen = await showInformation(
    vscode.l10n.t('{0} runs {1} now.', board.name, file),
    ...(isWatched ? [] : [monitor]),
  );
  if (chosen === monitor) await vscode.commands.executeCommand('glowport.monitor.show');
}
