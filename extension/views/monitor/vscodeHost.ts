import path from 'node:path';
import * as vscode from 'vscode';
import type { MonitorToPage } from '../../../webview/shared/messages/monitor.ts';
import { boards } from '../../board/catalogue.ts';
import { MARK, processMark } from '../../common/processMark.ts';
import type { PortDescription } from '../../serial/port.ts';
import { listPorts } from '../../serial/ports.ts';
import { openSerialPort } from '../../serial/serialPort.ts';
import { openSimulatedPort } from '../../serial/simulatedPort.ts';
import type { Services } from '../services.ts';
import { askAppend, askForImage, askPort, askWhereToSave, tellSaved } from './dialogs.ts';
import type { MonitorHost, MonitorMemory } from './host.ts';
import type { Monitor, PortClaims } from './portClaims.ts';
import type { References } from './reference.ts';
import type { SavedSends } from './send/savedSends.ts';

/** Records of serial ports, some of a window's; one that was cleared has a number behind it. */
export const RECORD = new RegExp(`^serial-(${MARK})(?:-\\d+)?\\.log(?:\\.\\d+)?$`);

/** What commands ask of a monitor, as contexts of their conditions. */
export type SessionState = Readonly<Record<'connected' | 'hasLines' | 'hasLog' | 'isLogging', boolean>>;

/** What the monitors of a window share. */
export interface SharedByMonitors {
  readonly context: vscode.ExtensionContext;
  readonly services: Services;
  readonly references: References;
  readonly claims: PortClaims;
  /** Class names of the file in the settings; empty when there is none. */
  readonly labels: () => readonly string[];
  readonly savedSends: SavedSends;
  /** The page of a monitor has the focus, or has lost it. */
  readonly focused: (own: Monitor, on: boolean) => void;
}

/** What a monitor has of its own. */
export interface OwnOfMonitor extends Monitor {
  /** Tells its record from the others'; 0 for the panel's. */
  readonly number: number;
  /** Port it is for; undefined where one is chosen on the page. */
  readonly port: string | undefined;
  readonly memory: { get(): MonitorMemory | undefined; set(memory: MonitorMemory): void };
  /** Sends to the page; lost while there is none. */
  post(message: MonitorToPage): void;
  /** Its state has changed. */
  changed(state: SessionState): void;
  /** Its page has the focus, or has lost it. */
  focused(on: boolean): void;
}

/** Where monitors keep their records. */
export function recordFolder(context: vscode.ExtensionContext): string {
  return (context.storageUri ?? context.globalStorageUri).fsPath;
}

/** VS Code as the surroundings of a monitor. */
export function vscodeHost(own: OwnOfMonitor, shared: SharedByMonitors): MonitorHost {
  const { context, services, references, claims } = shared;
  const { log, settings, selectedBoard } = services;
  const number = own.number === 0 ? '' : `-${own.number}`;
  return {
    post: (message) => own.post(message),
    onlyPort: own.port,
    takePort: (id) => claims.take(id, own),
    leavePorts: () => claims.leave(own),
    references,
    boards: boards(),
    listPorts: () => listPorts(boards(), log),
    openPort: (port, portSettings, events, lines) =>
      openSerialPort(port.id, portSettings, events, port.resetsOnBreak, lines),
    openSimulated: openSimulatedPort,
    debugged: () => services.debugged.value,
    owner: services.ports,
    savedSends: shared.savedSends,
    memory: own.memory,
    defaults: () => settings.monitor(),
    selectedBoard: () => selectedBoard.value,
    labels: shared.labels,
    isTrusted: () => vscode.workspace.isTrusted,
    recordFile: path.join(recordFolder(context), `serial-${processMark()}${number}.log`),
    log,
    t: vscode.l10n.t,
    copy: (text) => void vscode.env.clipboard.writeText(text),
    askPort,
    askWhereToSave,
    askAppend,
    askForImage,
    tellSaved: (file, bytes) => void tellSaved(file, bytes),
    help: (action) => {
      if (action === 'port') void vscode.commands.executeCommand('glowport.port');
    },
    changed: ({ ports, ...state }) => {
      own.changed(state);
      tellProbes(ports, services);
    },
    focused: (on) => own.focused(on),
  };
}

function tellProbes(ports: readonly PortDescription[], { probes }: Services): void {
  const seen = ports.flatMap((p) =>
    p.kind === 'serial' && p.probe !== undefined
      ? [{ path: p.id, probe: p.probe, boardIds: p.boardIds }]
      : [],
  );
  if (JSON.stringify(seen) !== JSON.stringify(probes.value)) probes.set(seen);
}
