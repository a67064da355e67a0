import path from 'node:path';
import * as vscode from 'vscode';
import { boards } from '../../board/catalogue.ts';
import { removeLeftovers } from '../../common/leftovers.ts';
import { MARK, processMark } from '../../common/processMark.ts';
import { listPorts } from '../../serial/ports.ts';
import { openSerialPort } from '../../serial/serialPort.ts';
import { openSimulatedPort } from '../../serial/simulatedPort.ts';
import type { Services } from '../services.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import type { MonitorToPage } from '../../../webview/shared/messages/monitor.ts';
import { readLabels } from '../../workflow/data/labels.ts';
import { told } from '../words.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { askForImage, askPort, askWhereToSave, tellSaved } from './dialogs.ts';
import type { MonitorHost } from './host.ts';
import { MonitorModel } from './model.ts';

const MEMORY = 'monitor';
/** Records of the serial port, a window's each; one that was cleared has a number behind it. */
const RECORD = new RegExp(`^serial-(${MARK})\\.log(?:\\.\\d+)?$`);
/** Ports are looked for this often while the view is seen. */
const POLL_MS = 2000;

/** Registers the serial monitor view and its commands; nothing is opened before somebody looks. */
export function registerMonitor(context: vscode.ExtensionContext, services: Services): void {
  const monitor = new Monitor(context, services);
  const command = (id: string, run: () => unknown) =>
    vscode.commands.registerCommand(`glowport.monitor.${id}`, run);
  context.subscriptions.push(
    monitor,
    vscode.window.registerWebviewViewProvider('glowport.monitor', monitor),
    services.lastResult.onChange((result) => {
      if (result) void monitor.model.show(result);
    }),
    services.debugged.onChange(() => void monitor.model.debuggedChanged()),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (e.affectsConfiguration('glowport.monitor.labelsFile')) void monitor.readLabels();
      if (e.affectsConfiguration('glowport.monitor.maxLines')) monitor.settingsChanged();
    }),
    command('show', () => vscode.commands.executeCommand('glowport.monitor.focus')),
    command('connect', async () => {
      await vscode.commands.executeCommand('glowport.monitor.focus');
      await monitor.model.connect();
    }),
    command('disconnect', () => monitor.model.disconnect()),
    command('reset', () => monitor.model.reset()),
    command('clear', () => monitor.model.clear()),
    command('saveLog', () => monitor.model.save()),
  );
}

/** The view: owns the model, hands messages between it and the page. */
class Monitor implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #services: Services;
  #model: MonitorModel | undefined;
  #view: vscode.WebviewView | undefined;
  #poll: NodeJS.Timeout | undefined;
  /** Of the file in the settings; empty when there is none. */
  #labels: readonly string[] = [];

  constructor(context: vscode.ExtensionContext, services: Services) {
    this.#context = context;
    this.#services = services;
  }

  /** Made when it is first needed. */
  get model(): MonitorModel {
    return (this.#model ??= new MonitorModel(this.#host()));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const { model } = this;
    void this.readLabels();
    view.webview.options = webviewOptions(this.#context.extensionUri);
    const disposables = [
      view.webview.onDidReceiveMessage((message) => dispatch(model.handlers, message)),
      view.onDidChangeVisibility(() => this.#watch()),
      this.#services.selectedBoard.onChange(() => void model.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => model.handlers.ready({ type: 'ready' })),
    ];
    view.onDidDispose(() => {
      for (const d of disposables) d.dispose();
      if (this.#view === view) this.#view = undefined;
      this.#watch();
    });
    view.webview.html = webviewHtml(view.webview, this.#context.extensionUri, {
      view: 'monitor',
      title: vscode.l10n.t('Serial Monitor'),
    });
    this.#watch();
  }

  /** Reads the labels file that the settings name. */
  async readLabels(): Promise<void> {
    const { labelsFile } = this.#services.settings.monitor();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    try {
      this.#labels = labelsFile === '' ? [] : await readLabels('', path.resolve(folder, labelsFile));
    } catch (error) {
      this.#labels = [];
      this.#services.log(told(error, vscode.l10n.t).message);
    }
  }

  /** Nothing is made for it when nobody has looked yet. */
  settingsChanged(): void {
    this.#model?.settingsChanged();
  }

  dispose(): void {
    clearInterval(this.#poll);
    void this.#model?.dispose();
  }

  /** Looks for ports while the view is seen, and sends nothing while it is not. */
  #watch(): void {
    clearInterval(this.#poll);
    if (this.#view?.visible) this.#poll = setInterval(() => void this.model.refresh(), POLL_MS);
    else this.#model?.hide();
  }

  #host(): MonitorHost {
    const { log, ports, settings, selectedBoard, probes, debugged } = this.#services;
    const { workspaceState } = this.#context;
    const storage = this.#context.storageUri ?? this.#context.globalStorageUri;
    void removeLeftovers(storage.fsPath, RECORD, Infinity);
    const setContext = (key: string, value: boolean) =>
      void vscode.commands.executeCommand('setContext', `glowport.monitor.${key}`, value);
    return {
      post: (message: MonitorToPage) => {
        void this.#view?.webview.postMessage(message);
        if (message.type === 'result' && message.result && this.#view?.visible) setContext('hasShown', true);
      },
      boards: boards(),
      listPorts: () => listPorts(boards(), log),
      openPort: (port, portSettings, events) =>
        openSerialPort(port.id, portSettings, events, port.resetsOnBreak),
      openSimulated: openSimulatedPort,
      debugged: () => debugged.value,
      owner: ports,
      memory: {
        get: () => workspaceState.get(MEMORY),
        set: (memory) => void workspaceState.update(MEMORY, memory),
      },
      defaults: () => settings.monitor(),
      selectedBoard: () => selectedBoard.value,
      labels: () => this.#labels,
      isTrusted: () => vscode.workspace.isTrusted,
      recordFile: path.join(storage.fsPath, `serial-${processMark()}.log`),
      log,
      t: vscode.l10n.t,
      copy: (text) => void vscode.env.clipboard.writeText(text),
      askPort,
      askWhereToSave,
      askForImage,
      tellSaved: (file, bytes) => void tellSaved(file, bytes),
      help: (action) => {
        if (action === 'port') void vscode.commands.executeCommand('glowport.port');
      },
      changed: ({ connected, hasLog, ports: all }) => {
        setContext('connected', connected);
        setContext('hasLog', hasLog);
        const seen = all.flatMap((p) =>
          p.kind === 'serial' && p.probe !== undefined
            ? [{ path: p.id, probe: p.probe, boardIds: p.boardIds }]
            : [],
        );
        if (JSON.stringify(seen) !== JSON.stringify(probes.value)) probes.set(seen);
      },
    };
  }
}
