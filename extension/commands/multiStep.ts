import * as vscode from 'vscode';
import { createPick, type PickItem, plainItem } from '../views/messages.ts';
import { BACK, type Back, type StepOptions } from './wizard.ts';

/** A quick pick entry that stands for a value. */
export interface Choice<T> extends PickItem {
  readonly value: T;
}

/** A line between groups. */
export function separator<T>(label: string): Choice<T> {
  return { label, kind: vscode.QuickPickItemKind.Separator, value: undefined as T };
}

/**
 * One step of several: a quick pick with a back button. Items may arrive later (a promise) while it is open.
 * Resolves to the value, BACK, or undefined when the user left.
 */
export function pickStep<T>(
  options: StepOptions,
  items: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  active?: (value: T) => boolean,
): Promise<T | Back | undefined> {
  return new Promise((resolve, reject) => {
    const pick = openPick<Choice<T>>(options);
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    const finish = (value: T | Back | undefined) => {
      resolve(value);
      pick.dispose();
    };
    const show = (list: readonly Choice<T>[]) => {
      pick.items = list.map(plainItem);
      const first = active && pick.items.find((i) => i.kind === undefined && active(i.value));
      if (first) pick.activeItems = [first];
    };
    pick.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) finish(BACK);
    });
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      if (chosen) finish(chosen.value);
    });
    pick.onDidHide(() => finish(undefined));
    if (items instanceof Promise) {
      pick.busy = true;
      pick.show();
      items.then(
        (list) => {
          pick.busy = false;
          show(list);
        },
        (e: unknown) => {
          reject(e);
          pick.dispose();
        },
      );
    } else {
      show(items);
      pick.show();
    }
  });
}

/**
 * A step in which nothing is asked: shows that something is looked at, which ends when the user leaves or goes back.
 * @param work tells how far it is in the words of its placeholder
 * @returns what it found, BACK, or undefined when the user left @throws what it throws
 */
export function waitStep<T>(
  options: StepOptions,
  work: (signal: AbortSignal, tell: (placeholder: string) => void) => Promise<T>,
): Promise<T | Back | undefined> {
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    const pick = openPick<PickItem>(options);
    pick.busy = true;
    const finish = (end: () => void): void => {
      end();
      abort.abort();
      pick.dispose();
    };
    pick.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) finish(() => resolve(BACK));
    });
    pick.onDidHide(() => finish(() => resolve(undefined)));
    pick.show();
    work(abort.signal, (placeholder) => (pick.placeholder = placeholder)).then(
      (found) => finish(() => resolve(found)),
      (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}

/** A quick pick that is not shown yet, without entries. */
function openPick<T extends PickItem>(options: StepOptions): vscode.QuickPick<T> {
  const pick = createPick<T>();
  pick.title = options.title;
  pick.step = options.steps > 1 ? options.step : undefined;
  pick.totalSteps = options.steps > 1 ? options.steps : undefined;
  pick.placeholder = options.placeholder;
  pick.ignoreFocusOut = true;
  pick.buttons = options.back ? [vscode.QuickInputButtons.Back] : [];
  return pick;
}
