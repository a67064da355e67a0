import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { CAPABILITIES } from './dap/capabilities.ts';
import { DapConnection, type Handlers, ShownError } from './dap/connection.ts';
import type { BoardStopped } from './dap/protocol.ts';
import { type DebuggedBoard, UartLog } from './debuggedBoard.ts';
import { Inspection } from './inspection.ts';
import type { Launch } from './launch.ts';
import { logText } from './breakpoints/logText.ts';
import { breakpointHandlers } from './requests/breakpoints.ts';
import { inspectionHandlers } from './requests/inspection.ts';
import { runHandlers } from './requests/run.ts';
import { type MiTuple, textOf } from './mi/value.ts';
import { THREAD } from './run/frames.ts';
import { toldStop } from './run/stops.ts';
import { Target, type TargetEvents } from './target.ts';

/** What an adapter needs of whoever has it. */
export interface AdapterHost {
  /** Makes what is debugged of a configuration, again at each restart. @throws UserError when that cannot be */
  readonly prepare: (configuration: DebugProtocol.LaunchRequestArguments) => Promise<Launch>;
  /** Shows a failure to the user by itself; false where the client has to. */
  readonly showFailure: (error: UserError) => boolean;
  readonly inWords: (sentence: Sentence) => string;
  /** The board is there now, or no longer. */
  readonly onBoard: (board: DebuggedBoard | undefined) => void;
  readonly log: (line: string) => void;
}

/** A debug adapter for simulated boards: the Debug Adapter Protocol on one side, GDB's machine interface on the other. */
export class Adapter {
  readonly #host: AdapterHost;
  readonly #dap: DapConnection;
  readonly #handlers: Handlers;
  #configuration: DebugProtocol.LaunchRequestArguments = {};
  #launch: Launch | undefined;
  #target: Target | undefined;
  #inspection: Inspection | undefined;
  #uart = new UartLog();
  readonly #text = new TextDecoder();
  /** Where it stood at the last stop that was told. */
  #stopped: BoardStopped | undefined;
  #cyclesAtStop = 0;
  #isClosed = false;

  /** @param send takes messages for the client */
  constructor(host: AdapterHost, send: (message: DebugProtocol.ProtocolMessage) => void) {
    this.#host = host;
    this.#dap = new DapConnection(send);
    const target = (): Target => this.#require();
    this.#handlers = {
      initialize: () => CAPABILITIES,
      launch: (given) => this.#start(given),
      configurationDone: () => target().begin(this.#launch!.stopAtEntry),
      restart: () => this.restart(),
      terminate: () => this.#terminate(),
      disconnect: () => this.close(),
      glowportMonitor: ({ command }) => this.#monitor(String(command)),
      ...breakpointHandlers(target, () => this.#inspected()),
      ...runHandlers(target, () => this.#leaveStop()),
      ...inspectionHandlers(() => this.#inspected()),
    };
  }

  /** Process id of GDB, while something is debugged. */
  get gdbPid(): number | undefined {
    return this.#target?.gdb.pid;
  }

  /** Takes a message of the client's. */
  take(message: DebugProtocol.ProtocolMessage): Promise<void> {
    return this.#dap.take(message, this.#handlers);
  }

  /** Begins again at reset, with the firmware as it now is. @throws Error when that cannot be */
  async restart(): Promise<void> {
    const before = this.#require();
    const launch = (this.#launch = await this.#prepare());
    const wasRunning = before.execution.isRunning;
    if (before.has(launch)) await before.reset();
    else await this.#exchange(before, launch);
    const target = this.#require();
    this.#leaveStop();
    this.#cyclesAtStop = (await target.board.standing()).cycles;
    if (!wasRunning) this.#dap.event('continued', { threadId: THREAD, allThreadsContinued: true });
    await target.begin(launch.stopAtEntry);
  }

  /** Ends GDB and the board. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#host.onBoard(undefined);
    await this.#target?.close();
  }

  async #start(configuration: DebugProtocol.LaunchRequestArguments): Promise<void> {
    this.#configuration = configuration;
    const launch = (this.#launch = await this.#prepare());
    if (await this.#switchOn(launch)) this.#dap.event('initialized', undefined);
  }

  /** Other firmware needs another board, and a GDB that has read it. */
  async #exchange(before: Target, launch: Launch): Promise<void> {
    await before.close();
    const target = await this.#switchOn(launch);
    await target?.breakpoints.takeOver(before.breakpoints);
  }

  /** @returns undefined when the client has left meanwhile */
  async #switchOn(launch: Launch): Promise<Target | undefined> {
    const target = await this.#shown(() => Target.start(launch, this.#events));
    if (this.#isClosed) {
      await target.close();
      return undefined;
    }
    this.#target = target;
    this.#inspection = new Inspection(target, this.#host.inWords, {
      stopped: () => this.#stopped,
      changed: () => this.#dap.event('invalidated', { areas: ['all'] }),
    });
    const uart = (this.#uart = new UartLog());
    const { board } = target;
    this.#host.onBoard({
      id: launch.board,
      name: board.name,
      tensors: board.tensors,
      onUart: (listener) => uart.listen(listener),
      send: (bytes) => board.send(bytes),
      restart: () => this.restart(),
    });
    return target;
  }

  readonly #events: TargetEvents = {
    onStopped: (results) => {
      this.#stop(results).catch((error: unknown) => this.#host.log(String(error))); // GDB has ended meanwhile
    },
    onResumed: () => {
      this.#leaveStop();
      this.#dap.event('continued', { threadId: THREAD, allThreadsContinued: true });
    },
    onUart: (bytes) => {
      this.#uart.push(bytes);
      this.#print('stdout', this.#text.decode(bytes, { stream: true }));
    },
    onTold: (sentence) => this.#print('stderr', `${this.#host.inWords(sentence)}\n`),
    onText: (text) => {
      if (this.#inspection?.take(text) !== true) this.#host.log(text.trimEnd());
    },
    onEnd: (who, why) => this.#lose(who, why),
  };

  #prepare(): Promise<Launch> {
    return this.#shown(() => this.#host.prepare(this.#configuration));
  }

  /** Failures for users are shown by the host, with what helps. */
  async #shown<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UserError && this.#host.showFailure(error)) throw new ShownError(error.message);
      throw error;
    }
  }

  /** GDB says that the board stands: whether that is a stop for the user is found out. */
  async #stop(results: MiTuple): Promise<void> {
    const target = this.#require();
    const { logMessage } = target.breakpoints.find(textOf(results, 'bkptno') ?? '') ?? {};
    if (logMessage !== undefined) this.#print('console', `${await logText(target.gdb, logMessage)}\n`);
    const seen = await (logMessage === undefined ? target.steps.stopped(results) : target.steps.goOn());
    if (seen) await this.#tellStop(target, seen);
  }

  async #tellStop(target: Target, results: MiTuple): Promise<void> {
    const standing = await target.board.standing();
    if (this.#isClosed) return;
    const stopped = { ...standing, cyclesSinceStop: standing.cycles - this.#cyclesAtStop };
    this.#stopped = stopped;
    this.#cyclesAtStop = standing.cycles;
    const { description, text, ...told } = toldStop(results, stopped, (number) =>
      target.breakpoints.find(number),
    );
    this.#dap.event('stopped', {
      ...told,
      hitBreakpointIds: [...told.hitBreakpointIds],
      description: this.#host.inWords(description),
      ...(text ? { text: this.#host.inWords(text) } : {}),
      threadId: THREAD,
      allThreadsStopped: true,
    });
    this.#dap.event('glowportStopped', stopped);
  }

  /** What was shown of the stop means nothing any more. */
  #leaveStop(): void {
    this.#stopped = undefined;
    this.#inspection?.clear();
  }

  async #monitor(command: string): Promise<{ readonly text: string }> {
    return { text: await this.#require().board.monitor(command) };
  }

  async #terminate(): Promise<void> {
    await this.close();
    this.#dap.event('terminated', undefined);
  }

  #lose(who: 'GDB' | 'simulator', why: string): void {
    const sentence = who === 'GDB' ? say`GDB has ended (${why}).` : say`The simulator has ended (${why}).`;
    this.#print('stderr', `${this.#host.inWords(sentence)}\n`);
    void this.#terminate();
  }

  #print(category: DebugProtocol.OutputEvent['body']['category'], output: string): void {
    if (output !== '') this.#dap.event('output', { category, output });
  }

  #inspected(): Inspection {
    this.#require();
    return this.#inspection!;
  }

  #require(): Target {
    if (!this.#target || this.#isClosed) throw new Error(this.#host.inWords(say`Nothing is being debugged.`));
    return this.#target;
  }
}
