import path from 'node:path';
import * as vscode from 'vscode';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { MAX_FILE_BYTES } from '../../image/decode.ts';
import { askText, showInformation } from '../messages.ts';
import type { SavedKind } from './host.ts';

/** Asks for the path of a port that is not listed; undefined when the user left. */
export async function askPort(): Promise<string | undefined> {
  const example = process.platform === 'win32' ? 'COM3' : '/dev/serial/by-id/…';
  return askText({
    title: vscode.l10n.t('Serial Port'),
    prompt: vscode.l10n.t('Name or path of the port, such as {0}', example),
    ignoreFocusOut: true,
  });
}

/** Asks where to save a log or a plot, with a proposed name; undefined when the user left. */
export async function askWhereToSave(name: string, kind: SavedKind): Promise<string | undefined> {
  const isLog = kind === 'log';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    title: isLog ? vscode.l10n.t('Save Serial Log') : vscode.l10n.t('Export Plot'),
    filters: isLog
      ? { [vscode.l10n.t('Serial logs')]: ['log', 'txt', 'bin'] }
      : { [vscode.l10n.t('CSV')]: ['csv'] },
  });
  return uri?.fsPath;
}

/** Asks for an image file and reads it; undefined when the user left. */
export async function askForImage(): Promise<{ name: string; bytes: Uint8Array } | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open an Image'),
      filters: { [vscode.l10n.t('Images')]: ['png', 'jpg', 'jpeg', 'bmp'] },
    })) ?? [];
  return (
    uri && {
      name: path.basename(uri.fsPath),
      bytes: await readBounded(uri.fsPath, MAX_FILE_BYTES, say`image`),
    }
  );
}

/** Says that a log was saved, with a button that opens it. */
export async function tellSaved(file: string, bytes: number): Promise<void> {
  const open = vscode.l10n.t('Open');
  const size = bytes.toLocaleString(vscode.env.language);
  const chosen = await showInformation(
    vscode.l10n.t('Saved {0} bytes to {1}.', size, path.basename(file)),
    open,
  );
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(file));
}
