import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../../../extension/views/services.ts';

/** The extension's own services, as activate() returns them. */
export async function services(): Promise<Services> {
  const extension = vscode.extensions.getExtension<Services>('glowport.glowport');
  if (!extension) throw new Error('the extension is not installed');
  return extension.activate();
}

/** The folder under test: a copy of the MNIST example. */
export function workspaceFolder(): string {
  return vscode.workspace.workspaceFolders![0]!.uri.fsPath;
}

export function inWorkspace(...parts: string[]): string {
  return path.join(workspaceFolder(), ...parts);
}

/** Leaves only the example in the workspace. */
export async function cleanWorkspace(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const name of readdirSync(workspaceFolder())) {
    if (!['mnist.onnx', 'labels.txt', 'samples', 'calibration'].includes(name)) {
      rmSync(inWorkspace(name), { recursive: true, force: true });
    }
  }
}

/** Remembered answers, as a port leaves them. */
export async function writeConfig(values: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const config = {
    model: 'mnist.onnx',
    board: 'frdmke16z',
    samples: ['calibration'],
    input: 'samples/0000_7.png',
    ...values,
  };
  await vscode.workspace.fs.writeFile(
    vscode.Uri.file(inWorkspace('glowport.json')),
    Buffer.from(JSON.stringify(config)),
  );
}

/** A message that was shown. */
export interface ShownMessage {
  readonly message: string;
  /** Titles. */
  readonly buttons: readonly string[];
}

/** Runs `work` and resolves to the error messages shown meanwhile. @param answer the button that is clicked, if any */
export const errorsShown = (
  work: () => Thenable<unknown>,
  answer: (shown: ShownMessage) => string | undefined = () => undefined,
): Promise<ShownMessage[]> => messagesShown('showErrorMessage', work, answer);

/** Runs `work` and resolves to the warnings shown meanwhile. @param answer the button that is clicked, if any */
export const warningsShown = (
  work: () => Thenable<unknown>,
  answer: (shown: ShownMessage) => string | undefined,
): Promise<ShownMessage[]> => messagesShown('showWarningMessage', work, answer);

async function messagesShown(
  how: 'showErrorMessage' | 'showWarningMessage',
  work: () => Thenable<unknown>,
  answer: (shown: ShownMessage) => string | undefined,
): Promise<ShownMessage[]> {
  const all: ShownMessage[] = [];
  const real = vscode.window[how];
  const fake = (
    message: string,
    ...items: (string | vscode.MessageItem | vscode.MessageOptions | null)[]
  ) => {
    const buttons = items.flatMap((i) => (typeof i === 'string' ? [i] : i && 'title' in i ? [i.title] : []));
    const shown = { message, buttons };
    all.push(shown);
    const title = answer(shown);
    return Promise.resolve(
      items.find((i) => i === title || (typeof i === 'object' && i && 'title' in i && i.title === title)),
    );
  };
  Object.assign(vscode.window, { [how]: fake });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { [how]: real });
  }
  return all;
}

/** Waits until `check` gives something; polls, because most of VS Code has no event for it. */
export async function eventually<T>(check: () => T | undefined | false, what: string): Promise<T> {
  for (let i = 0; i < 300; i++) {
    const value = check();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never happened: ${what}`);
}

/** A quick pick that was shown. */
export interface ShownPick {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly vscode.QuickPickItem[];
  /** Label of the entry that Enter takes; the first where none is made active. */
  readonly focused: () => string | undefined;
}

/**
 * Runs `work` and answers its quick picks, each by its first entry with one of these labels, or the one that is told for it; one without
 * is left. Resolves to the picks that were shown.
 */
export async function picking(
  labels: readonly string[] | ((pick: ShownPick, index: number) => string | undefined),
  work: () => Thenable<unknown>,
): Promise<readonly ShownPick[]> {
  const shown: ShownPick[] = [];
  const answer = (pick: ShownPick) => {
    const wanted = typeof labels === 'function' ? [labels(pick, shown.length)] : labels;
    shown.push(pick);
    return pick.items.find((i) => wanted.includes(i.label));
  };
  const firstOf = (items: readonly vscode.QuickPickItem[]) => items.find((i) => i.kind === undefined);
  const createQuickPick = () => {
    let [accept, hide] = [() => {}, () => {}];
    let entries: readonly vscode.QuickPickItem[] = [];
    const pick = {
      title: '',
      placeholder: '',
      selectedItems: [] as vscode.QuickPickItem[],
      activeItems: [] as vscode.QuickPickItem[],
      onDidTriggerButton: () => {},
      onDidAccept: (f: () => void) => (accept = f),
      onDidHide: (f: () => void) => (hide = f),
      show: () => {},
      dispose: () => {},
      get items() {
        return entries;
      },
      set items(items: readonly vscode.QuickPickItem[]) {
        entries = items;
        // what is active is set behind the entries
        setImmediate(() => {
          const focused = () => (pick.activeItems[0] ?? firstOf(items))?.label;
          const chosen = answer({ title: pick.title, placeholder: pick.placeholder, items, focused });
          pick.selectedItems = chosen ? [chosen] : [];
          (chosen ? accept : hide)();
        });
      },
    };
    return pick;
  };
  const showQuickPick = (items: readonly vscode.QuickPickItem[], options?: vscode.QuickPickOptions) =>
    Promise.resolve(
      answer({
        title: options?.title ?? '',
        placeholder: options?.placeHolder ?? '',
        items,
        focused: () => firstOf(items)?.label,
      }),
    );
  const real = { createQuickPick: vscode.window.createQuickPick, showQuickPick: vscode.window.showQuickPick };
  Object.assign(vscode.window, { createQuickPick, showQuickPick });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, real);
  }
  return shown;
}

/** Runs `work` and answers its messages by the first button of these names; resolves to the messages with their buttons. */
export async function answering(
  buttons: readonly string[],
  work: () => Thenable<unknown>,
): Promise<readonly { message: string; buttons: readonly string[] }[]> {
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const shown: { message: string; buttons: readonly string[] }[] = [];
  const fake = (message: string, ...items: unknown[]) => {
    const offered = items.filter((i) => typeof i === 'string');
    shown.push({ message, buttons: offered });
    return Promise.resolve(offered.find((i) => buttons.includes(i)));
  };
  Object.assign(vscode.window, { showInformationMessage: fake, showWarningMessage: fake });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showInformationMessage, showWarningMessage });
  }
  return shown;
}
