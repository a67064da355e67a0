import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { english } from '../../../extension/common/errors/sentence.ts';
import { Adapter, type AdapterHost } from '../../../extension/debug/adapter/adapter.ts';
import type { Events, Requests } from '../../../extension/debug/adapter/dap/protocol.ts';
import type { DebuggedBoard } from '../../../extension/debug/adapter/debuggedBoard.ts';
import type { Launch } from '../../../extension/debug/adapter/launch.ts';
import { until } from '../../support/until.ts';

/** A client of the Debug Adapter Protocol as small as can be, with an adapter of its own. */
export class DapClient {
  readonly adapter: Adapter;
  /** Everything that the adapter has sent but answers, in order. */
  readonly events: DebugProtocol.Event[] = [];
  board: DebuggedBoard | undefined;
  readonly #answers = new Map<number, DebugProtocol.Response>();
  #sequence = 0;
  #seen = 0;

  /** @param prepare makes what is debugged */
  constructor(prepare: () => Promise<Launch>, host: Partial<AdapterHost> = {}) {
    this.adapter = new Adapter(
      {
        prepare,
        showFailure: () => false,
        inWords: english,
        onBoard: (board) => (this.board = board),
        log: () => undefined,
        ...host,
      },
      (message) => {
        // what crosses to a client is JSON
        const sent = JSON.parse(JSON.stringify(message)) as DebugProtocol.ProtocolMessage;
        if (sent.type === 'event') this.events.push(sent as DebugProtocol.Event);
        else this.#answers.set((sent as DebugProtocol.Response).request_seq, sent as DebugProtocol.Response);
      },
    );
  }

  /** @throws Error with the answer's message when it fails */
  async ask<Name extends keyof Requests>(
    command: Name,
    given: Requests[Name]['given'] = {},
  ): Promise<Requests[Name]['answer']> {
    const seq = ++this.#sequence;
    const request: DebugProtocol.Request = { seq, type: 'request', command, arguments: given };
    await this.adapter.take(request);
    const answer = this.#answers.get(seq);
    assert.ok(answer, `no answer to ${command}`);
    if (!answer.success) throw new Error(answer.message);
    return answer.body as Requests[Name]['answer'];
  }

  /** The next event of a kind that has not been looked at. */
  async next<Name extends keyof Events>(name: Name): Promise<Events[Name]> {
    let found = -1;
    await until(() => (found = this.events.findIndex((e, i) => i >= this.#seen && e.event === name)) >= 0);
    this.#seen = found + 1;
    return this.events[found]!.body as Events[Name];
  }

  /** Starts, and waits until breakpoints can be set. */
  async launch(): Promise<void> {
    await this.ask('initialize', { adapterID: 'glowport' });
    await this.ask('launch', {});
    await this.next('initialized');
  }

  /** Lets it run by a request, until it stops. @returns why, with the innermost frame */
  async run<
    Name extends
      | 'continue'
      | 'next'
      | 'stepIn'
      | 'stepOut'
      | 'stepBack'
      | 'reverseContinue'
      | 'configurationDone'
      | 'pause',
  >(command: Name, given: Partial<Requests[Name]['given']> = {}): Promise<Stopped> {
    await this.ask(command, { threadId: 1, ...given } as Requests[Name]['given']);
    return this.stopped();
  }

  /** Where it stops next. */
  async stopped(): Promise<Stopped> {
    const stop = await this.next('stopped');
    const { stackFrames } = await this.ask('stackTrace', { threadId: 1, startFrame: 0, levels: 1 });
    const [frame] = stackFrames;
    return { ...stop, function: frame?.name ?? '', line: frame?.line ?? 0 };
  }

  /** Sets the breakpoints of a file. */
  async breakAt(
    file: string,
    ...breakpoints: DebugProtocol.SourceBreakpoint[]
  ): Promise<DebugProtocol.Breakpoint[]> {
    return (await this.ask('setBreakpoints', { source: { path: file }, breakpoints })).breakpoints;
  }

  /** The variables of a scope of the innermost frame. */
  async scope(
    name: string,
    frameId = 1,
  ): Promise<{ reference: number; variables: DebugProtocol.Variable[] }> {
    const { scopes } = await this.ask('scopes', { frameId });
    const reference = scopes.find((scope) => scope.name === name)!.variablesReference;
    const { variables } = await this.ask('variables', { variablesReference: reference });
    return { reference, variables };
  }

  /** An expression's value. */
  async value(expression: string, context: 'watch' | 'repl' | 'hover' = 'watch'): Promise<string> {
    return (await this.ask('evaluate', { expression, context, frameId: 1 })).result;
  }

  /** Everything that was printed, of a category. */
  printed(category: string): string {
    return this.events
      .filter((e) => e.event === 'output')
      .map((e) => e.body as DebugProtocol.OutputEvent['body'])
      .filter((body) => body.category === category)
      .map((body) => body.output)
      .join('');
  }
}

interface Stopped extends DebugProtocolStopped {
  readonly function: string;
  readonly line: number;
}
type DebugProtocolStopped = DebugProtocol.StoppedEvent['body'];
