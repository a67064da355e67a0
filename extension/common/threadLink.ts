import { type ErrorData, errorData, errorOf, UserError } from './error.ts';

/** Functions of one side of a pair of threads; what they take and give can be cloned. */
type Functions = object;

/** The same functions as the other side calls them. */
type Remote<F extends Functions> = {
  readonly [Name in keyof F]: F[Name] extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Promise<Awaited<Answer>>
    : never;
};

/** What goes between the sides. */
type LinkMessage =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly given: readonly unknown[] }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorData }
  | { readonly type: 'failure'; readonly id: number; readonly message: string };

/** One side of a pair of threads: each calls the other's functions. A UserError stays one. */
export class ThreadLink<Own extends Functions, Other extends Functions> {
  readonly #post: (message: LinkMessage) => void;
  readonly #own: Own;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #calls = 0;
  #ended: Error | undefined;

  constructor(post: (message: LinkMessage) => void, own: Own) {
    this.#post = post;
    this.#own = own;
  }

  /** Calls a function of the other side. @throws what it throws, and Error when there is no other side any more */
  call<Name extends keyof Other & string>(
    name: Name,
    ...given: Parameters<Remote<Other>[Name]>
  ): ReturnType<Remote<Other>[Name]> {
    const called = new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      const id = ++this.#calls;
      this.#waiting.set(id, { resolve, reject });
      this.#post({ type: 'call', id, name, given });
    });
    return called as ReturnType<Remote<Other>[Name]>;
  }

  /** Tells a function of the other side something; what becomes of it is not waited for. */
  tell<Name extends keyof Other & string>(name: Name, ...given: Parameters<Remote<Other>[Name]>): void {
    void Promise.resolve(this.call(name, ...given)).catch(() => undefined);
  }

  /** Takes what the other side has posted. */
  receive(message: LinkMessage): void {
    if (message.type === 'call') {
      void this.#answer(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else if (message.type === 'refusal') waiting?.reject(errorOf(message.error));
    else waiting?.reject(new Error(message.message));
  }

  /** There is no other side any more: whoever waits for it is told. */
  end(why: Error): void {
    this.#ended ??= why;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  async #answer({ id, name, given }: Extract<LinkMessage, { type: 'call' }>): Promise<void> {
    try {
      const own = this.#own as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;
      const answer = await own[name]!(...given);
      this.#post({ type: 'answer', id, answer });
    } catch (error) {
      if (error instanceof UserError) this.#post({ type: 'refusal', id, error: errorData(error) });
      else
        this.#post({ type: 'failure', id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
