import * as vscode from 'vscode';
import { createPick, type PickItem, plainItem } from '../views/messages.ts';

/** What a step answers instead of a value. */
export const BACK = Symbol('back');
export type Back = typeof BACK;

export interface StepOptions {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
  /** Shows the back button. */
  readonly back: boolean;
  readonly placeholder: string;
}

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
    const pick = createPick<Choice<T>>();
    pick.title = options.title;
    pick.step = options.steps > 1 ? options.step : undefined;
    pick.totalSteps = options.steps > 1 ? options.steps : undefined;
    pick.placeholder = options.placeholder;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.ignoreFocusOut = true;
    pick.buttons = options.back ? [vscode.QuickInputButtons.Back] : [];
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

/** One question of a wizard about answers of type A. */
export interface Question<A> {
  readonly isKnown: (answers: A) => boolean;
  /** Resolves to the answers with this one in, BACK, or undefined when the user left. */
  readonly ask: (answers: A, options: Omit<StepOptions, 'placeholder'>) => Promise<A | Back | undefined>;
}

/**
 * Asks the questions whose answers are not known, in order, going back on demand. Undefined when the user left.
 * An answer may settle a later question too (then it is skipped), so what is open is looked at again after each.
 */
export async function askAll<A>(
  questions: readonly Question<A>[],
  start: A,
  title: (answers: A) => string,
): Promise<A | undefined> {
  const past: { readonly question: Question<A>; readonly answers: A }[] = [];
  let answers = start;
  let next = questions.find((q) => !q.isKnown(answers));
  while (next) {
    const open = questions.filter((q) => !q.isKnown(answers)).length;
    const answer = await next.ask(answers, {
      title: title(answers),
      step: past.length + 1,
      steps: past.length + open,
      back: past.length > 0,
    });
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      const before = past.pop();
      if (!before) return undefined;
      answers = before.answers;
      next = before.question;
    } else {
      past.push({ question: next, answers });
      answers = answer;
      next = questions.find((q) => !q.isKnown(answers));
    }
  }
  return answers;
}
