import path from 'node:path';
import type { MonitorState, MonitorToHost, Problem } from '../../../webview/shared/messages/monitor.ts';
import type { Handlers } from '../../../webview/shared/messages/protocol.ts';
import { checkedFilter, checkedPattern, type LineFilter } from '../../../webview/shared/linePattern.ts';
import type { PortManners, PortSettings } from '../../../webview/shared/portSettings.ts';
import { LINE_ENDINGS, SEND_MODES } from '../../../webview/shared/sends.ts';
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
import type { MonitorHost, Preferences, SavedKind } from './host.ts';
import { Incoming } from './incoming.ts';
import type { Monitor } from './portClaims.ts';
import { Ports } from './ports.ts';
import { problemOf } from './problem.ts';
import { referenceOf } from './reference.ts';
import { Sender } from './send/sender.ts';
import { TakenPort } from './takenPort.ts';
import { asTimestamps } from './timestamps.ts';

/**
 * The serial monitor without its view: one connection and what becomes of its bytes (log, record, results), the port it is
 * for, and drawings. Speaks to a page in the messages of webview/shared/messages/monitor.ts.
 */
export class MonitorModel {
  readonly #host: MonitorHost;
  readonly #connection: Connection;
  readonly #ports: Ports;
  readonly #incoming: Incoming;
  readonly #drawing: Drawing;
  readonly #sender: Sender;
  readonly #savedSends: { dispose(): void };
  #preferences: Preferences;
  #problem: Problem | undefined;
  /** The port that is, or was last, connected is the board under the debugger. */
  #showsDebugged = false;
  /** The monitor that has the port that was to be opened. */
  #owner: Monitor | undefined;
  #isDisposed = false;
  /** What the connection was before its last change. */
  #before: ConnectionState['kind'] = 'idle';

  constructor(host: MonitorHost) {
    this.#host = host;
    const memory = host.memory.get() ?? {};
    const defaults = host.defaults();
    this.#preferences = {
      lineEnding: memory.lineEnding ?? defaults.lineEnding,
      timestamps: asTimestamps(memory.timestamps) ?? defaults.timestamps,
      hex: memory.hex ?? false,
      sendMode: memory.sendMode ?? 'text',
      echo: memory.echo ?? false,
    };
    this.#ports = new Ports(host, memory);
    this.#incoming = new Incoming(host, {
      changed: () => this.#logChanged(),
      failed: (error) => this.#fail(error),
    });
    this.#incoming.log.setTimestamps(this.#preferences.timestamps);
    this.#incoming.setEncoding(this.#ports.manners.encoding);
    this.#drawing = new Drawing(host, memory.drawing, () => this.#sendState());
    this.#sender = new Sender({
      send: (bytes) => this.#connection.send(bytes),
      encoding: () => this.#ports.manners.encoding,
      echo: () => (this.#preferences.echo ? (text) => this.#incoming.sent(text) : undefined),
      failed: (error) => this.#fail(error),
    });
    this.#savedSends = host.savedSends.onChange(() => this.#sendState());
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
    manners: ({ manners }) => void this.#setManners(manners),
    break: () => void this.sendBreak(),
    send: ({ text }) => void this.#send(String(text)),
    control: ({ key }) => void this.#sender.control(key),
    lineEnding: ({ value }) => this.#prefer(LINE_ENDINGS.includes(value) ? { lineEnding: value } : {}),
    sendMode: ({ value }) => this.#prefer(SEND_MODES.includes(value) ? { sendMode: value } : {}),
    echo: ({ on }) => this.#prefer({ echo: on === true }),
    saveSend: ({ send }) => this.#host.savedSends.save({ ...send, text: String(send?.text) }),
    runSend: ({ id }) => this.sendSaved(id),
    renameSend: ({ id, name }) => this.#host.savedSends.rename(id, String(name)),
    removeSend: ({ id }) => this.#host.savedSends.remove(id),
    logToFile: ({ on }) => void (on === true ? this.startFileLog() : this.stopFileLog()),
    focus: ({ on }) => this.#host.focused(on === true),
    timestamps: ({ value }) => this.#prefer({ timestamps: asTimestamps(value) ?? 'off' }),
    hex: ({ on }) => this.#prefer({ hex: on === true }),
    clear: () => void this.clear(),
    copy: ({ text }) => this.#host.copy(typeof text === 'string' ? text : this.#incoming.log.text()),
    save: () => void this.save(),
    search: ({ pattern }) => this.#incoming.log.search(checkedPattern(pattern)),
    filter: ({ filter }) => this.#setFilter(filter),
    step: ({ from, direction }) => this.#incoming.log.step(Number(from) || 0, direction === -1 ? -1 : 1),
    plot: ({ request }) => this.#incoming.plot.setRequest(request),
    plotDrawn: () => this.#incoming.plot.drawn(),
    exportPlot: () => void this.#exportPlot(),
    help: ({ action }) => (action === 'showOther' ? this.#owner?.show() : this.#host.help(action)),
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
    if (!(await this.#ports.refresh(this.#host.references.newest?.boardId))) return;
    this.#sendState();
    this.#tellHost();
  }

  /** The settings have changed: those that are not read at each use. */
  settingsChanged(): void {
    this.#incoming.log.setMaxLines(this.#host.defaults().maxLines);
  }

  /** Nobody looks at the page now. */
  hide(): void {
    this.#incoming.hide();
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

  async sendBreak(): Promise<void> {
    try {
      await this.#connection.sendBreak();
      this.#incoming.note(this.#host.t('Break sent'));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Turns DTR or RTS of the port chosen on or off. */
  async toggleLine(line: 'dtr' | 'rts'): Promise<void> {
    const { manners } = this.#ports;
    await this.#setManners({ ...manners, lines: { ...manners.lines, [line]: !manners.lines[line] } });
  }

  /** Sends a line that was saved; nothing when there is none. */
  sendSaved(id: number): void {
    const saved = this.#host.savedSends.find(id);
    if (saved) void this.#sender.line(saved);
  }

  /** Asks for a file and lets the log go there. */
  async startFileLog(): Promise<void> {
    await this.#incoming.fileLogging.start(this.#nameOf('fileLog'));
  }

  async stopFileLog(): Promise<void> {
    await this.#incoming.fileLogging.stop();
  }

  /** The page searches. */
  find(): void {
    this.#host.post({ type: 'openFind' });
  }

  async clear(): Promise<void> {
    await this.#incoming.clear();
  }

  /** Saves every byte received since the last clear. */
  async save(): Promise<void> {
    await this.#saveAs('log', (file) => this.#incoming.save(file));
  }

  /** Saves the numbers that the plot has. */
  async #exportPlot(): Promise<void> {
    await this.#saveAs('csv', async (file) => {
      const csv = Buffer.from(this.#incoming.plot.csv());
      const { writeChosen } = await import('../../common/output/writeOutputs.ts');
      await writeChosen(file, csv, [this.#host.recordFile]);
      return csv.length;
    });
  }

  /** Asks for a file, and has it written; `save` resolves to its bytes. */
  async #saveAs(kind: SavedKind, save: (file: string) => Promise<number>): Promise<void> {
    const file = await this.#host.askWhereToSave(this.#nameOf(kind), kind);
    if (file === undefined) return;
    try {
      this.#host.tellSaved(file, await save(file));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A port of a model has finished: its output, its result, and its firmware for the simulated board. */
  async show(result: AnyPortResult): Promise<void> {
    const reference = referenceOf(result);
    const { board, choices, run } = result;
    this.#host.references.add(reference);
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
      this.#incoming.takeRun(this.#host.t('{0} ran the new firmware:', source), run.simulation.uart);
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

  /** Another firmware was built for a simulated board: where it runs, it runs anew. */
  async firmwareChanged(boardId: string): Promise<void> {
    if (this.#ports.simulatedBoard !== boardId) return;
    if (this.#connection.state.kind === 'idle') this.#sendState();
    else await this.connect();
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#drawing.dispose();
    this.#savedSends.dispose();
    await this.#connection.disconnect();
    await this.#incoming.dispose();
  }

  // --- the port ---

  #selectPort(id: string): void {
    if (this.#host.onlyPort !== undefined) return;
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

  async #setManners(manners: PortManners): Promise<void> {
    const before = this.#ports.manners.lines;
    if (!this.#ports.setManners(manners)) return this.#sendState();
    this.#remember();
    const { encoding, lines } = this.#ports.manners;
    this.#incoming.setEncoding(encoding);
    const isChanged = lines.dtr !== before.dtr || lines.rts !== before.rts;
    if (!isChanged || this.#connection.state.kind !== 'connected') return;
    try {
      await this.#connection.setLines(lines);
    } catch (error) {
      this.#ports.setManners({ ...manners, lines: before }); // as they are
      this.#remember();
      this.#fail(error);
    }
  }

  #setSettings(settings: PortSettings): void {
    if (!this.#ports.setSettings(settings)) return this.#sendState();
    this.#remember();
    // a connected port takes the new settings by being opened again
    if (this.#connection.state.kind === 'connected' && !this.#ports.isSimulated) void this.connect();
  }

  async #open(port: PortDescription, settings: PortSettings, events: PortEvents): Promise<OpenPort> {
    const owner = this.#host.takePort(port.id);
    if (owner) throw new TakenPort(port.label, owner);
    const boardId = simulatedBoardOf(port.id);
    if (boardId === undefined) return this.#host.openPort(port, settings, events, this.#ports.manners.lines);
    const debugged = this.#host.debugged();
    this.#showsDebugged = debugged?.id === boardId;
    if (debugged?.id === boardId) return openDebuggedPort(debugged, events);
    const reference = this.#host.references.get(boardId);
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
    if (state.kind === 'connecting') this.#incoming.setEncoding(this.#ports.manners.encoding);
    if (state.kind === 'connected') {
      this.#incoming.results.restart();
      this.#incoming.results.forgetTimes();
      this.#incoming.log.connected(Date.now());
      this.#problem = undefined;
      if (state.port.kind === 'serial' && this.#ports.manners.resetOnConnect) void this.reset();
    } else if (before === 'connected') this.#incoming.end();
    const note = changeNote(before, state, this.#host.t);
    if (note !== undefined) this.#incoming.note(note);
    if (state.kind === 'waiting' || (state.kind === 'idle' && state.problem)) {
      this.#problem = state.problem && this.#problemOf(state.problem);
    }
    if (state.kind === 'idle') this.#host.leavePorts();
    if (this.#isDisposed) return;
    this.#remember();
    this.#tellHost();
  }

  async #send(text: string): Promise<void> {
    const { sendMode, lineEnding } = this.#preferences;
    await this.#sender.line({ text, mode: sendMode, lineEnding });
  }

  #receive(bytes: Uint8Array): void {
    const { state } = this.#connection;
    this.#incoming.receive(bytes, state.kind === 'connected' ? state.port : undefined);
  }

  // --- drawing ---

  async #draw(width: number, height: number, pixels: Uint8Array): Promise<void> {
    const drawn = await this.#drawing.run(width, height, pixels);
    const reference = drawn && this.#host.references.get(drawn.board.id);
    if (!reference) return;
    const { t } = this.#host;
    this.#incoming.takeRun(t('{0} (simulated) ran the drawing:', drawn.board.name), drawn.uart);
    const source = t('Drawing on {0} (simulated)', drawn.board.name);
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

  #setFilter(filter: LineFilter | undefined): void {
    this.#incoming.log.setFilter(checkedFilter(filter));
    this.#sendState();
  }

  #prefer(change: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...change };
    this.#incoming.log.setTimestamps(this.#preferences.timestamps);
    this.#remember();
  }

  #remember(): void {
    const { chosen } = this.#ports;
    this.#host.memory.set({
      ...this.#preferences,
      ...(chosen === undefined ? {} : { port: chosen }),
      ports: this.#ports.uses,
      connected: this.#connection.state.kind !== 'idle',
      drawing: this.#drawing.kept,
    });
    this.#sendState();
  }

  /** The simulated board chosen, where it has firmware. */
  #ready(): PortDescription | undefined {
    const { chosen, simulatedBoard } = this.#ports;
    const hasFirmware =
      simulatedBoard !== undefined && this.#host.references.get(simulatedBoard) !== undefined;
    return hasFirmware ? this.#ports.describe(chosen ?? '') : undefined;
  }

  #fail(error: unknown): void {
    if (error instanceof UserError && error.code === 'cancelled') return;
    this.#problem = this.#problemOf(error);
    this.#sendState();
  }

  #problemOf(error: unknown): Problem {
    this.#owner = error instanceof TakenPort ? error.owner : undefined;
    return problemOf(error, this.#host);
  }

  /** A name for a file: port or board, and the time. */
  #nameOf(kind: SavedKind): string {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const { chosen = 'serial', simulatedBoard } = this.#ports;
    return `${simulatedBoard ?? chosen.replace(/^.*[\\/]/, '')}-${stamp}.${kind === 'csv' ? 'csv' : 'log'}`;
  }

  #logChanged(): void {
    this.#sendState();
    this.#tellHost();
  }

  #tellHost(): void {
    const connected = this.#connection.state.kind === 'connected';
    this.#host.changed({
      connected,
      hasLines: connected && !this.#ports.isSimulated,
      hasLog: this.#incoming.log.received > 0,
      isLogging: this.#incoming.fileLogging.file !== undefined,
      ports: this.#ports.list,
    });
  }

  #sendState(): void {
    const { state } = this.#connection;
    const { file } = this.#incoming.fileLogging;
    const message: MonitorState = {
      type: 'state',
      trusted: this.#host.isTrusted(),
      ports: this.#ports.items(),
      port: this.#ports.chosen,
      isOnlyPort: this.#host.onlyPort !== undefined,
      settings: this.#ports.settings,
      manners: this.#ports.manners,
      savedSends: this.#host.savedSends.all,
      logFile: file === undefined ? undefined : path.basename(file),
      connection: state.kind,
      status: statusText(state, this.#ready(), this.#showsDebugged, this.#host.t),
      problem: this.#problem,
      ...this.#preferences,
      filter: this.#incoming.log.filter,
      // pictures are for the last port, and so is the panel's monitor
      drawing: this.#host.onlyPort === undefined ? this.#drawing.state() : { kind: 'none' },
    };
    this.#host.post(message);
  }
}
