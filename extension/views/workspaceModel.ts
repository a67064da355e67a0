import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { BUILD_PLAN_FILE } from '../board/buildPlan.ts';
import type { Services } from './services.ts';
import { configProblems } from './configProblems.ts';
import { MODEL_PATTERN } from './modelFiles.ts';
import { CONFIG_NAME, rememberBoard, remembered } from './remembered.ts';
import { told } from './words.ts';

const UNLIKELY = '**/{node_modules,.git,build,dist,venv,.venv}/**';

/** Model files of the workspace, nearest to its root first. */
export async function findModels(limit = 50): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(MODEL_PATTERN, UNLIKELY, limit);
  return found.sort((a, b) => depth(a) - depth(b) || a.fsPath.localeCompare(b.fsPath));
}

function depth(uri: vscode.Uri): number {
  return uri.fsPath.split(path.sep).length;
}

/**
 * Keeps the current model, the selected board and the context keys in step with the workspace: glowport.json when
 * there is one, else the only model of the workspace and the board chosen last.
 */
export function watchWorkspace(context: vscode.ExtensionContext, services: Services): void {
  const { log, selectedBoard, currentModel } = services;
  const problems = configProblems(context);
  let applying = false;

  const refresh = async (): Promise<void> => {
    const projects = await vscode.workspace.findFiles(`**/${BUILD_PLAN_FILE}`, undefined, 1);
    setContext('hasProject', projects.length > 0);
    try {
      problems.clear();
      const last = await remembered();
      const choices = last?.choices;
      setContext('hasConfig', choices !== undefined);
      if (choices && existsSync(choices.model)) {
        if (currentModel.value?.file !== choices.model) currentModel.set({ file: choices.model });
        if (choices.board !== '' && selectedBoard.value !== choices.board)
          await selectKnown(choices.board, choices.sdk).catch((e) => problems.boardIsNone(last!.file, e));
      } else if (currentModel.value === undefined || !existsSync(currentModel.value.file)) {
        const models = await findModels(2);
        const only = models.length === 1 ? models[0]!.fsPath : undefined;
        if (currentModel.value?.file !== only) currentModel.set(only ? { file: only } : undefined);
      }
    } catch (e) {
      // a broken glowport.json is reported where it is used; here it only counts as absent
      log(`glowport.json was not read: ${told(e, vscode.l10n.t).message}`);
    }
  };
  const selectKnown = async (idOrName: string, sdk: string | undefined): Promise<void> => {
    const { namedBoard } = await import('../workflow/sdk.ts');
    const { knownBoards } = await import('../board/catalogue.ts');
    const { id } = await namedBoard(idOrName, sdk, { set: services.settings.sdkPath() });
    // one that only an SDK describes is known from now on
    if (!services.boards.value.some((b) => b.id === id)) services.boards.set(knownBoards());
    applying = true; // it comes from glowport.json: no need to write it there
    selectedBoard.set(id);
    applying = false;
  };

  const last = context.workspaceState.get<string>('board');
  if (last) selectedBoard.set(last);
  const config = vscode.workspace.createFileSystemWatcher(`**/${CONFIG_NAME}`);
  const models = vscode.workspace.createFileSystemWatcher(MODEL_PATTERN, false, true, false);
  const plans = vscode.workspace.createFileSystemWatcher(`**/${BUILD_PLAN_FILE}`, false, true, false);
  const refreshInTurn = inTurn(refresh);
  const later = debounced(refreshInTurn, 300);
  const events = [
    ...[config.onDidCreate, config.onDidChange, config.onDidDelete],
    ...[models.onDidCreate, models.onDidDelete, plans.onDidCreate, plans.onDidDelete],
  ];
  for (const event of events) context.subscriptions.push(event(() => later.call()));
  context.subscriptions.push(
    config,
    models,
    plans,
    later,
    vscode.workspace.onDidChangeWorkspaceFolders(() => later.call()),
    services.commandEnded.onChange(() => later.call()),
    services.lastResult.onChange(() => later.call()),
    currentModel.onChange((model) => setContext('hasModel', model !== undefined)),
    services.lastResult.onChange((result) => setContext('hasPorted', result !== undefined)),
    selectedBoard.onChange((board) => {
      setContext('hasBoard', board !== undefined);
      void context.workspaceState.update('board', board);
      if (!applying && board) rememberBoard(board, log);
    }),
  );
  refreshInTurn();
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', `glowport.${key}`, value);
}

/** Never runs `work` twice at a time: an older look at the files could end after a newer one, and would count. */
function inTurn(work: () => Promise<void>): () => void {
  let last = Promise.resolve();
  return () => {
    last = last.then(work, work);
  };
}

/** Calls `work` once things have been quiet for a while. */
function debounced(work: () => void, ms: number): vscode.Disposable & { call(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    call: () => {
      clearTimeout(timer);
      timer = setTimeout(work, ms);
    },
    dispose: () => clearTimeout(timer),
  };
}
