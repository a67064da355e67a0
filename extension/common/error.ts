import type { Problem } from './errors/problem.ts';
import type { Remedy } from './errors/remedy.ts';
import { english, say, type Sentence } from './errors/sentence.ts';

/**
 * An error meant for the user: one sentence that says what went wrong and where, what can be done about it, and an optional
 * detail for the log (a tool's output, a list). How to do it (an option, a setting, a button) is up to the surface that
 * shows it. Anything that is not a UserError is a bug and may show a stack.
 *
 * `message` is the sentence in English.
 */
export class UserError extends Error {
  readonly sentence: Sentence;
  /** What the user can do, the best first; each for itself helps. */
  readonly remedies: readonly Remedy[];
  /** More for the log, such as a compiler's output. Never needed to understand the message. */
  readonly detail: string | undefined;
  /** A stable name of the kind of failure; the CLI maps it to an exit code. */
  readonly code: ErrorCode;
  /** Of a model that cannot be expressed: each node that is why. */
  readonly problems: readonly Problem[];

  /** @param help what to do: a sentence is advice that is the same everywhere */
  constructor(
    code: ErrorCode,
    sentence: Sentence,
    help: Help | readonly Help[],
    detail?: string,
    problems: readonly Problem[] = [],
  ) {
    super(english(sentence));
    this.name = 'UserError';
    this.code = code;
    this.sentence = sentence;
    this.remedies = remediesOf(help);
    this.detail = detail;
    this.problems = problems;
  }
}

/** What a UserError is made of: plain data that crosses to other threads as it is. */
export type ErrorData = Pick<UserError, 'code' | 'sentence' | 'remedies' | 'detail' | 'problems'>;

export function errorData({ code, sentence, remedies, detail, problems }: UserError): ErrorData {
  return { code, sentence, remedies, detail, problems };
}

export function errorOf({ code, sentence, remedies, detail, problems }: ErrorData): UserError {
  return new UserError(code, sentence, remedies, detail, problems);
}

export type Help = Sentence | Remedy;

function isList(help: Help | readonly Help[]): help is readonly Help[] {
  return Array.isArray(help);
}

/** Help as a list of remedies. */
export function remediesOf(help: Help | readonly Help[]): readonly Remedy[] {
  return (isList(help) ? help : [help]).map(remedyOf);
}

function remedyOf(help: Help): Remedy {
  return 'do' in help ? help : { do: 'advice', sentence: help };
}

/** Kinds of failure the user can do something about. */
export type ErrorCode =
  | 'usage' // wrong options or arguments
  | 'input' // a file is missing, unreadable, malformed or unsupported
  | 'model' // the model cannot be expressed (unsupported operator, shape, size)
  | 'board' // unknown board, or the model does not fit it
  | 'toolchain' // a tool is missing or failed
  | 'firmware' // the firmware faulted, never printed, or printed something wrong
  | 'requirement' // what was required of the network is known not to hold
  | 'cancelled' // the user stopped it
  | 'device'; // a serial port or probe

/** What a `cancelled` error says. */
export function cancelled(): UserError {
  return new UserError(
    'cancelled',
    say`Cancelled.`,
    say`Nothing was left behind; run it again when you want to.`,
  );
}

/** Throws `cancelled` when the signal has fired; call it between steps of long work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
