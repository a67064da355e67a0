import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { showFailure } from './failure.ts';
import { newExample, useExample } from './newExample.ts';
import { browseForModel } from './questions/model.ts';
import { selectBoard } from './selectBoard.ts';

/** Registers every palette command; one file a command. Each shows its own failures and never rejects. */
export function registerCommands(context: vscode.ExtensionContext, services: Services): void {
  const register = (id: string, run: (...args: unknown[]) => unknown) => {
    context.subscriptions.push(
      vscode.commands.registerCommand(`glowport.${id}`, async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          void showFailure(error, services);
          return undefined;
        }
      }),
    );
  };
  register('newExample', newExample);
  register('useExample', () => useExample(services));
  register('chooseModel', async () => {
    const file = await browseForModel();
    if (file) services.currentModel.set({ file });
  });
  register('selectBoard', () => selectBoard(services));
  register('showLog', () => services.output.show());
  register('openWalkthrough', () =>
    vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${context.extension.id}#start`,
      false,
    ),
  );
}
