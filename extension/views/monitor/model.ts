import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { BoardData } from '../../board/catalogue.ts';
import type { Image } from '../../image/image.ts';
import type { ImageGeometry } from '../../image/tensor.ts';
import { Connection, type ConnectionState } from '../../serial/connection.ts';
import { ReportParser } from '../../serial/parse.ts';
import {
  DEFAULT_SETTINGS,
  type OpenPort,
  type PortDescription,
  type PortEvents,
  simulatedBoardOf,
  simulatedPortId,
} from '../../serial/port.ts';
import { checkedSettings, type PortSettings } from '../../../webview/shared/portSettings.ts';
import type { PortOwner } from '../../serial/portOwner.ts';
import { Recorder } from '../../serial/recorder.ts';
import type { InferenceReport } from '../../serial/report.ts';
import type { Expected } from '../../workflow/compare/compare.ts';
import type { PortRecord } from '../../workflow/port/portedNetwork.ts';
import type {
  DrawingState,
  LineEnding,
  MonitorState,
  MonitorToHost,
  MonitorToPage,
  Problem,
  Result,
} from '../../../webview/shared/messages/monitor.ts';
import type { Handlers } from '../../../webview/shared/messages/protocol.ts';
import {
  type Drawable,
  drawingGeometry,
  type KeptDrawing,
  keptDrawing,
  pictureFor,
  readFirmware,
  restoredDrawing,
  runDrawing,
} from './drawing.ts';
import { inWords, told } from '../words.ts';
import { MonitorLog } from './log.ts';
import { type Reference, resultOf, type ResultWords } from './result.ts';

/** Inference times kept for the sparkline. */
const HISTORY = 60;
/** A result is shown at most this often; a fast board prints hundreds a second. */
const RESULT_MS = 100;
/** Longest line that can be sent, in bytes. */
const MAX_SEND = 64 * 1024;
/** Largest image file taken from the page. */
const MAX_DROP = 32 * 1024 * 1024;

const ENDINGS: Readonly<Record<LineEnding, string>> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' };

/** What a finished port left behind, as far as the monitor needs it. */
export interface Outcome {
  readonly boardId: string;
  readonly labels: readonly string[];
  readonly elf: string | undefined;
  /** Device path when the firmware is meant for a real board. */
  readonly serialPath: string | undefined;
  readonly uart: Uint8Array;
  readonly report: InferenceReport | undefined;
  readonly expected: Expected;
  readonly drawable: Drawable & PortRecord;
}

/** What survives a reload of the window. */
interface Memory {
  readonly port?: string;
  readonly settings?: PortSettings;
  readonly lineEnding?: LineEnding;
  readonly timestamps?: boolean;
  readonly hex?: boolean;
  readonly references?: readonly Reference[];
  readonly drawing?: KeptDrawing | undefined;
}

/** The model's surroundings: VS Code in the product, plain values in tests. */
export interface MonitorHost {
  /** Sends to the page; lost while the view is hidden. */
  post(message: MonitorToPage): void;
  readonly boards: readonly BoardData[];
  listPorts(): Promise<readonly PortDescription[]>;
  openPort(port: PortDescription, settings: PortSettings, events: PortEvents): Promise<OpenPort>;
  openSimulated(boardId: string, firmware: Uint8Array, events: PortEvents): Promise<OpenPort>;
  readonly owner: PortOwner;
  readonly memory: { get(): Memory | undefined; set(memory: Memory): void };
  /** User settings, read when needed. */
  defaults(): {
    readonly baudRate: number;
    readonly lineEnding: LineEnding;
    readonly timestamps: boolean;
    readonly maxLines: number;
    readonly reconnect: boolean;
  };
  /** The board chosen in the picker. */
  selectedBoard(): string | undefined;
  /** Class names of the labels file in the settings; they win over the model's own. */
  labels(): readonly string[];
  isTrusted(): boolean;
  /** Where to record. */
  readonly recordFile: string;
  readonly log: (line: string) => void;
  /** Translates; {0} … are replaced. */
  t(message: string, ...values: (string | number)[]): string;
  copy(text: string): void;
  /** Asks for the path of a port that is not listed. */
  askPort(): Promise<string | undefined>;
  /** Asks where to save the log, with a proposed name; undefined when cancelled. */
  askWhereToSave(name: string): Promise<string | undefined>;
  /** Asks for an image file. */
  askForImage(): Promise<{ name: string; bytes: Uint8Array } | undefined>;
  /** A saved file, with the number of bytes. */
  tellSaved(file: string, bytes: number): void;
  help(action: 'port'): void;
  /** Ports and state have changed: context keys, probes. */
  changed(state: { connected: boolean; hasLog: boolean; ports: readonly PortDescription[] }): void;
}

/**
 * The serial monitor without its view: one connection, its log, recorder and parsed results, drawings; speaks to a page
 * in the messages of webview/monitor/messages.ts.
 */
export class MonitorModel {
  readonly #host: MonitorHost;
  readonly #connection: Connection;
  readonly #log: MonitorLog;
  readonly #recorder: Recorder;
  #parser = new ReportParser();
  #ports: readonly PortDescription[] = [];
  #port: string | undefined;
  #settings: PortSettings;
  #lineEnding: LineEnding;
  #timestamps: boolean;
  #hex: boolean;
  #references: Map<string, Reference>;
  #problem: Problem | undefined;
  #before: ConnectionState['kind'] = 'idle';
  #result: Result | undefined;
  #history: number[] = [];
  #resultTimer: NodeJS.Timeout | undefined;
  #resultAt = 0;
  /** Of the last port; after a reload made again from what was kept, when a picture is drawn. */
  #drawable: Drawable | undefined;
  #kept: KeptDrawing | undefined;
  #drawing: { problem: Problem | undefined; abort: AbortController | undefined } = {
    problem: undefined,
    abort: undefined,
  };

  constructor(host: MonitorHost) {
    this.#host = host;
    const memory = host.memory.get() ?? {};
    const defaults = host.defaults();
    this.#port = memory.port;
    this.#settings = memory.settings ?? { ...DEFAULT_SETTINGS, baudRate: this.#defaultBaud() };
    this.#lineEnding = memory.lineEnding ?? defaults.lineEnding;
    this.#timestamps = memory.timestamps ?? defaults.timestamps;
    this.#hex = memory.hex ?? false;
    this.#references = new Map((memory.references ?? []).map((r) => [r.boardId, r]));
    this.#kept = memory.drawing;
    this.#log = new MonitorLog(defaults.maxLines, (message) => host.post(message));
    this.#recorder = new Recorder(host.recordFile, (error) => this.#fail(error));
    this.#connection = new Connection({
      open: (port, settings, events) => this.#open(port, settings, events),
      owner: host.owner,
      list: () => host.listPorts(),
      onData: (bytes) => this.#receive(bytes),
      onState: (state) => this.#onConnection(state),
      onNotice: (notice) => this.#log.note(inWords(notice, host.t), Date.now()),
      reconnect: () => host.defaults().reconnect,
    });
  }

  /** What the page sends; unknown or malformed messages change nothing. */
  readonly handlers: Handlers<MonitorToHost> = {
    ready: () => {
      this.#sendState();
      this.#host.post({ type: 'result', result: this.#result });
      void this.refresh();
    },
    window: (window) => this.#log.setWindow(window),
    drawn: () => this.#log.drawn(),
    selectPort: ({ id }) => this.#selectPort(String(id)),
    otherPort: () => void this.#otherPort(),
    settings: ({ settings }) => this.#setSettings(settings),
    connect: () => void this.connect(),
    disconnect: () => void this.disconnect(),
    reset: () => void this.reset(),
    refresh: () => void this.refresh(),
    send: ({ text }) => void this.#send(String(text)),
    lineEnding: ({ value }) => {
      if (Object.hasOwn(ENDINGS, value)) this.#lineEnding = value;
      this.#remember();
    },
    timestamps: ({ on }) => {
      this.#timestamps = on === true;
      this.#remember();
    },
    hex: ({ on }) => {
      this.#hex = on === true;
      this.#remember();
    },
    clear: () => void this.clear(),
    copy: ({ text }) => this.#host.copy(typeof text === 'string' ? text : this.#log.text()),
    save: () => void this.save(),
    search: ({ query, matchCase }) => this.#log.search(String(query), matchCase === true),
    step: ({ from, direction }) => this.#log.step(Number(from) || 0, direction === -1 ? -1 : 1),
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
    const ports = await this.#host.listPorts();
    const same = JSON.stringify(ports) === JSON.stringify(this.#ports);
    this.#ports = ports;
    if (this.#port === undefined || !this.#knownPort(this.#port)) this.#port = this.#proposedPort();
    if (same) return;
    this.#sendState();
    this.#tellHost();
  }

  /** The settings have changed: those that are not read at each use. */
  settingsChanged(): void {
    this.#log.setMaxLines(this.#host.defaults().maxLines);
  }

  /** Nobody looks at the page now. */
  hide(): void {
    this.#log.hide();
  }

  /** Connects to the port chosen. Failures are shown, not thrown. */
  async connect(): Promise<void> {
    if (this.#ports.length === 0) await this.refresh();
    const port = this.#port === undefined ? undefined : this.#describe(this.#port);
    if (!port || !this.#host.isTrusted()) return this.#sendState();
    this.#problem = undefined;
    try {
      await this.#connection.connect(port, this.#settings);
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
      this.#parser = new ReportParser();
    } catch (error) {
      this.#fail(error);
    }
  }

  async clear(): Promise<void> {
    this.#log.clear();
    this.#tellHost();
    await this.#recorder.clear();
  }

  /** Saves every byte received since the last clear. */
  async save(): Promise<void> {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const name = simulatedBoardOf(this.#port ?? '') ?? (this.#port ?? 'serial').replace(/^.*[\\/]/, '');
    const file = await this.#host.askWhereToSave(`${name}-${stamp}.log`);
    if (file === undefined) return;
    try {
      this.#host.tellSaved(file, await this.#recorder.save(file));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A port of a model has finished: its output, its result, and its firmware for the simulated board. */
  async show(outcome: Outcome): Promise<void> {
    const output = outcome.drawable.bundle.placeholders.find((p) => p.direction === 'output');
    this.#references.set(outcome.boardId, {
      boardId: outcome.boardId,
      elf: outcome.elf,
      labels: outcome.labels,
      output: { type: output?.type ?? 'int8', scale: output?.scale ?? 1, offset: output?.offset ?? 0 },
      pc: outcome.expected,
    });
    this.#drawable = outcome.drawable;
    this.#kept = keptDrawing(outcome.drawable);
    this.#drawing.problem = undefined;
    this.#problem = undefined;
    this.#port = outcome.serialPath ?? simulatedPortId(outcome.boardId);
    this.#remember();
    const simulated = this.#connection.state.kind !== 'idle' && simulatedBoardOf(this.#port) !== undefined;
    if (simulated) await this.#connection.disconnect(); // it runs the firmware of before
    if (this.#ports.length === 0) await this.refresh();
    if (outcome.report) {
      const board = this.#describe(this.#port)?.label ?? outcome.boardId;
      this.#log.note(this.#host.t('{0} ran the new firmware:', board), Date.now());
      this.#history = [];
      this.#take(outcome.uart);
      this.#showResult(outcome.report, this.#references.get(outcome.boardId), board);
    }
    this.#sendState();
    if (outcome.serialPath !== undefined) await this.connect();
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#resultTimer);
    this.#drawing.abort?.abort();
    this.#log.hide();
    await this.#connection.disconnect();
    await this.#recorder.dispose();
  }

  // --- ports and settings ---

  #open(port: PortDescription, settings: PortSettings, events: PortEvents): Promise<OpenPort> {
    const boardId = simulatedBoardOf(port.id);
    if (boardId === undefined) return this.#host.openPort(port, settings, events);
    const elf = this.#references.get(boardId)?.elf;
    if (elf === undefined) {
      return Promise.reject(
        new UserError(
          'usage',
          say`There is no firmware for ${port.label} yet.`,
          say`Port a model to this board first.`,
        ),
      );
    }
    return readFirmware(elf).then((firmware) => this.#host.openSimulated(boardId, firmware, events));
  }

  #describe(id: string): PortDescription | undefined {
    return (
      this.#ports.find((p) => p.id === id) ??
      // a path that is not listed: a pseudo-terminal, or a device that is unplugged just now
      (simulatedBoardOf(id) === undefined && id !== '' ? unlisted(id) : undefined)
    );
  }

  #knownPort(id: string): boolean {
    return simulatedBoardOf(id) === undefined || this.#ports.some((p) => p.id === id);
  }

  /** A port with a probe, else the simulated board of the last firmware or of the board chosen. */
  #proposedPort(): string | undefined {
    const firmware = [...this.#references.keys()].at(-1);
    const wanted = [firmware, this.#host.selectedBoard()].filter((b) => b !== undefined).map(simulatedPortId);
    return (
      this.#ports.find((p) => p.probe !== undefined)?.id ??
      wanted.find((id) => this.#ports.some((p) => p.id === id)) ??
      this.#ports[0]?.id
    );
  }

  #selectPort(id: string): void {
    if (this.#connection.state.kind !== 'idle') void this.#connection.disconnect();
    this.#port = id;
    this.#problem = undefined;
    this.#remember();
  }

  async #otherPort(): Promise<void> {
    const path = (await this.#host.askPort())?.trim();
    if (path) this.#selectPort(path);
    else this.#sendState();
  }

  #setSettings(settings: MonitorState['settings']): void {
    const valid = checkedSettings(settings);
    if (!valid) return this.#sendState();
    this.#settings = valid;
    this.#remember();
    // a connected port takes the new settings by being opened again
    if (this.#connection.state.kind === 'connected' && simulatedBoardOf(this.#port ?? '') === undefined) {
      void this.connect();
    }
  }

  #defaultBaud(): number {
    const { baudRate } = this.#host.defaults();
    const board = this.#host.boards.find((b) => b.id === this.#host.selectedBoard());
    return baudRate || board?.console.baudRate || DEFAULT_SETTINGS.baudRate;
  }

  async #send(text: string): Promise<void> {
    try {
      await this.#connection.send(Buffer.from(text + ENDINGS[this.#lineEnding]).subarray(0, MAX_SEND));
    } catch (error) {
      this.#fail(error);
    }
  }

  #onConnection(state: ConnectionState): void {
    const { t } = this.#host;
    const before = this.#before;
    this.#before = state.kind;
    if (state.kind === 'connected') {
      this.#parser = new ReportParser();
      this.#history = [];
      this.#problem = undefined;
      if (before === 'waiting' || before === 'connecting') {
        const label = state.port.label;
        const simulated = state.port.kind === 'simulated';
        this.#log.note(simulated ? t('{0} switched on', label) : t('{0} connected', label), Date.now());
      }
    } else if (before === 'connected') this.#log.end(Date.now());
    if (state.kind === 'waiting') {
      if (before !== 'waiting') this.#log.note(inWords(state.reason, t), Date.now());
      this.#problem = state.problem && this.#problemOf(state.problem);
    }
    if (state.kind === 'idle') {
      if (before === 'connected' && !state.problem) this.#log.note(t('Disconnected'), Date.now());
      if (state.problem) this.#problem = this.#problemOf(state.problem);
    }
    this.#sendState();
    this.#tellHost();
  }

  // --- what comes in ---

  #receive(bytes: Uint8Array): void {
    this.#take(bytes);
    const reports = this.#parser.push(bytes);
    for (const report of reports) {
      if (report.timeUs !== undefined) this.#history.push(report.timeUs);
    }
    this.#history.splice(0, this.#history.length - HISTORY);
    const last = reports.at(-1);
    if (!last || last.confidences.length === 0) return;
    const port = this.#connection.state.kind === 'connected' ? this.#connection.state.port : undefined;
    if (port) this.#showResult(last, this.#referenceFor(port, last), port.label);
  }

  #take(bytes: Uint8Array): void {
    const before = this.#log.received;
    this.#log.push(bytes, Date.now());
    this.#recorder.push(bytes);
    if (before === 0 && bytes.length > 0) this.#tellHost();
  }

  /** The network behind a port: of the simulated board, or of the board that a real port probably is. */
  #referenceFor(port: PortDescription, report: InferenceReport): Reference | undefined {
    const simulated = simulatedBoardOf(port.id);
    if (simulated !== undefined) return this.#references.get(simulated);
    const last = [...this.#references.keys()].at(-1);
    const candidates = [this.#host.selectedBoard(), ...port.boardIds, last];
    return candidates
      .map((id) => this.#references.get(id ?? ''))
      .find((r) => r && (!r.pc || r.pc.quantized.length === report.confidences.length));
  }

  /** Shows a result, at most ten a second, the newest one last. */
  #showResult(report: InferenceReport, reference: Reference | undefined, source: string): void {
    if (this.#history.length === 0 && report.timeUs !== undefined) this.#history.push(report.timeUs);
    const labels = this.#host.labels().length > 0 ? this.#host.labels() : (reference?.labels ?? []);
    this.#result = resultOf(report, reference, labels, source, [...this.#history], this.#words());
    if (this.#resultTimer !== undefined) return;
    const wait = Math.max(0, this.#resultAt + RESULT_MS - performance.now());
    this.#resultTimer = setTimeout(() => {
      this.#resultTimer = undefined;
      this.#resultAt = performance.now();
      this.#host.post({ type: 'result', result: this.#result });
    }, wait);
  }

  #words(): ResultWords {
    const { t } = this.#host;
    return {
      match: t('Matches this computer'),
      differs: (n) =>
        n === 1 ? t('One class differs') : n === 0 ? t('Top1 differs') : t('{0} classes differ', n),
      noPcResult: t('No result of this computer to compare with'),
    };
  }

  // --- drawing ---

  async #draw(width: number, height: number, pixels: Uint8Array): Promise<void> {
    const geometry = this.#geometry();
    if (!geometry || !this.#host.isTrusted()) return;
    const picture = pictureOf(width, height, pixels, geometry);
    if (!picture) return;
    this.#drawing.abort?.abort();
    const abort = new AbortController();
    this.#drawing = { abort, problem: undefined };
    this.#sendState();
    try {
      const drawable = (this.#drawable ??= await restoredDrawing(this.#kept!, abort.signal));
      const { report, expected } = await runDrawing(drawable, picture, abort.signal);
      if (abort.signal.aborted) return;
      const reference = this.#references.get(drawable.board.id);
      const source = this.#host.t('Drawing on {0} (simulated)', drawable.board.name);
      if (reference) {
        this.#history.push(...(report.timeUs === undefined ? [] : [report.timeUs]));
        this.#history.splice(0, this.#history.length - HISTORY);
        this.#showResult(report, { ...reference, pc: expected }, source);
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#drawing.problem = this.#problemOf(error);
    } finally {
      if (this.#drawing.abort === abort) this.#drawing.abort = undefined;
      this.#sendState();
    }
  }

  #showPicture(name: string, bytes: Uint8Array): void {
    const geometry = this.#geometry();
    if (!geometry || !(bytes instanceof Uint8Array)) return;
    try {
      if (bytes.length > MAX_DROP) {
        throw new UserError('input', say`${name} is too large.`, say`Choose a smaller image.`);
      }
      const { width, height, channels, data } = pictureFor(geometry, bytes, name);
      const rgb =
        channels === 3
          ? data
          : Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!);
      this.#drawing.problem = undefined;
      this.#host.post({ type: 'picture', name, width, height, rgb });
    } catch (error) {
      this.#drawing.problem = this.#problemOf(error);
    }
    this.#sendState();
  }

  async #choosePicture(): Promise<void> {
    const file = await this.#host.askForImage();
    if (file) this.#showPicture(file.name, file.bytes);
  }

  #geometry(): ImageGeometry | undefined {
    if (!this.#drawable) return this.#kept?.geometry;
    try {
      return drawingGeometry(this.#drawable);
    } catch {
      return undefined;
    }
  }

  #drawingState(): DrawingState {
    const boardId = this.#drawable?.board.id ?? this.#kept?.boardId;
    const board = this.#host.boards.find((b) => b.id === boardId);
    if (!board) {
      return { kind: 'unavailable', reason: this.#host.t('Port a model with an image input to draw for it') };
    }
    try {
      const { width, height, channels } = this.#drawable
        ? drawingGeometry(this.#drawable)
        : this.#kept!.geometry;
      return {
        kind: 'available',
        width,
        height,
        channels,
        board: board.name,
        running: this.#drawing.abort !== undefined,
        problem: this.#drawing.problem,
      };
    } catch (error) {
      return { kind: 'unavailable', reason: told(error, this.#host.t).message };
    }
  }

  // --- what goes out ---

  #remember(): void {
    this.#host.memory.set({
      ...(this.#port === undefined ? {} : { port: this.#port }),
      settings: this.#settings,
      lineEnding: this.#lineEnding,
      timestamps: this.#timestamps,
      hex: this.#hex,
      references: [...this.#references.values()],
      drawing: this.#kept,
    });
    this.#sendState();
  }

  #fail(error: unknown): void {
    if (error instanceof UserError && error.code === 'cancelled') return;
    this.#problem = this.#problemOf(error);
    this.#sendState();
  }

  #problemOf(error: unknown): Problem {
    const known = error instanceof UserError;
    const { message, hint } = told(error, this.#host.t);
    this.#host.log(`${message} ${hint}`.trimEnd());
    if (known && error.detail) this.#host.log(error.detail);
    const needsFirmware =
      known && (error.code === 'usage' || error.code === 'input' || error.code === 'firmware');
    return {
      message,
      hint,
      action: needsFirmware ? { id: 'port', label: this.#host.t('Port a Model') } : undefined,
    };
  }

  #tellHost(): void {
    this.#host.changed({
      connected: this.#connection.state.kind === 'connected',
      hasLog: this.#log.received > 0,
      ports: this.#ports,
    });
  }

  #sendState(): void {
    const listed = this.#port === undefined || this.#ports.some((p) => p.id === this.#port);
    const ports = listed ? this.#ports : [unlisted(this.#port!), ...this.#ports];
    this.#host.post({
      type: 'state',
      trusted: this.#host.isTrusted(),
      ports: ports.map((p) => ({
        id: p.id,
        label: p.label,
        detail: this.#detail(p),
        simulated: p.kind === 'simulated',
      })),
      port: this.#port,
      settings: this.#settings,
      connection: this.#connection.state.kind,
      status: this.#status(),
      problem: this.#problem,
      lineEnding: this.#lineEnding,
      timestamps: this.#timestamps,
      hex: this.#hex,
      drawing: this.#drawingState(),
    });
  }

  /** `OpenSDA (DAPLink), probably FRDM-KE16Z`. */
  #detail(port: PortDescription): string | undefined {
    if (port.kind === 'simulated') return undefined;
    const name = (id: string) => this.#host.boards.find((b) => b.id === id)?.name ?? id;
    const selected = this.#host.selectedBoard();
    const board = port.boardIds.length === 1 ? port.boardIds[0] : port.boardIds.find((id) => id === selected);
    const parts = [port.probe ?? port.manufacturer, board && this.#host.t('probably {0}', name(board))];
    return parts.filter(Boolean).join(', ') || undefined;
  }

  #status(): string {
    const { t } = this.#host;
    const state = this.#connection.state;
    switch (state.kind) {
      case 'idle':
        return t('Not connected');
      case 'connecting':
        return t('Connecting to {0}…', state.port.label);
      case 'connected':
        return state.port.kind === 'simulated' ? t('Running') : t('Connected');
      case 'waiting':
        return t('Waiting for {0} to come back', state.port.label);
      case 'lent':
        return t('Lent to another task; comes back by itself');
    }
  }
}

function unlisted(id: string): PortDescription {
  return {
    id,
    kind: 'serial',
    label: id,
    manufacturer: undefined,
    probe: undefined,
    boardIds: [],
    usb: undefined,
    resetsOnBreak: false,
  };
}

/** Pixels from a page as an image of the model's size; undefined when they are not. */
function pictureOf(
  width: number,
  height: number,
  pixels: Uint8Array,
  size: ImageGeometry,
): Image | undefined {
  const fits = width === size.width && height === size.height && pixels instanceof Uint8Array;
  if (!fits || pixels.length !== width * height * size.channels) return undefined;
  return { width, height, channels: size.channels, data: pixels };
}
