import path from 'node:path';
import * as vscode from 'vscode';
import { shellOf } from '../common/commandLine.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { positionOf } from '../views/buildProblems.ts';
import { showError } from '../views/messages.ts';
import { CONFIG_NAME, homeFolder, remembered } from '../views/remembered.ts';
import type { Services } from '../views/services.ts';
import { addChange } from '../views/unfinished.ts';
import { inWords, told } from '../views/words.ts';
import { type Action, buttonsFor } from './buttons.ts';
import { setSdkFolder } from './sdkFolder.ts';
import { typeInTerminal } from './terminal.ts';

/**
 * Tells the user about a failure: one sentence, the buttons that help, the rest in the log. A cancelled command says
 * nothing. What is no UserError is a bug of ours and says so.
 * @param again does what failed once more, with the choices that a button has made since; by default the model is ported
 */
export async function showFailure(error: unknown, services: Services, again?: () => unknown): Promise<void> {
  const { output } = services;
  if (!(error instanceof UserError)) {
    output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const log = vscode.l10n.t('Show Log');
    const chosen = await showError(
      vscode.l10n.t('GlowPort met an error of its own: {0}', told(error, vscode.l10n.t).message),
      log,
    );
    if (chosen === log) output.show();
    return;
  }
  const { message, hint } = told(error, vscode.l10n.t);
  if (error.code === 'cancelled') {
    output.info(message);
    return;
  }
  output.error(`${message} ${hint}`);
  if (error.detail) output.info(error.detail);
  for (const remedy of error.remedies) {
    if (remedy.do === 'seeSource') services.buildProblems.show(remedy.messages);
  }
  const helpful = buttonsFor(error, shellOf(vscode.env.shell)).map(({ title, does }) => ({
    title: inWords(title, vscode.l10n.t),
    run: () => perform(does, services, again),
  }));
  const showLog = { title: vscode.l10n.t('Show Log'), run: () => output.show() };
  const chosen = await showError(message, ...helpful, showLog);
  await chosen?.run();
}

/** Does what a button says. @param again as `showFailure` has it */
export function perform(action: Action, services: Services, again: () => unknown = portAgain): unknown {
  if (action === 'setSdkFolder') return setSdkFolder();
  if (action === 'portToAnotherBoard') return portToAnotherBoard();
  if (action === 'editChoices') return editChoices(services);
  if ('choose' in action) {
    const model = services.currentModel.value?.file;
    if (model !== undefined) addChange(model, action.choose);
    return again();
  }
  if ('command' in action) return vscode.commands.executeCommand(action.command);
  if ('copy' in action) return vscode.env.clipboard.writeText(action.copy);
  if ('type' in action) return typeInTerminal(action.type);
  if ('setting' in action) {
    return vscode.commands.executeCommand('workbench.action.openSettings', `glowport.${action.setting}`);
  }
  if ('file' in action) return showFile(action);
  return vscode.env.openExternal(vscode.Uri.parse(action.open));
}

function portAgain(): unknown {
  return vscode.commands.executeCommand('glowport.port');
}

/** Shows the glowport.json of the current model, which is written where there is none: what helps is up to the user. */
async function editChoices({ currentModel, selectedBoard, settings }: Services): Promise<void> {
  const model = currentModel.value?.file;
  const before = await remembered(model);
  if (model === undefined && !before) return;
  const file = before?.file ?? path.join(homeFolder(model!), CONFIG_NAME);
  if (!before || before.isUnfinished) {
    const { DEFAULT_CHOICES } = await import('../workflow/choices/choices.ts');
    const { writeConfig } = await import('../workflow/choices/config.ts');
    const board = selectedBoard.value ?? settings.defaultBoard();
    await writeConfig(file, before?.choices ?? { ...DEFAULT_CHOICES, model: model!, board });
  }
  await showFile({ file });
}

async function showFile({ file, at }: Extract<Action, { readonly file: string }>): Promise<void> {
  const selection = at && new vscode.Range(positionOf(at), positionOf(at));
  await vscode.window.showTextDocument(vscode.Uri.file(file), selection ? { selection } : {});
}

async function portToAnotherBoard(): Promise<void> {
  const board = await vscode.commands.executeCommand<string | undefined>('glowport.selectBoard');
  if (board) await vscode.commands.executeCommand('glowport.port');
}

/** Refuses what must not run in a restricted window; nothing is executed there. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      'usage',
      say`This folder is not trusted, so GlowPort compiles, builds and runs nothing.`,
      { do: 'trustFolder' },
    );
  }
}
