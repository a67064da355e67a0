import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import type { ControlLines, PortSettings } from '../../webview/shared/portSettings.ts';
import type { OpenPort, PortDescription, PortEvents } from './port.ts';
import type { PortOwner } from './portOwner.ts';
import { AbsentPort } from './serialPort.ts';

/** What the monitor's one connection is doing. */
export type ConnectionState =
  | { readonly kind: 'idle'; readonly problem: UserError | undefined }
  | { readonly kind: 'connecting'; readonly port: PortDescription }
  | { readonly kind: 'connected'; readonly port: PortDescription }
  /** The port went away and is tried again until it is back or disconnect() is called. */
  | {
      readonly kind: 'waiting';
      readonly port: PortDescription;
      readonly reason: Sentence;
      /** The port is there again but cannot be opened: busy, or not permitted. */
      readonly problem: UserError | undefined;
    }
  /** A flash tool or a run has the port for a while. */
  | { readonly kind: 'lent'; readonly port: PortDescription };

export interface ConnectionOptions {
  readonly open: (port: PortDescription, settings: PortSettings, events: PortEvents) => Promise<OpenPort>;
  readonly owner: PortOwner;
  /** Ports present now, to find a replugged device under its new path. */
  readonly list: () => Promise<readonly PortDescription[]>;
  readonly onData: (bytes: Uint8Array) => void;
  readonly onState: (state: ConnectionState) => void;
  readonly onNotice: (notice: Sentence) => void;
  /** Whether to come back by itself after the port went away. */
  readonly reconnect: () => boolean;
  readonly retryMs?: number;
}

/**
 * One connection to one port at a time, real or simulated, that survives resets, unplugging and a flash tool that
 * needs the port. disconnect() answers at once in every state.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { kind: 'idle', problem: undefined };
  #open: OpenPort | undefined;
  #hold: { dispose(): void } | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** An open() that has not answered yet; a device is not opened twice at once. */
  #opening: { readonly id: string; readonly settled: Promise<unknown> } | undefined;
  /** Goes up with every connect and disconnect: what was begun before it is no longer wanted. */
  #attempt = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Connects, leaving the port there was.
   * @throws UserError 'device' (or what the simulated board's firmware says); the state then is idle with that problem
   */
  async connect(port: PortDescription, settings: PortSettings): Promise<void> {
    await this.disconnect();
    const attempt = ++this.#attempt;
    this.#set({ kind: 'connecting', port });
    try {
      await this.#openNow(port, settings, attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#set({ kind: 'idle', problem: asPortError(error, port) });
      throw error;
    }
  }

  /** Lets the port go and stops waiting for it. */
  async disconnect(): Promise<void> {
    this.#attempt++;
    clearTimeout(this.#retry);
    this.#hold?.dispose();
    this.#hold = undefined;
    const open = this.#open;
    this.#open = undefined;
    const closing = open?.close();
    if (closing && this.#state.kind === 'connected') this.#holdUntil(this.#state.port.id, closing);
    if (this.#state.kind !== 'idle' || this.#state.problem) this.#set({ kind: 'idle', problem: undefined });
    await closing;
  }

  /** Until it is closed a port is nobody else's. */
  #holdUntil(id: string, closing: Promise<void>): void {
    const closed = closing.catch(() => undefined);
    const resume = (): Promise<void> => Promise.resolve();
    const hold = this.#options.owner.hold(id, { name: HOLDER, yield: () => closed, resume });
    void closed.then(() => hold.dispose());
  }

  /** @throws UserError 'device' when not connected or the write fails */
  async send(bytes: Uint8Array): Promise<void> {
    await this.#connected().send(bytes);
  }

  /** @throws UserError 'device' when not connected or the port has no way to reset */
  async reset(): Promise<void> {
    await this.#connected().reset();
  }

  /** Holds DTR and RTS so. @throws UserError 'device' when not connected, or the port has no such lines */
  async setLines(lines: ControlLines): Promise<void> {
    await this.#control().setLines(lines);
  }

  /** @throws UserError 'device' when not connected, or the port cannot */
  async sendBreak(): Promise<void> {
    await this.#control().sendBreak();
  }

  #control(): NonNullable<OpenPort['control']> {
    const { control } = this.#connected();
    if (control) return control;
    throw new UserError(
      'device',
      say`A simulated board’s UART has no DTR, RTS or break.`,
      say`Reset switches the board off and on.`,
    );
  }

  #connected(): OpenPort {
    if (this.#open) return this.#open;
    throw new UserError('device', say`No port is connected.`, say`Choose a port and connect.`);
  }

  async #openNow(port: PortDescription, settings: PortSettings, attempt: number): Promise<void> {
    const wanted = () => attempt === this.#attempt;
    if (this.#opening?.id === port.id) {
      await this.#opening.settled;
      if (!wanted()) throw notWanted();
    }
    const opening = this.#options.open(port, settings, {
      onData: (bytes) => {
        if (wanted()) this.#options.onData(bytes);
      },
      onNotice: (notice) => {
        if (wanted()) this.#options.onNotice(notice);
      },
      onLost: (reason) => {
        if (wanted()) this.#lost(port, settings, reason);
      },
    });
    // an open that nobody wants any more counts until it is closed again
    const settled = opening.then(
      (late) => (wanted() ? undefined : late.close()),
      () => undefined,
    );
    this.#opening = { id: port.id, settled };
    const open = await opening;
    if (!wanted()) {
      await open.close();
      await settled;
      throw notWanted();
    }
    this.#open = open;
    this.#hold ??= this.#options.owner.hold(port.id, {
      name: HOLDER,
      yield: () => this.#yield(port),
      resume: () => this.#resume(port, settings),
    });
    this.#set({ kind: 'connected', port });
  }

  #lost(port: PortDescription, settings: PortSettings, reason: Sentence): void {
    const open = this.#open;
    this.#open = undefined;
    void open?.close();
    if (port.kind === 'simulated' || !this.#options.reconnect()) {
      void this.disconnect();
      this.#set({
        kind: 'idle',
        problem: new UserError('device', reason, say`Connect again when it is back.`),
      });
      return;
    }
    this.#wait(port, settings, reason);
  }

  #wait(port: PortDescription, settings: PortSettings, reason: Sentence): void {
    const attempt = this.#attempt;
    this.#set({ kind: 'waiting', port, reason, problem: undefined });
    const again = async (): Promise<void> => {
      const found = await this.#find(port);
      if (attempt !== this.#attempt || this.#state.kind !== 'waiting') return;
      try {
        if (found.id !== port.id) {
          this.#hold?.dispose();
          this.#hold = undefined;
        }
        await this.#openNow(found, settings, attempt);
      } catch (error) {
        if (attempt !== this.#attempt) return;
        const failure = asPortError(error, port);
        const problem = failure instanceof AbsentPort ? undefined : failure; // not there is what we wait for
        if (this.#state.kind !== 'waiting' || this.#state.problem?.message !== problem?.message) {
          this.#set({ kind: 'waiting', port, reason, problem });
        }
        this.#retry = setTimeout(() => void again(), this.#options.retryMs ?? 500);
      }
    };
    this.#retry = setTimeout(() => void again(), this.#options.retryMs ?? 500);
  }

  /** The same device, which may have come back under another path. */
  async #find(port: PortDescription): Promise<PortDescription> {
    if (port.usb === undefined) return port;
    const ports = await this.#options.list().catch(() => []);
    return ports.find((p) => p.id === port.id) ?? ports.find((p) => p.usb === port.usb) ?? port;
  }

  async #yield(port: PortDescription): Promise<void> {
    clearTimeout(this.#retry);
    this.#attempt++; // events of the closed port are of no interest
    const open = this.#open;
    this.#open = undefined;
    this.#set({ kind: 'lent', port });
    await open?.close();
    if (this.#opening?.id === port.id) await this.#opening.settled;
  }

  async #resume(port: PortDescription, settings: PortSettings): Promise<void> {
    if (this.#state.kind !== 'lent') return; // disconnected meanwhile
    const attempt = ++this.#attempt;
    this.#set({ kind: 'connecting', port });
    try {
      await this.#openNow(port, settings, attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#wait(port, settings, asPortError(error, port).sentence);
    }
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

/** How the monitor calls itself where it holds a port. */
const HOLDER = 'serial monitor';

function notWanted(): UserError {
  return new UserError('cancelled', say`Cancelled.`, say`Connect again when you want to.`);
}

function asPortError(error: unknown, port: PortDescription): UserError {
  if (error instanceof UserError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new UserError('device', say`${port.label} could not be opened.`, { do: 'seeDetail' }, text);
}
