import * as vscode from 'vscode';
import type { MonitorToPage } from '../../../webview/shared/messages/monitor.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import type { MonitorMemory } from './host.ts';
import { MonitorModel } from './model.ts';
import type { Monitor } from './portClaims.ts';
import { type SessionState, type SharedByMonitors, vscodeHost } from './vscodeHost.ts';

/** Ports are looked for this often while a monitor is seen. */
const POLL_MS = 2000;

/** What a monitor's page is in: the view of the panel, or an editor. */
export type MonitorFrame = vscode.WebviewView | vscode.WebviewPanel;

export interface SessionOptions {
  readonly number: number;
  readonly port: string | undefined;
  readonly memory: { get(): MonitorMemory | undefined; set(memory: MonitorMemory): void };
  readonly show: () => void;
  /** Connected or not, with a log or without: what commands ask for has changed. */
  readonly changed: (session: MonitorSession) => void;
}

/** A serial monitor of the window: its model, which outlives its page, and the page while there is one. */
export class MonitorSession implements Monitor, vscode.Disposable {
  readonly number: number;
  readonly port: string | undefined;
  readonly memory: SessionOptions['memory'];
  readonly show: () => void;
  readonly #shared: SharedByMonitors;
  readonly #changed: (session: MonitorSession) => void;
  #model: MonitorModel | undefined;
  #frame: MonitorFrame | undefined;
  #poll: NodeJS.Timeout | undefined;
  #state: SessionState = { connected: false, hasLines: false, hasLog: false, isLogging: false };

  constructor(options: SessionOptions, shared: SharedByMonitors) {
    this.number = options.number;
    this.port = options.port;
    this.memory = options.memory;
    this.show = options.show;
    this.#changed = options.changed;
    this.#shared = shared;
  }

  /** Made when it is first needed. */
  get model(): MonitorModel {
    return (this.#model ??= new MonitorModel(vscodeHost(this, this.#shared)));
  }

  get state(): SessionState {
    return this.#state;
  }

  changed(state: SessionState): void {
    this.#state = state;
    this.#changed(this);
  }

  /** Its page has the focus, or has lost it. */
  focused(on: boolean): void {
    this.#shared.focused(this, on);
  }

  post(message: MonitorToPage): void {
    void this.#frame?.webview.postMessage(message);
    if (message.type === 'result' && message.result && this.#frame?.visible) {
      void vscode.commands.executeCommand('setContext', 'glowport.monitor.hasShown', true);
    }
  }

  /** Makes the page in a frame that VS Code has made. @param title of the document */
  attach(frame: MonitorFrame, title: string): void {
    this.#frame = frame;
    const { model } = this;
    const { extensionUri } = this.#shared.context;
    frame.webview.options = webviewOptions(extensionUri);
    const disposables = [
      frame.webview.onDidReceiveMessage((message) => dispatch(model.handlers, message)),
      'onDidChangeViewState' in frame
        ? frame.onDidChangeViewState(() => this.#watch())
        : frame.onDidChangeVisibility(() => this.#watch()),
      this.#shared.services.selectedBoard.onChange(() => void model.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => model.handlers.ready({ type: 'ready' })),
    ];
    frame.onDidDispose(() => {
      for (const d of disposables) d.dispose();
      if (this.#frame === frame) this.#frame = undefined;
      this.focused(false);
      this.#watch();
    });
    frame.webview.html = webviewHtml(frame.webview, extensionUri, { view: 'monitor', title });
    this.#watch();
  }

  /** Nothing is made for it when nobody has looked yet. */
  settingsChanged(): void {
    this.#model?.settingsChanged();
  }

  dispose(): void {
    clearInterval(this.#poll);
    void this.#model?.dispose();
  }

  /** Looks for ports while the page is seen, and sends nothing while it is not. */
  #watch(): void {
    clearInterval(this.#poll);
    if (this.#frame?.visible) this.#poll = setInterval(() => void this.model.refresh(), POLL_MS);
    else this.#model?.hide();
  }
}
