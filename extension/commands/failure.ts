import * as vscode from 'vscode';
import { PortError } from '../error.ts';
import type { Services } from '../services.ts';
import { conversionCommand } from '../workflow/otherFormat.ts';

/** A button of a message: what it says and what it does. */
interface Help {
  readonly title: string;
  readonly run: () => unknown;
}

/** The buttons that help, by kind of failure; "Show Log" stands beside them. */
function helpFor(error: PortError): Help[] {
  const command = (title: string, id: string): Help => ({
    title,
    run: () => vscode.commands.executeCommand(id),
  });
  if (/\bSDK\b/.test(error.message)) return [{ title: vscode.l10n.t('Set SDK Folder…'), run: setSdkFolder }];
  switch (error.code) {
    case 'toolchain':
      return error.message.includes('not installed')
        ? [command(vscode.l10n.t('Install Toolchain…'), 'glowport.installToolchain')]
        : [command(vscode.l10n.t('Check Tools'), 'glowport.checkTools')];
    case 'board': {
      // the workflow has found that overwriting the input would make it fit
      const reuse = error.hint.includes('reuseInput');
      return [
        ...(reuse ? [command(vscode.l10n.t('Reuse the Input’s Memory'), 'glowport.reuseInput')] : []),
        { title: vscode.l10n.t('Choose Another Board'), run: portToAnotherBoard },
      ];
    }
    case 'model':
      return [command(vscode.l10n.t('Inspect Model'), 'glowport.inspect')];
    case 'device':
      return [command(vscode.l10n.t('Open Serial Monitor'), 'glowport.monitor.show')];
    case 'input': {
      const convert = conversionCommand(error);
      const title = vscode.l10n.t('Copy Conversion Command');
      return convert === undefined ? [] : [{ title, run: () => vscode.env.clipboard.writeText(convert) }];
    }
    case 'usage':
    case 'firmware':
    case 'cancelled':
      return [];
  }
}

async function portToAnotherBoard(): Promise<void> {
  const board = await vscode.commands.executeCommand<string | undefined>('glowport.selectBoard');
  if (board) await vscode.commands.executeCommand('glowport.port');
}

/**
 * Tells the user about a failure: one sentence, a button that helps, the rest in the log. A cancelled command says
 * nothing. What is no PortError is a bug of ours and says so.
 */
export async function showFailure(error: unknown, services: Services): Promise<void> {
  const { output } = services;
  if (!(error instanceof PortError)) {
    output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const log = vscode.l10n.t('Show Log');
    const message = error instanceof Error ? error.message : String(error);
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t('GlowPort met an error of its own: {0}', message),
      log,
    );
    if (chosen === log) output.show();
    return;
  }
  if (error.code === 'cancelled') {
    output.info(error.message);
    return;
  }
  output.error(`${error.message} ${error.hint}`);
  if (error.detail) output.info(error.detail);
  const showLog: Help = { title: vscode.l10n.t('Show Log'), run: () => output.show() };
  const chosen = await vscode.window.showErrorMessage(error.message, ...helpFor(error), showLog);
  await chosen?.run();
}

/** Refuses what must not run in a restricted window; nothing is executed there. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new PortError(
      'usage',
      vscode.l10n.t('This folder is not trusted, so GlowPort compiles, builds and runs nothing.'),
      vscode.l10n.t('Trust the folder with "Workspaces: Manage Workspace Trust".'),
    );
  }
}

/** Asks for the folder of NXP's SDK and keeps it in the user's settings. */
async function setSdkFolder(): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Folder of the MCUXpresso SDK'),
      openLabel: vscode.l10n.t('Use SDK'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!folder) return;
  const settings = vscode.workspace.getConfiguration('glowport');
  await settings.update('sdk.path', folder.fsPath, vscode.ConfigurationTarget.Global);
}
