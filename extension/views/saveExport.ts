import path from 'node:path';
import * as vscode from 'vscode';
import { showInformation } from './messages.ts';

/** What is exported, and how the dialog calls it. */
export interface Export {
  readonly title: string;
  /** The kind of file, such as `JSON`. */
  readonly label: string;
  /** A name for the file, with its ending. */
  readonly name: string;
  readonly text: string;
}

/** Asks where an export of something about a model goes, writes it there, and offers to open it. */
export async function saveExport({ title, label, name, text }: Export, model: vscode.Uri): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(model, '..', name),
    filters: { [label]: [path.extname(name).slice(1)] },
    title,
  });
  if (!target) return;
  await save(target, text, model);
  const open = vscode.l10n.t('Open');
  const answer = await showInformation(vscode.l10n.t('Saved {0}.', path.posix.basename(target.path)), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}

/** Writes where the user said; what is not on a disk of this computer has no other way than VS Code's. */
async function save(target: vscode.Uri, text: string, model: vscode.Uri): Promise<void> {
  if (target.scheme !== 'file') return vscode.workspace.fs.writeFile(target, Buffer.from(text));
  const { writeChosen } = await import('../common/output/writeOutputs.ts');
  await writeChosen(target.fsPath, text, [model.fsPath]);
}
