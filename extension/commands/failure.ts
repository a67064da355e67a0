import * as vscode from 'vscode';
import { UserError } from '../common/error.ts';
import type { Services } from '../services.ts';
import { setSdkFolder } from './sdkFolder.ts';
import { typeInTerminal } from './terminal.ts';
import { conversionCommand } from '../workflow/otherFormat.ts';

/** A button of a message: what it says and what it does. */
interface Help {
  readonly title: string;
  readonly run: () => unknown;
}

/** The buttons that help, by kind of failure; "Show Log" stands beside them. */
function helpFor(error: UserError): Help[] {
  const command = (title: string, id: string): Help => ({
    title,
    run: () => vscode.commands.executeCommand(id),
  });
  if (/\bSDK\b/.test(error.message)) return [{ title: vscode.l10n.t('Set SDK Folder…'), run: setSdkFolder }];
  switch (error.code) {
    case 'toolchain':
      if (error.message.includes('writes the flash of')) {
        return [{ title: vscode.l10n.t('Get LinkServer…'), run: getLinkServer }];
      }
      if (error.hint.includes(PACK_INSTALL)) {
        const pack = error.hint.slice(error.hint.indexOf(PACK_INSTALL));
        return [{ title: vscode.l10n.t('Install Pack…'), run: () => typeInTerminal(pack) }];
      }
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
      if (error.message.includes('debug probe')) {
        return [command(vscode.l10n.t('Try Again'), 'glowport.flash')];
      }
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

/** What pyOCD lacks a board for. */
const PACK_INSTALL = 'pyocd pack install';

function getLinkServer(): Thenable<boolean> {
  return vscode.env.openExternal(vscode.Uri.parse('https://www.nxp.com/linkserver'));
}

async function portToAnotherBoard(): Promise<void> {
  const board = await vscode.commands.executeCommand<string | undefined>('glowport.selectBoard');
  if (board) await vscode.commands.executeCommand('glowport.port');
}

/**
 * Tells the user about a failure: one sentence, a button that helps, the rest in the log. A cancelled command says
 * nothing. What is no UserError is a bug of ours and says so.
 */
export async function showFailure(error: unknown, services: Services): Promise<void> {
  const { output } = services;
  if (!(error instanceof UserError)) {
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
    throw new UserError(
      'usage',
      vscode.l10n.t('This folder is not trusted, so GlowPort compiles, builds and runs nothing.'),
      vscode.l10n.t('Trust the folder with "Workspaces: Manage Workspace Trust".'),
    );
  }
}
