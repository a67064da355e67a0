/**
 * Typed messages between a view's host side and its page. Each view declares its own beside this file as two unions
 * of `{ type: '...' }` objects, one a direction; both sides handle them with a table that must be complete.
 */
export interface Message {
  readonly type: string;
}

/** One handler a message type; the compiler asks for every one of them. */
export type Handlers<M extends Message> = {
  readonly [T in M['type']]: (message: Extract<M, { readonly type: T }>) => void;
};

/** Sent by every page once it can take messages; the host answers with the state to show. */
export interface Ready {
  readonly type: 'ready';
}

/** Calls the handler of a received message. What is no known message (another sender's, an older page's) is ignored. */
export function dispatch<M extends Message>(handlers: Handlers<M>, data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const type = (data as { type?: unknown }).type;
  if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) return false;
  (handlers as Record<string, (message: unknown) => void>)[type]!(data);
  return true;
}
