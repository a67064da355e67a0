import * as vscode from 'vscode';
import type { NetworkState, NetworkToHost, NetworkToPage } from '../../../webview/shared/messages/network.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import type { TensorSource } from '../../debug/network/tensorSource.ts';
import type { Services } from '../services.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { inWords, told } from '../words.ts';
import { layerRow, tensorMessage } from './tensorMessage.ts';

let open: NetworkPanel | undefined;

/** Shows the network of the simulated board that is debugged, beside the editor. */
export function showNetwork(services: Services): void {
  if (open) open.reveal();
  else {
    open = new NetworkPanel(services, () => {
      open = undefined;
    });
  }
}

class NetworkPanel {
  readonly #services: Services;
  readonly #panel: vscode.WebviewPanel;
  #watching: { dispose(): void } | undefined;
  #selected = 0;
  #isPreparing = false;
  /** Counts what is asked of the board: an answer to what was asked before is not shown any more. */
  #asked = 0;

  constructor(services: Services, onDispose: () => void) {
    this.#services = services;
    const { extensionUri } = services.context;
    const title = vscode.l10n.t('Network');
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#panel = vscode.window.createWebviewPanel('glowport.network', title, where);
    const { webview } = this.#panel;
    webview.options = webviewOptions(extensionUri);
    webview.onDidReceiveMessage((message) => this.#receive(message));
    webview.html = webviewHtml(webview, extensionUri, { view: 'network', title });
    const debugged = services.debuggedNetwork.onChange(() => this.#watch());
    this.#panel.onDidDispose(() => {
      debugged.dispose();
      this.#watching?.dispose();
      onDispose();
    });
    this.#watch();
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  get #source(): TensorSource | undefined {
    const { value } = this.#services.debuggedNetwork;
    return value && 'layers' in value ? value : undefined;
  }

  /** Another board is debugged, or none any more. */
  #watch(): void {
    this.#watching?.dispose();
    this.#watching = this.#source?.stop.onChange(() => void this.#refresh());
    this.#selected = 0;
    void this.#refresh();
  }

  #receive(message: unknown): void {
    dispatch<NetworkToHost>(
      {
        ready: () => void this.#refresh(),
        refresh: () => void this.#refresh(),
        select: ({ layer }) => {
          if (!Number.isInteger(layer) || layer < 0) return;
          this.#selected = layer;
          void this.#refresh();
        },
        stopAtDifference: ({ on }) => void this.#stopAtDifference(on),
      },
      message,
    );
  }

  async #stopAtDifference(on: boolean): Promise<void> {
    const source = this.#source;
    if (!source) return;
    try {
      await this.#preparing(() => source.stopAtDifference(on));
      await this.#refresh();
    } catch (error) {
      await this.#refresh();
      this.#post({ type: 'noTensor', layer: this.#selected, why: this.#told(error) });
    }
  }

  /** Says that it takes long while it does. */
  async #preparing<T>(work: () => Promise<T>): Promise<T> {
    if (this.#source?.isPcSettled) return work();
    this.#isPreparing = true;
    try {
      this.#post(await this.#state());
      return await work();
    } finally {
      this.#isPreparing = false;
    }
  }

  /** Shows all anew. */
  async #refresh(): Promise<void> {
    const asked = ++this.#asked;
    const state = await this.#state();
    if (asked !== this.#asked) return;
    this.#post(state);
    if (state.layers[this.#selected]?.state !== 'there' || this.#isPreparing) return;
    const isFirst = this.#source?.isPcSettled === false;
    await this.#preparing(() => this.#sendTensor(asked));
    // the layers are compared, too, from now on
    if (isFirst && asked === this.#asked) this.#post(await this.#state());
  }

  async #state(): Promise<NetworkState> {
    const { value } = this.#services.debuggedNetwork;
    const common = { type: 'state', isPreparing: this.#isPreparing } as const;
    if (!value || !('layers' in value)) {
      const words = value
        ? inWords(value, vscode.l10n.t)
        : vscode.l10n.t('No simulated board is debugged. Start one with F5 in a generated project.');
      return { ...common, network: undefined, board: 'none', words, layers: [], stopsAtDifference: false };
    }
    const { network, stopsAtDifference } = value;
    const stop = value.stop.value;
    const words = stop?.found ? inWords(stop.found, vscode.l10n.t) : '';
    const layers = stop ? (await value.layers()).map(layerRow) : [];
    return { ...common, network, board: stop ? 'stands' : 'runs', words, layers, stopsAtDifference };
  }

  async #sendTensor(asked: number): Promise<void> {
    const layer = this.#selected;
    try {
      const view = await this.#source?.tensor(layer);
      if (asked !== this.#asked || !view) return;
      const { board, noPc } = view;
      if (!board) return;
      this.#post(tensorMessage(view, board, noPc ? inWords(noPc, vscode.l10n.t) : ''));
    } catch (error) {
      this.#post({ type: 'noTensor', layer, why: this.#told(error) });
    }
  }

  #told(error: unknown): string {
    const { message, hint } = told(error, vscode.l10n.t);
    this.#services.log(`${message} ${hint}`.trimEnd());
    return `${message} ${hint}`.trimEnd();
  }

  #post(message: NetworkToPage): void {
    void this.#panel.webview.postMessage(message);
  }
}
