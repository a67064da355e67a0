import type { MessagePort } from 'node:worker_threads';
import { cancelled, type ErrorData, errorData, errorOf, UserError } from '../../common/error.ts';

/** Functions that another thread may call. Arguments and results are plain data. */
export type Calls = { readonly [name: string]: (argument: never) => unknown };

type Result<F> = F extends (argument: never) => infer R ? Promise<Awaited<R>> : never;
type Argument<F> = F extends (argument: infer A) => unknown ? A : never;

/** Calls a function of the other thread. @throws UserError as that does, `cancelled` when the thread is gone */
export type Caller<Theirs extends Calls> = <K extends keyof Theirs & string>(
  name: K,
  argument: Argument<Theirs[K]>,
) => Result<Theirs[K]>;

type Message =
  | { readonly call: string; readonly id: number; readonly argument: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorData }
  /** What is no UserError is a bug there. */
  | { readonly id: number; readonly bug: string };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Connects two threads that call each other's functions. @param own what the other one may call */
export function connectCalls<Theirs extends Calls>(port: MessagePort, own: Calls): Caller<Theirs> {
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let isClosed = false;
  const post = (message: Message): void => port.postMessage(message);
  const answer = async (name: string, id: number, argument: unknown): Promise<void> => {
    try {
      if (!Object.hasOwn(own, name)) throw new Error(`there is no ${name}`);
      post({ id, value: await (own[name] as (argument: unknown) => unknown)(argument) });
    } catch (error) {
      if (error instanceof UserError) post({ id, error: errorData(error) });
      else post({ id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  port.on('message', (message: Message) => {
    if ('call' in message) {
      void answer(message.call, message.id, message.argument);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asked?.reject(errorOf(message.error));
    else if ('bug' in message) asked?.reject(new Error(message.bug));
    else asked?.resolve(message.value);
  });
  port.on('close', () => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(cancelled());
    waiting.clear();
  });
  const call = (name: string, argument: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isClosed) {
        reject(cancelled());
        return;
      }
      const id = ++count;
      waiting.set(id, { resolve, reject });
      post({ call: name, id, argument });
    });
  return call as Caller<Theirs>;
}
