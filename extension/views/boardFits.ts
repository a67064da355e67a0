import * as vscode from 'vscode';
import { PortError } from '../error.ts';
import type { BoardFits, FitsAbout, Services } from '../services.ts';
import { remembered } from './remembered.ts';
import { chosen } from './settings/chosen.ts';
import { toolPaths } from './settings/toolPaths.ts';
import type { BoardFit } from '../workflow/fit.ts';

/**
 * Measures the current model on every board in the background, whenever it changes. Only what the user looks at is
 * measured: nothing starts before `start` has been called by a view or a question.
 */
export class BoardFitsMeasurer implements vscode.Disposable {
  readonly #services: Services;
  readonly #disposables: vscode.Disposable[];
  #running: AbortController | undefined;
  #wanted = false;

  constructor(services: Services) {
    this.#services = services;
    this.#disposables = [
      services.currentModel.onChange(() => this.#changed()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        const kept = ['weights', 'reuseInput', 'toolchain', 'compiler'];
        if (kept.some((key) => e.affectsConfiguration(`glowport.${key}`))) this.#changed();
      }),
    ];
  }

  /** Somebody looks: measure now and from now on. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#changed();
  }

  dispose(): void {
    this.#running?.abort();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #changed(): void {
    this.#running?.abort();
    const { boardFits, currentModel } = this.#services;
    const file = currentModel.value?.file;
    if (!file) {
      if (boardFits.value.kind !== 'none') boardFits.set({ kind: 'none' });
      return;
    }
    if (!vscode.workspace.isTrusted) {
      const message = vscode.l10n.t('Sizes are measured once this folder is trusted.');
      boardFits.set({ kind: 'failed', file, message });
      return;
    }
    if (this.#wanted) void this.#measure(file);
  }

  async #measure(file: string): Promise<void> {
    const { boardFits, output } = this.#services;
    const running = new AbortController();
    this.#running = running;
    boardFits.set({ kind: 'measuring', file });
    try {
      const { inspect } = await import('../workflow/model.ts');
      const { fitBoards, roughRanges } = await import('../workflow/fit.ts');
      const { quantize } = await import('../quantize/quantize.ts');
      const context = { signal: running.signal };
      const { platformOf } = await import('../project/sdkProject.ts');
      const before = await remembered(file);
      const choices = chosen(before, vscode.Uri.file(file), this.#services);
      const platform = before?.choices.sdk === undefined ? 'own' : platformOf(choices.console);
      const { graph } = await inspect({ model: file, defines: choices.defines }, context);
      const ranges = roughRanges(graph, choices.image);
      const fits = await fitBoards(
        quantize(graph, ranges, choices.quantization),
        { ...choices, name: graph.name, platform, tools: toolPaths(this.#services) },
        context,
      );
      if (running.signal.aborted) return;
      const about = choices.compiler === 'glow' ? 'insteadOfGlow' : undefined;
      boardFits.set({ kind: 'ready', file, fits: fitsById(fits), about });
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof PortError)) output.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      boardFits.set({ kind: 'failed', file, message });
    }
  }
}

/** What the fits of a port are about. */
export function fitsAbout(compiler: 'builtin' | 'glow'): FitsAbout | undefined {
  return compiler === 'glow' ? 'glow' : undefined;
}

/** The workflow's list as views look it up. */
export function fitsById(fits: readonly BoardFit[]): Extract<BoardFits, { kind: 'ready' }>['fits'] {
  return new Map(
    fits.map(({ board, fit }) => [board.id, { id: board.id, name: board.name, ...fit }] as const),
  );
}
