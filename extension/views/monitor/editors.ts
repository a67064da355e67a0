import * as vscode from 'vscode';
import { boards } from '../../board/catalogue.ts';
import type { PortDescription } from '../../serial/port.ts';
import { listPorts } from '../../serial/ports.ts';
import { pickOne } from '../messages.ts';
import { askPort } from './dialogs.ts';
import type { MonitorMemory } from './host.ts';
import { MonitorSession } from './session.ts';
import type { SharedByMonitors } from './vscodeHost.ts';

/** Type of the editors, as the manifest's activation event has it. */
const VIEW_TYPE = 'glowport.monitorEditor';
const MEMORY = 'monitor.editors';
/** Ports whose settings are remembered. */
const MOST_REMEMBERED = 50;

/** Monitors in editors: one for a port, as many as there are ports, each with a connection of its own. */
export class MonitorEditors implements vscode.Disposable {
  readonly #shared: SharedByMonitors;
  readonly #changed: () => void;
  readonly #open = new Map<
    string,
    { readonly session: MonitorSession; readonly panel: vscode.WebviewPanel }
  >();
  #count = 0;

  /** @param changed what commands are for, or can do, has changed */
  constructor(shared: SharedByMonitors, changed: () => void) {
    this.#shared = shared;
    this.#changed = changed;
  }

  /** The one that is in front. */
  get active(): MonitorSession | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active)?.session;
  }

  get sessions(): readonly MonitorSession[] {
    return [...this.#open.values()].map(({ session }) => session);
  }

  /** Opens a port's monitor, or shows the one that it has, and connects it. @param port asked for when it is not given */
  async open(port: string | undefined): Promise<void> {
    const ports = await listPorts(boards(), this.#shared.services.log);
    const id = port ?? (await this.#ask(ports));
    if (id === undefined || id === '') return;
    const known = this.#open.get(id);
    if (known) return known.session.show();
    const title = ports.find((p) => p.id === id)?.label ?? id;
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, title, vscode.ViewColumn.Active);
    await this.#add(id, panel).model.connect();
  }

  /** Opens again what was open before the window was reloaded, and connects what was connected. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const port = (state as { port?: unknown } | undefined)?.port;
    if (typeof port !== 'string' || port === '' || this.#open.has(port)) return panel.dispose();
    const wasConnected = this.#remembered()[port]?.connected === true;
    const session = this.#add(port, panel);
    if (wasConnected) await session.model.connect();
  }

  dispose(): void {
    for (const { session } of this.#open.values()) session.dispose();
  }

  #add(port: string, panel: vscode.WebviewPanel): MonitorSession {
    const session = new MonitorSession(
      {
        number: ++this.#count,
        port,
        memory: { get: () => this.#remembered()[port], set: (memory) => this.#remember(port, memory) },
        show: () => panel.reveal(),
        changed: () => this.#changed(),
      },
      this.#shared,
    );
    this.#open.set(port, { session, panel });
    panel.iconPath = vscode.Uri.joinPath(
      this.#shared.context.extensionUri,
      'webview',
      'media',
      'monitor.svg',
    );
    session.attach(panel, vscode.l10n.t('Serial Monitor of {0}', panel.title));
    panel.onDidChangeViewState(() => this.#changed());
    panel.onDidDispose(() => {
      this.#open.delete(port);
      session.dispose();
      this.#changed();
    });
    this.#changed();
    return session;
  }

  async #ask(ports: readonly PortDescription[]): Promise<string | undefined> {
    const items = ports.map((p) => ({
      label: p.label,
      description: p.probe ?? p.manufacturer ?? '',
      detail: this.#open.has(p.id) ? vscode.l10n.t('Open in an editor') : '',
      id: p.id as string | undefined,
    }));
    const other = { label: vscode.l10n.t('Other…'), description: '', detail: '', id: undefined };
    const chosen = await pickOne([...items, other], {
      title: vscode.l10n.t('Open Monitor in Editor'),
      placeHolder: vscode.l10n.t('Choose the port'),
    });
    return chosen === undefined ? undefined : (chosen.id ?? (await askPort())?.trim());
  }

  #remembered(): Readonly<Record<string, MonitorMemory>> {
    return this.#shared.context.workspaceState.get(MEMORY) ?? {};
  }

  #remember(port: string, memory: MonitorMemory): void {
    const others = Object.entries(this.#remembered()).filter(([id]) => id !== port);
    const all = Object.fromEntries([...others, [port, memory]].slice(-MOST_REMEMBERED));
    void this.#shared.context.workspaceState.update(MEMORY, all);
  }
}

/** Has VS Code give back the editors of before a reload. */
export function registerEditors(editors: MonitorEditors): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    deserializeWebviewPanel: (panel, state) => editors.restore(panel, state),
  });
}
