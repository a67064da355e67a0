import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Events, Requests } from './protocol.ts';

/** What answers requests: each gives the answer's body, or fails with a message for the user. */
export type Handlers = {
  readonly [Name in keyof Requests]: (
    given: Requests[Name]['given'],
  ) => Promise<Requests[Name]['answer']> | Requests[Name]['answer'];
};

/** A failure that has been shown already, so that the client need not show it. */
export class ShownError extends Error {}

/** One client's side of the Debug Adapter Protocol, without its transport: messages in, messages out. */
export class DapConnection {
  readonly #send: (message: DebugProtocol.ProtocolMessage) => void;
  #sequence = 0;

  constructor(send: (message: DebugProtocol.ProtocolMessage) => void) {
    this.#send = send;
  }

  event<Name extends keyof Events>(event: Name, body: Events[Name]): void {
    const message: DebugProtocol.Event = { seq: ++this.#sequence, type: 'event', event, body };
    this.#send(message);
  }

  /** Answers a message when it is a request; others are nobody's. */
  async take(message: DebugProtocol.ProtocolMessage, handlers: Handlers): Promise<void> {
    if (message.type !== 'request') return;
    const request = message as DebugProtocol.Request;
    const { seq, command } = request;
    const respond = (answer: Pick<DebugProtocol.Response, 'success' | 'message' | 'body'>): void => {
      const response: DebugProtocol.Response = {
        seq: ++this.#sequence,
        type: 'response',
        request_seq: seq,
        command,
        ...answer,
      };
      this.#send(response);
    };
    try {
      if (!Object.hasOwn(handlers, command)) throw new Error(`There is no request "${command}".`);
      const handle = handlers[command as keyof Handlers] as (given: unknown) => unknown;
      respond({ success: true, body: await handle(request.arguments ?? {}) });
    } catch (error) {
      const isShown = !ASKED.has(command) || error instanceof ShownError;
      respond({ success: false, ...failure(error, !isShown) });
    }
  }
}

/** What a user has asked for: others are asked by the client itself, often when the board runs already. */
const ASKED: ReadonlySet<string> = new Set<keyof Requests>([
  ...(['launch', 'restart', 'continue', 'pause', 'next'] as const),
  ...(['stepIn', 'stepOut', 'stepBack', 'reverseContinue'] as const),
]);

function failure(error: unknown, showUser: boolean): Pick<DebugProtocol.Response, 'message' | 'body'> {
  const text = error instanceof Error ? error.message : String(error);
  const body: DebugProtocol.ErrorResponse['body'] = {
    // braces would be placeholders
    error: { id: 1, format: '{_text}', variables: { _text: text }, showUser },
  };
  return { message: text, body };
}
