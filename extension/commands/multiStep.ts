import * as vscode from 'vscode';
import { createPick, type PickItem, plainItem } from '../views/messages.ts';

/** What a step answers instead of a value. */
export const BACK = Symbol('back');
export type Back = typeof BACK;

/** What a look at an answer finds when it has to be asked for again. */
export const AGAIN = Symbol('again');
export type Again = typeof AGAIN;

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

/** One question of a wizard about answers of type A. */
export interface Question<A> {
  readonly isKnown: (answers: A) => boolean;
  /** Resolves to the answers with this one in, BACK, or undefined when the user left. */
  readonly ask: (answers: A, options: Omit<StepOptions, 'placeholder'>) => Promise<A | Back | undefined>;
  /** Looks at the answer before anything that follows is asked; left out where nothing tells whether it is right. */
  readonly check?: AnswerCheck<A> | undefined;
}

export interface AnswerCheck<A> {
  /** Whether this very answer has been looked at. */
  readonly isDone: (answers: A) => boolean;
  /**
   * Resolves to the answers with what was found, AGAIN to have the question asked, BACK for the one before, or undefined when the user
   * left.
   * @throws UserError for an answer with which nothing can be done here
   */
  readonly run: (
    answers: A,
    options: Omit<StepOptions, 'placeholder'>,
  ) => Promise<A | Back | Again | undefined>;
}

/** As `askAll`; answers that are all known need no looking at, for whoever works with them does that. */
export async function askOpen<A>(
  questions: readonly Question<A>[],
  start: A,
  title: (answers: A) => string,
): Promise<A | undefined> {
  return questions.every((q) => q.isKnown(start)) ? start : askAll(questions, start, title);
}

/**
 * Asks the questions whose answers are not known, in order, going back on demand, and looks at each answer, given or known, before it
 * goes on. Undefined when the user left. An answer may settle a later question too (then it is skipped), so what is open is looked at
 * again after each.
 * @throws UserError as the checks do
 */
export async function askAll<A>(
  questions: readonly Question<A>[],
  start: A,
  title: (answers: A) => string,
): Promise<A | undefined> {
  const past: { readonly question: Question<A>; readonly answers: A }[] = [];
  let answers = start;
  /** The question that is asked though its answer is known: the user went back to it, or the answer was refused. */
  let again: Question<A> | undefined;
  for (;;) {
    const next = again ?? questions.find((q) => !q.isKnown(answers) || q.check?.isDone(answers) === false);
    if (!next) return answers;
    const isAsked = next === again || !next.isKnown(answers);
    const open = questions.filter((q) => q === again || !q.isKnown(answers)).length;
    const options = {
      title: title(answers),
      step: Math.max(1, past.length + (isAsked ? 1 : 0)),
      steps: past.length + open,
      back: past.length > 0,
    };
    again = undefined;
    const answer = isAsked ? await next.ask(answers, options) : await next.check!.run(answers, options);
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      const before = past.pop();
      if (!before) return undefined;
      ({ answers, question: again } = before);
    } else if (answer === AGAIN) {
      if (past.at(-1)?.question === next) ({ answers } = past.pop()!);
      again = next;
    } else {
      if (isAsked) past.push({ question: next, answers });
      answers = answer;
    }
  }
}
