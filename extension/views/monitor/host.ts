import type { LineEnding, MonitorToPage } from '../../../webview/shared/messages/monitor.ts';
import type { PortSettings } from '../../../webview/shared/portSettings.ts';
import type { BoardData } from '../../board/catalogue.ts';
import type { Translate } from '../../common/errors/sentence.ts';
import type { DebuggedBoard } from '../../debug/adapter/debuggedBoard.ts';
import type { OpenPort, PortDescription, PortEvents } from '../../serial/port.ts';
import type { PortOwner } from '../../serial/portOwner.ts';
import type { MonitorSettings } from '../settings/settings.ts';
import type { KeptDrawing } from './drawable.ts';
import type { Reference } from './reference.ts';

/** How the log is shown and text is sent; kept when the user changes it. */
export interface Preferences {
  readonly lineEnding: LineEnding;
  readonly timestamps: boolean;
  readonly hex: boolean;
}

/** What survives a reload of the window. */
export interface MonitorMemory extends Partial<Preferences> {
  readonly port?: string;
  readonly settings?: PortSettings;
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
  /** The simulated board that is being debugged, if there is one. */
  debugged(): DebuggedBoard | undefined;
  readonly owner: PortOwner;
  readonly memory: { get(): MonitorMemory | undefined; set(memory: MonitorMemory): void };
  /** User settings, read when needed. */
  defaults(): Omit<MonitorSettings, 'labelsFile'>;
  /** The board chosen in the picker. */
  selectedBoard(): string | undefined;
  /** Class names of the labels file in the settings; they win over the model's own. */
  labels(): readonly string[];
  isTrusted(): boolean;
  /** Where to record. */
  readonly recordFile: string;
  readonly log: (line: string) => void;
  /** Translates; {0} … are replaced. */
  readonly t: Translate;
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
