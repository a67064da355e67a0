import * as vscode from 'vscode';
import { PortError } from '../error.ts';
import type { BoardFits, Services } from '../services.ts';
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
        if (e.affectsConfiguration('glowport.weights') || e.affectsConfiguration('glowport.toolchain')) {
          this.#changed();
        }
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
    const { boardFits, settings, output } = this.#services;
    const running = new AbortController();
    this.#running = running;
    boardFits.set({ kind: 'measuring', file });
    try {
      const { inspect } = await import('../workflow/model.ts');
      const { fitBoards, roughRanges } = await import('../workflow/fit.ts');
      const { quantize } = await import('../quantize/quantize.ts');
      const { DEFAULT_CHOICES } = await import('../workflow/choices.ts');
      const context = { signal: running.signal };
      const { graph } = await inspect({ model: file }, context);
      const ranges = roughRanges(graph, DEFAULT_CHOICES.image);
      const fits = await fitBoards(
        quantize(graph, ranges, DEFAULT_CHOICES.quantization),
        {
          name: graph.name,
          weights: settings.weights(vscode.Uri.file(file)),
          tools: toolPaths(this.#services),
        },
        context,
      );
      if (running.signal.aborted) return;
      boardFits.set({ kind: 'ready', file, fits: fitsById(fits) });
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof PortError)) output.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      boardFits.set({ kind: 'failed', file, message });
    }
  }
}

/** The workflow's list as views look it up. */
export function fitsById(fits: readonly BoardFit[]): Extract<BoardFits, { kind: 'ready' }>['fits'] {
  return new Map(
    fits.map(({ board, fit }) => [board.id, { id: board.id, name: board.name, ...fit }] as const),
  );
}
