/** How several questions become one conversation; what each looks like is multiStep.ts's. */

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
