import type { MonitorToPage, Timestamps } from '../../../webview/shared/messages/monitor.ts';
import type { ControlLines, PortSettings } from '../../../webview/shared/portSettings.ts';
import type { LineEnding, SendMode } from '../../../webview/shared/sends.ts';
import type { BoardData } from '../../board/catalogue.ts';
import type { Translate } from '../../common/errors/sentence.ts';
import type { DebuggedBoard } from '../../debug/adapter/debuggedBoard.ts';
import type { OpenPort, PortDescription, PortEvents } from '../../serial/port.ts';
import type { PortOwner } from '../../serial/portOwner.ts';
import type { MonitorSettings } from '../settings/settings.ts';
import type { KeptDrawing } from './drawable.ts';
import type { PortUses } from './port/portMemory.ts';
import type { Monitor } from './portClaims.ts';
import type { References } from './reference.ts';
import type { SavedSends } from './send/savedSends.ts';

/** How the log is shown and text is sent; kept when the user changes it. */
export interface Preferences {
  readonly lineEnding: LineEnding;
  readonly timestamps: Timestamps;
  readonly hex: boolean;
  readonly sendMode: SendMode;
  /** What is sent shows in the log. */
  readonly echo: boolean;
}

/** A log with all bytes, one that is written as it comes, or the numbers of a plot. */
export type SavedKind = 'log' | 'fileLog' | 'csv';

/** What survives a reload of the window. */
export interface MonitorMemory extends Partial<Preferences> {
  readonly port?: string;
  readonly ports?: PortUses;
  /** The port was open, or waited for. */
  readonly connected?: boolean;
  readonly drawing?: KeptDrawing | undefined;
}

/** The model's surroundings: VS Code in the product, plain values in tests. */
export interface MonitorHost {
  /** Sends to the page; lost while the view is hidden. */
  post(message: MonitorToPage): void;
  /** Port that the monitor is for; undefined where one is chosen on the page. */
  readonly onlyPort: string | undefined;
  /** Takes a port; the monitor that has it already, if another one does. */
  takePort(id: string): Monitor | undefined;
  /** Leaves what was taken to the others. */
  leavePorts(): void;
  /** The networks on boards, for all monitors. */
  readonly references: References;
  readonly boards: readonly BoardData[];
  listPorts(): Promise<readonly PortDescription[]>;
  openPort(
    port: PortDescription,
    settings: PortSettings,
    events: PortEvents,
    lines: ControlLines,
  ): Promise<OpenPort>;
  openSimulated(boardId: string, firmware: Uint8Array, events: PortEvents): Promise<OpenPort>;
  /** The simulated board that is being debugged, if there is one. */
  debugged(): DebuggedBoard | undefined;
  readonly owner: PortOwner;
  readonly savedSends: SavedSends;
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
  /** Asks where to save something, or where the log goes as it comes, with a proposed name; undefined when cancelled. */
  askWhereToSave(name: string, kind: SavedKind): Promise<string | undefined>;
  /** Asks what becomes of files of that name; undefined when cancelled. */
  askAppend(files: readonly string[]): Promise<'append' | 'replace' | undefined>;
  /** Asks for an image file. */
  askForImage(): Promise<{ name: string; bytes: Uint8Array } | undefined>;
  /** A saved file, with the number of bytes. */
  tellSaved(file: string, bytes: number): void;
  help(action: 'port'): void;
  /** Ports and state have changed: context keys, probes. */
  changed(state: {
    connected: boolean;
    hasLines: boolean;
    hasLog: boolean;
    isLogging: boolean;
    ports: readonly PortDescription[];
  }): void;
  /** The page has the focus, or has it no more. */
  focused(on: boolean): void;
}
