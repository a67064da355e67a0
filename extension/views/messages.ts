/** The one way to VS Code's messages, prompts and lists: text of files stays text there, whatever stands in it. Lint keeps it. */
import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

type Show = typeof vscode.window.showInformationMessage;

const shown =
  (how: 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage') =>
  (message: string, ...rest: never[]) =>
    vscode.window[how](plainText(message), ...rest);

export const showInformation = shown('showInformationMessage') as Show;
export const showWarning = shown('showWarningMessage') as Show;
export const showError = shown('showErrorMessage') as Show;

/** Says something in passing, for some milliseconds. @param icon one of VS Code's */
export function showInPassing(icon: string, text: string, ms: number): void {
  vscode.window.setStatusBarMessage(`$(${icon}) ${plainText(text)}`, ms);
}

/** Runs long work under a notification with a cancel button. `report` says what is being done, and how much more is done, in percent. */
export function withProgress<T>(
  title: string,
  work: (report: (message: string, increment?: number) => void, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const report = (message: string, increment?: number): void =>
        progress.report({
          message: plainText(message),
          ...(increment === undefined ? {} : { increment }),
        });
      return work(report, abort.signal);
    },
  );
}

/** An entry of a list. */
export interface PickItem extends vscode.QuickPickItem {
  /** Behind the description, after an icon of VS Code. */
  readonly aside?: { readonly icon: string; readonly text: string } | undefined;
}

/** Lets the user pick one of a list; undefined when they left. */
export function pickOne<T extends PickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Thenable<T | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), options);
}

/** A list that is filled and answered step by step; entries go into it by `plainItem`. */
export function createPick<T extends PickItem>(): vscode.QuickPick<T> {
  return vscode.window.createQuickPick<T>();
}

/** An entry as a list shows it. */
export function plainItem<T extends PickItem>(item: T): T {
  const { label, description, detail, aside } = item;
  const behind = aside && `$(${aside.icon}) ${plainText(aside.text)}`;
  const described = [description && plainText(description), behind].filter(Boolean).join(' · ');
  return {
    ...item,
    label: plainText(label),
    ...(described === '' ? {} : { description: described }),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
  };
}

/** Asks for a line of text; undefined when the user left. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  const { prompt } = options;
  return vscode.window.showInputBox(
    prompt === undefined ? options : { ...options, prompt: plainText(prompt) },
  );
}
