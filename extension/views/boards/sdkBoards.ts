import * as vscode from 'vscode';
import { knownBoards } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import type { Services } from '../services.ts';
import { told } from '../words.ts';

/**
 * Reads the boards that the user's SDK describes beside the catalogue's: once somebody looks at boards, and again when another
 * SDK is set. Without an SDK there is nothing to say.
 */
export class SdkBoardsReader implements vscode.Disposable {
  readonly #services: Services;
  readonly #disposables: vscode.Disposable[];
  #reading: AbortController | undefined;
  #wanted = false;

  constructor(services: Services) {
    this.#services = services;
    this.#disposables = [
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#again()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration('glowport.sdk.path')) this.#again();
      }),
    ];
  }

  /** Somebody looks: read now, and what is set from now on. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#again();
  }

  dispose(): void {
    this.#reading?.abort();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #again(): void {
    this.#reading?.abort();
    if (this.#wanted && vscode.workspace.isTrusted) void this.#read();
  }

  async #read(): Promise<void> {
    const { settings, boards, output } = this.#services;
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const { boardsOfSdk } = await import('../../workflow/sdk.ts');
      const { AUTO_SDK } = await import('../../workflow/choices/choices.ts');
      const { tasksInThread } = await import('../../workflow/tasks/thread.ts');
      const { refused } = await boardsOfSdk(AUTO_SDK, {
        set: settings.sdkPath(),
        signal: reading.signal,
        tasks: tasksInThread(),
      });
      for (const { why } of refused) output.debug(told(why, vscode.l10n.t).message);
    } catch (error) {
      if (reading.signal.aborted) return;
      if (error instanceof UserError) output.debug(told(error, vscode.l10n.t).message);
      else output.error(error instanceof Error ? error : String(error));
      return;
    }
    if (!reading.signal.aborted) boards.set(knownBoards());
  }
}
