/**
 * An error meant for the user: one sentence that says what went wrong and where, a hint that says what to do,
 * and an optional detail for the log (a tool's output, a list). Anything that is not a UserError is a bug and may
 * show a stack.
 */
export class UserError extends Error {
  /** What the user can do about it, as a sentence. */
  readonly hint: string;
  /** More for the log, such as a compiler's output. Never needed to understand the message. */
  readonly detail: string | undefined;
  /** A stable name of the kind of failure; the CLI maps it to an exit code, the views to a helping button. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, hint: string, detail?: string) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.hint = hint;
    this.detail = detail;
  }
}

/** Kinds of failure the user can do something about. */
export type ErrorCode =
  | 'usage' // wrong options or arguments
  | 'input' // a file is missing, unreadable, malformed or unsupported
  | 'model' // the model cannot be expressed (unsupported operator, shape, size)
  | 'board' // unknown board, or the model does not fit it
  | 'toolchain' // a tool is missing or failed
  | 'firmware' // the firmware faulted, never printed, or printed something wrong
  | 'cancelled' // the user stopped it
  | 'device'; // a serial port or probe

/** Throws `cancelled` when the signal has fired; call it between steps of long work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new UserError('cancelled', 'Cancelled.', 'Nothing was left behind; run it again when you want to.');
  }
}
