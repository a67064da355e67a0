import path from 'node:path';
import * as vscode from 'vscode';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { MAX_FILE_BYTES } from '../../image/decode.ts';
import { askText, pickOne, showInformation, showWarning } from '../messages.ts';
import type { SavedSend } from '../../../webview/shared/sends.ts';
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

/** Asks for a file, with a proposed name: the log as it is, the log as it comes, or a plot; undefined when the user left. */
export async function askWhereToSave(name: string, kind: SavedKind): Promise<string | undefined> {
  const titles: Record<SavedKind, string> = {
    log: vscode.l10n.t('Save Serial Log'),
    fileLog: vscode.l10n.t('Log to File'),
    csv: vscode.l10n.t('Export Plot'),
  };
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    title: titles[kind],
    filters:
      kind === 'csv'
        ? { [vscode.l10n.t('CSV')]: ['csv'] }
        : { [vscode.l10n.t('Serial logs')]: ['log', 'txt', 'bin'] },
  });
  return uri?.fsPath;
}

/** Asks what becomes of files that a log would have the names of; undefined when the user left. */
export async function askAppend(files: readonly string[]): Promise<'append' | 'replace' | undefined> {
  const append = vscode.l10n.t('Append');
  const replace = vscode.l10n.t('Replace');
  const names = files.map((file) => path.basename(file)).join(', ');
  const chosen = await showWarning(
    vscode.l10n.t('There are already: {0}', names),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Append goes on behind them, and rotates them. Replace removes all of them first.',
      ),
    },
    append,
    replace,
  );
  return chosen === append ? 'append' : chosen === replace ? 'replace' : undefined;
}

/** Lets the user pick one of the lines that were saved; resolves to its id, undefined when they left. */
export async function askSavedSend(sends: readonly SavedSend[]): Promise<number | undefined> {
  const items = sends.map(({ id, name, text }) => ({
    id,
    label: name,
    description: text === name ? '' : text,
  }));
  const chosen = await pickOne(items, {
    title: vscode.l10n.t('Send a Saved Line'),
    placeHolder: vscode.l10n.t('Lines are saved beside the monitor’s send field'),
    matchOnDescription: true,
  });
  return chosen?.id;
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
