import type {
  LineEnding,
  MonitorState,
  MonitorToHost,
  Problem,
} from '../../../webview/shared/messages/monitor.ts';
import type { Handlers } from '../../../webview/shared/messages/protocol.ts';
import type { PortSettings } from '../../../webview/shared/portSettings.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { Connection, type ConnectionState } from '../../serial/connection.ts';
import {
  type OpenPort,
  type PortDescription,
  type PortEvents,
  simulatedBoardOf,
  simulatedPortId,
} from '../../serial/port.ts';
import { builtFirmware } from '../../workflow/port/builtFirmware.ts';
import type { AnyPortResult } from '../../workflow/port/portCompiled.ts';
import { inWords } from '../words.ts';
import { changeNote, statusText } from './connectionWords.ts';
import { openDebuggedPort } from './debuggedPort.ts';
import { Drawing } from './drawing.ts';
import type { MonitorHost, Preferences } from './host.ts';
import { Incoming } from './incoming.ts';
import { Ports } from './ports.ts';
import { problemOf } from './problem.ts';
import { referenceOf, References } from './reference.ts';

/** Longest line that can be sent, in bytes. */
const MAX_SEND = 64 * 1024;

const ENDINGS: Readonly<Record<LineEnding, string>> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' };

/**
 * The serial monitor without its view: one connection and what becomes of its bytes (log, record, results), the port it is
 * for, and drawings. Speaks to a page in the messages of webview/shared/messages/monitor.ts.
 */
export class MonitorModel {
  readonly #host: MonitorHost;
  readonly #connection: Connection;
  readonly #ports: Ports;
  readonly #references: References;
  readonly #incoming: Incoming;
  readonly #drawing: Drawing;
  #preferences: Preferences;
  #problem: Problem | undefined;
  /** The port that is, or was last, connected is the board under the debugger. */
  #showsDebugged = false;
  /** What the connection was before its last change. */
  #before: ConnectionState['kind'] = 'idle';

  constructor(host: MonitorHost) {
    this.#host = host;
    const memory = host.memory.get() ?? {};
    const defaults = host.defaults();
    this.#preferences = {
      lineEnding: memory.lineEnding ?? defaults.lineEnding,
      timestamps: memory.timestamps ?? defaults.timestamps,
      hex: memory.hex ?? false,
    };
    this.#ports = new Ports(host, memory);
    this.#references = new References(memory.references);
    this.#incoming = new Incoming(host, this.#references, {
      changed: () => this.#tellHost(),
      failed: (error) => this.#fail(error),
    });
    this.#drawing = new Drawing(host, memory.drawing, () => this.#sendState());
    this.#connection = new Connection({
      open: (port, settings, events) => this.#open(port, settings, events),
      owner: host.owner,
      list: () => host.listPorts(),
      onData: (bytes) => this.#receive(bytes),
      onState: (state) => this.#connectionChanged(state),
      onNotice: (notice) => this.#incoming.note(inWords(notice, host.t)),
      reconnect: () => host.defaults().reconnect,
    });
  }

  /** What the page sends; unknown or malformed messages change nothing. */
  readonly handlers: Handlers<MonitorToHost> = {
    ready: () => {
      this.#sendState();
      this.#host.post({ type: 'result', result: this.#incoming.results.shown });
      void this.refresh();
    },
    window: (window) => this.#incoming.log.setWindow(window),
    drawn: () => this.#incoming.log.drawn(),
    selectPort: ({ id }) => this.#selectPort(String(id)),
    otherPort: () => void this.#otherPort(),
    settings: ({ settings }) => this.#setSettings(settings),
    connect: () => void this.connect(),
    disconnect: () => void this.disconnect(),
    reset: () => void this.reset(),
    refresh: () => void this.refresh(),
    send: ({ text }) => void this.#send(String(text)),
    lineEnding: ({ value }) => this.#prefer(Object.hasOwn(ENDINGS, value) ? { lineEnding: value } : {}),
    timestamps: ({ on }) => this.#prefer({ timestamps: on === true }),
    hex: ({ on }) => this.#prefer({ hex: on === true }),
    clear: () => void this.clear(),
    copy: ({ text }) => this.#host.copy(typeof text === 'string' ? text : this.#incoming.log.text()),
    save: () => void this.save(),
    search: ({ query, matchCase }) => this.#incoming.log.search(String(query), matchCase === true),
    step: ({ from, direction }) => this.#incoming.log.step(Number(from) || 0, direction === -1 ? -1 : 1),
    help: ({ action }) => this.#host.help(action),
    dismiss: () => {
      this.#problem = undefined;
      this.#sendState();
    },
    draw: ({ width, height, pixels }) => void this.#draw(width, height, pixels),
    drop: ({ name, bytes }) => this.#showPicture(String(name), bytes),
    choosePicture: () => void this.#choosePicture(),
  };

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Looks which ports there are. */
  async refresh(): Promise<void> {
    if (!(await this.#ports.refresh(this.#references.newest?.boardId))) return;
    this.#sendState();
    this.#tellHost();
  }

  /** The settings have changed: those that are not read at each use. */
  settingsChanged(): void {
    this.#incoming.log.setMaxLines(this.#host.defaults().maxLines);
  }

  /** Nobody looks at the page now. */
  hide(): void {
    this.#incoming.log.hide();
  }

  /** Connects to the port chosen. Failures are shown, not thrown. */
  async connect(): Promise<void> {
    if (this.#ports.list.length === 0) await this.refresh();
    const { chosen, settings } = this.#ports;
    const port = chosen === undefined ? undefined : this.#ports.describe(chosen);
    if (!port || !this.#host.isTrusted()) return this.#sendState();
    this.#problem = undefined;
    try {
      await this.#connection.connect(port, settings);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Answers at once, whatever the port is doing. */
  async disconnect(): Promise<void> {
    this.#problem = undefined;
    await this.#connection.disconnect();
  }

  async reset(): Promise<void> {
    try {
      await this.#connection.reset();
      this.#incoming.results.restart();
    } catch (error) {
      this.#fail(error);
    }
  }

  async clear(): Promise<void> {
    await this.#incoming.clear();
  }

  /** Saves every byte received since the last clear. */
  async save(): Promise<void> {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const { chosen = 'serial', simulatedBoard } = this.#ports;
    const name = simulatedBoard ?? chosen.replace(/^.*[\\/]/, '');
    const file = await this.#host.askWhereToSave(`${name}-${stamp}.log`);
    if (file === undefined) return;
    try {
      this.#host.tellSaved(file, await this.#incoming.save(file));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A port of a model has finished: its output, its result, and its firmware for the simulated board. */
  async show(result: AnyPortResult): Promise<void> {
    const reference = referenceOf(result);
    const { board, choices, run } = result;
    this.#references.add(reference);
    this.#drawing.portedTo(result);
    this.#problem = undefined;
    const port = choices.port ?? simulatedPortId(board.id);
    const isConnected = this.#connection.state.kind !== 'idle';
    // a real board stays connected; what the simulated one printed is shown beside it
    if (choices.port !== undefined || !isConnected || this.#ports.isSimulated) this.#ports.chosen = port;
    this.#remember();
    // it runs the firmware of before
    if (isConnected && this.#ports.isSimulated) await this.#connection.disconnect();
    if (this.#ports.list.length === 0) await this.refresh();
    if (run) {
      const source = this.#ports.describe(port)?.label ?? board.id;
      this.#incoming.note(this.#host.t('{0} ran the new firmware:', source));
      this.#incoming.take(run.simulation.uart);
      this.#incoming.results.forgetTimes();
      this.#incoming.results.showOther(run.report, reference, source);
    }
    this.#sendState();
    if (choices.port !== undefined) await this.connect();
  }

  /** Debugging a simulated board has begun, or ended: its UART is shown, unless a real port is. */
  async debuggedChanged(): Promise<void> {
    const board = this.#host.debugged();
    const isConnected = this.#connection.state.kind !== 'idle';
    if (!board) {
      if (this.#showsDebugged) await this.disconnect();
      this.#showsDebugged = false;
      return;
    }
    if (isConnected && !this.#ports.isSimulated) return;
    this.#ports.chosen = simulatedPortId(board.id);
    this.#remember();
    await this.connect();
  }

  async dispose(): Promise<void> {
    this.#drawing.dispose();
    await this.#connection.disconnect();
    await this.#incoming.dispose();
  }

  // --- the port ---

  #selectPort(id: string): void {
    if (this.#connection.state.kind !== 'idle') void this.#connection.disconnect();
    this.#ports.chosen = id;
    this.#problem = undefined;
    this.#remember();
  }

  async #otherPort(): Promise<void> {
    const path = (await this.#host.askPort())?.trim();
    if (path) this.#selectPort(path);
    else this.#sendState();
  }

  #setSettings(settings: PortSettings): void {
    if (!this.#ports.setSettings(settings)) return this.#sendState();
    this.#remember();
    // a connected port takes the new settings by being opened again
    if (this.#connection.state.kind === 'connected' && !this.#ports.isSimulated) void this.connect();
  }

  async #open(port: PortDescription, settings: PortSettings, events: PortEvents): Promise<OpenPort> {
    const boardId = simulatedBoardOf(port.id);
    if (boardId === undefined) return this.#host.openPort(port, settings, events);
    const debugged = this.#host.debugged();
    this.#showsDebugged = debugged?.id === boardId;
    if (debugged?.id === boardId) return openDebuggedPort(debugged, events);
    const reference = this.#references.get(boardId);
    if (!reference) {
      throw new UserError(
        'usage',
        say`There is no firmware for ${port.label} yet.`,
        say`Port a model to this board first.`,
      );
    }
    return this.#host.openSimulated(boardId, await builtFirmware(reference.elf), events);
  }

  #connectionChanged(state: ConnectionState): void {
    const before = this.#before;
    this.#before = state.kind;
    if (state.kind === 'connected') {
      this.#incoming.results.restart();
      this.#incoming.results.forgetTimes();
      this.#problem = undefined;
    } else if (before === 'connected') this.#incoming.log.end(Date.now());
    const note = changeNote(before, state, this.#host.t);
    if (note !== undefined) this.#incoming.note(note);
    if (state.kind === 'waiting' || (state.kind === 'idle' && state.problem)) {
      this.#problem = state.problem && problemOf(state.problem, this.#host);
    }
    this.#sendState();
    this.#tellHost();
  }

  async #send(text: string): Promise<void> {
    const line = Buffer.from(text + ENDINGS[this.#preferences.lineEnding]);
    try {
      await this.#connection.send(line.subarray(0, MAX_SEND));
    } catch (error) {
      this.#fail(error);
    }
  }

  #receive(bytes: Uint8Array): void {
    const { state } = this.#connection;
    this.#incoming.receive(bytes, state.kind === 'connected' ? state.port : undefined);
  }

  // --- drawing ---

  async #draw(width: number, height: number, pixels: Uint8Array): Promise<void> {
    const drawn = await this.#drawing.run(width, height, pixels);
    const reference = drawn && this.#references.get(drawn.board.id);
    if (!reference) return;
    const source = this.#host.t('Drawing on {0} (simulated)', drawn.board.name);
    this.#incoming.results.showOther(drawn.report, { ...reference, pc: drawn.expected }, source);
  }

  #showPicture(name: string, bytes: Uint8Array): void {
    const message = this.#drawing.pictureMessage(name, bytes);
    if (message) this.#host.post(message);
    this.#sendState();
  }

  async #choosePicture(): Promise<void> {
    const file = await this.#host.askForImage();
    if (file) this.#showPicture(file.name, file.bytes);
  }

  // --- what goes out ---

  #prefer(change: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...change };
    this.#remember();
  }

  #remember(): void {
    const { chosen, settings } = this.#ports;
    this.#host.memory.set({
      ...this.#preferences,
      ...(chosen === undefined ? {} : { port: chosen }),
      settings,
      references: this.#references.all,
      drawing: this.#drawing.kept,
    });
    this.#sendState();
  }

  /** The simulated board chosen, where it has firmware. */
  #ready(): PortDescription | undefined {
    const { chosen, simulatedBoard } = this.#ports;
    const hasFirmware = simulatedBoard !== undefined && this.#references.get(simulatedBoard) !== undefined;
    return hasFirmware ? this.#ports.describe(chosen ?? '') : undefined;
  }

  #fail(error: unknown): void {
    if (error instanceof UserError && error.code === 'cancelled') return;
    this.#problem = problemOf(error, this.#host);
    this.#sendState();
  }

  #tellHost(): void {
    this.#host.changed({
      connected: this.#connection.state.kind === 'connected',
      hasLog: this.#incoming.log.received > 0,
      ports: this.#ports.list,
    });
  }

  #sendState(): void {
    const { state } = this.#connection;
    const message: MonitorState = {
      type: 'state',
      trusted: this.#host.isTrusted(),
      ports: this.#ports.items(),
      port: this.#ports.chosen,
      settings: this.#ports.settings,
      connection: state.kind,
      status: statusText(state, this.#ready(), this.#showsDebugged, this.#host.t),
      problem: this.#problem,
      ...this.#preferences,
      drawing: this.#drawing.state(),
    };
    this.#host.post(message);
  }
}
