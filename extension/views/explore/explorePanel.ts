import * as vscode from 'vscode';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import type { ExploreToHost } from '../../../webview/shared/messages/explore.ts';
import type { Exploration } from '../../workflow/explore/explored.ts';
import type { Services } from '../services.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { exploreState } from './exploreState.ts';

/** What the page asks for. */
interface ExploreActions {
  /** Makes a variant the choice of a port; resolves to what is chosen then. Shows its own failures. */
  readonly take: (exploration: Exploration, number: number) => Promise<Exploration>;
  /** Counts cycles on the simulated board. */
  readonly run: (exploration: Exploration) => void;
}

/** Open panels, one a model. */
const PANELS = new Map<string, ExplorePanel>();

/** Shows what exploring a model found, in the panel that the model has already, or in a new one. */
export function showExploration(exploration: Exploration, services: Services, actions: ExploreActions): void {
  const key = exploration.choices.model;
  const known = PANELS.get(key);
  if (known) {
    known.show(exploration, actions);
    return;
  }
  const panel = new ExplorePanel(exploration, services, actions);
  PANELS.set(key, panel);
  panel.onDispose(() => PANELS.delete(key));
}

class ExplorePanel {
  readonly #panel: vscode.WebviewPanel;
  #exploration: Exploration;
  #actions: ExploreActions;
  #isClosed = false;

  constructor(exploration: Exploration, { context }: Services, actions: ExploreActions) {
    this.#exploration = exploration;
    this.#actions = actions;
    const title = vscode.l10n.t('Variants of {0}', exploration.model);
    this.#panel = vscode.window.createWebviewPanel('glowport.explore', title, vscode.ViewColumn.Active, {
      ...webviewOptions(context.extensionUri),
    });
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(context.extensionUri, 'webview', 'media', `explore-${theme}.svg`);
    this.#panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.#panel.onDidDispose(() => (this.#isClosed = true));
    this.#panel.webview.onDidReceiveMessage((message) => this.#receive(message));
    this.#panel.webview.html = webviewHtml(this.#panel.webview, context.extensionUri, {
      view: 'explore',
      title,
    });
  }

  onDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  show(exploration: Exploration, actions: ExploreActions): void {
    this.#exploration = exploration;
    this.#actions = actions;
    this.#panel.reveal();
    this.#send();
  }

  #receive(message: unknown): void {
    dispatch<ExploreToHost>(
      {
        ready: () => this.#send(),
        take: ({ number }) => void this.#take(number),
        run: () => this.#actions.run(this.#exploration),
      },
      message,
    );
  }

  async #take(number: unknown): Promise<void> {
    // a page is not trusted: only a variant that is shown can be taken
    const taken = this.#exploration.variants.find((v) => v.number === number);
    if (!taken) return;
    const before = this.#exploration;
    const after = await this.#actions.take(before, taken.number);
    // another exploration may have come meanwhile, which knows the choice or was begun without it
    if (this.#exploration === before) this.#exploration = after;
    this.#send();
  }

  #send(): void {
    if (this.#isClosed) return;
    void this.#panel.webview.postMessage(exploreState(this.#exploration, vscode.l10n.t));
  }
}
