import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { inWords } from '../views/words.ts';
import { copyExample, DIGITS, type Example, EXAMPLES } from './examples.ts';
import { pickStep } from './multiStep.ts';
import { BACK } from './wizard.ts';

/** "New Example Project": asks which example and for a folder, puts it there and opens it. */
export async function newExample(): Promise<void> {
  const example = await pickStep<Example>(
    {
      ...{ title: vscode.l10n.t('New Example Project'), step: 1, steps: 1, back: false },
      placeholder: vscode.l10n.t('Choose an example'),
    },
    EXAMPLES.map((value) => ({
      label: inWords(value.title, vscode.l10n.t),
      detail: inWords(value.shows, vscode.l10n.t),
      value,
    })),
  );
  if (example === undefined || example === BACK) return;
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Where to Put the Example'),
      openLabel: vscode.l10n.t('Create Here'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!parent) return;
  const folder = await copyExample(example, parent.fsPath);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceNewWindow: (vscode.workspace.workspaceFolders?.length ?? 0) > 0,
  });
}

/**
 * "Use the Example Model": puts the digits into the open folder and makes their model the current one.
 * Without an open folder it is "New Example Project". Resolves to the model's file.
 */
export async function useExample(services: Services): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    await newExample();
    return undefined;
  }
  const file = path.join(await copyExample(DIGITS, folder.uri.fsPath), DIGITS.model);
  services.currentModel.set({ file });
  return file;
}
