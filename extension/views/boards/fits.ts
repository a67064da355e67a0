import * as vscode from 'vscode';
import { UserError } from '../../common/error.ts';
import type { BoardFits, Services } from '../services.ts';
import type { FitsAbout } from '../../../webview/shared/messages/boards.ts';
import { SETTINGS_OF_CHOICES } from '../settings/choiceSources.ts';
import { settledChoices } from '../settings/settled.ts';
import { changesFor } from '../unfinished.ts';
import { inWords, told } from '../words.ts';
import { toolPaths } from '../settings/toolPaths.ts';
import type { BoardFit } from '../../workflow/port/fit.ts';

/**
 * Measures the current model on every board in the background, whenever it changes. Only what the user looks at is
 * measured: nothing starts before `start` has been called by a view or a question.
 */
export class BoardFitsMeasurer implements vscode.Disposable {
  readonly #services: Services;
  readonly #disposables: vscode.Disposable[];
  #running: AbortController | undefined;
  #wanted = false;
  /** What this showed last. */
  #shown: BoardFits | undefined;

  constructor(services: Services) {
    this.#services = services;
    this.#disposables = [
      // what a port has found out stands: it is of the very network, and measured
      services.boardFits.onChange(() => {
        if (services.boardFits.value !== this.#shown) this.#running?.abort();
      }),
      services.currentModel.onChange(() => this.#unlessKnown()),
      services.boards.onChange(() => this.#changed()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        const asked = ['toolchain', ...SETTINGS_OF_CHOICES.map(([, setting]) => setting)];
        if (asked.some((key) => e.affectsConfiguration(`glowport.${key}`))) this.#changed();
      }),
    ];
  }

  /** Somebody looks: measure now and from now on. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#unlessKnown();
  }

  dispose(): void {
    this.#running?.abort();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  /** Measures the current model unless a port has told its fits already. */
  #unlessKnown(): void {
    const { boardFits, currentModel } = this.#services;
    const { value } = boardFits;
    if (value.kind !== 'ready' || value.file !== currentModel.value?.file) this.#changed();
  }

  #changed(): void {
    this.#running?.abort();
    const { boardFits, currentModel } = this.#services;
    const file = currentModel.value?.file;
    if (!file) {
      if (boardFits.value.kind !== 'none') this.#show({ kind: 'none' });
      return;
    }
    if (!vscode.workspace.isTrusted) {
      const message = vscode.l10n.t('Sizes are measured once this folder is trusted.');
      this.#show({ kind: 'failed', file, message });
      return;
    }
    if (this.#wanted) void this.#measure(file);
  }

  #show(fits: BoardFits): void {
    this.#shown = fits;
    this.#services.boardFits.set(fits);
  }

  async #measure(file: string): Promise<void> {
    const { output } = this.#services;
    const running = new AbortController();
    this.#running = running;
    this.#show({ kind: 'measuring', file });
    try {
      const { roughFits } = await import('../../workflow/port/roughFit.ts');
      const { tasksInThread } = await import('../../workflow/tasks/thread.ts');
      const { signal } = running;
      const choices = await settledChoices(file, changesFor(file), this.#services);
      const fits = await roughFits(choices, toolPaths(this.#services), { signal, tasks: tasksInThread() });
      if (running.signal.aborted) return;
      const about = choices.compiler === 'glow' ? 'insteadOfGlow' : undefined;
      this.#show({ kind: 'ready', file, fits: fitsById(fits), about });
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof UserError)) output.error(error instanceof Error ? error : String(error));
      const message = told(error, vscode.l10n.t).message;
      this.#show({ kind: 'failed', file, message });
    }
  }
}

/** What the fits of a port are about. */
export function fitsAbout(compiler: 'builtin' | 'glow' | undefined): FitsAbout | undefined {
  return compiler === 'glow' ? 'glow' : undefined;
}

/** The workflow's list as views look it up. */
export function fitsById(fits: readonly BoardFit[]): Extract<BoardFits, { kind: 'ready' }>['fits'] {
  return new Map(
    fits.map(({ board, fit }) => {
      const reasons = fit.reasons.map((reason) => inWords(reason, vscode.l10n.t));
      return [board.id, { id: board.id, name: board.name, ...fit, reasons }] as const;
    }),
  );
}
