import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { buildFirmware } from './build.ts';
import { checkTools, installToolchain } from './checkTools.ts';
import { compareWithGlow } from './compareCompilers.ts';
import { compileModel } from './compile.ts';
import { convertTestImage } from './convertImage.ts';
import { exploreQuantization } from './explore.ts';
import { showFailure } from './failure.ts';
import { flashFirmware } from './flash.ts';
import { generateProject } from './generate.ts';
import { showGlossary } from './glossary.ts';
import { newExample, useExample } from './newExample.ts';
import { profileModel } from './profile.ts';
import { portModel, runSimulated } from './port.ts';
import { portBundle } from './portBundle.ts';
import { browseForModel } from './questions/model.ts';
import { selectBoard } from './selectBoard.ts';
import { registerShownMarkdown } from './shownMarkdown.ts';
import { validateOnBoard } from './validate.ts';

/** Registers every palette command; one file a command. Each shows its own failures and never rejects. */
export function registerCommands(context: vscode.ExtensionContext, services: Services): void {
  const register = (id: string, run: (...args: unknown[]) => unknown) => {
    context.subscriptions.push(
      vscode.commands.registerCommand(`glowport.${id}`, async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          void showFailure(error, services, () => vscode.commands.executeCommand(`glowport.${id}`, ...args));
          return undefined;
        } finally {
          services.commandEnded.set(undefined);
        }
      }),
    );
  };
  register('port', (uri) => portModel(services, uri));
  register('portBundle', (uri) => portBundle(services, uri));
  register('runSimulated', () => runSimulated(services));
  register('profile', (uri) => profileModel(services, uri));
  register('compile', (uri) => compileModel(services, uri));
  register('image', (uri) => convertTestImage(services, uri));
  register('generate', (uri) => generateProject(services, uri));
  register('build', () => buildFirmware(services));
  register('flash', (folder) => flashFirmware(services, folder));
  registerShownMarkdown(context);
  register('compare', (uri, options) => compareWithGlow(services, uri, options));
  register('explore', (uri, options) => exploreQuantization(services, uri, options));
  register('validate', (uri, options) => validateOnBoard(services, uri, options));
  register('showNetwork', async () => {
    const { showNetwork } = await import('../views/network/networkPanel.ts');
    showNetwork(services);
  });
  register('checkTools', () => checkTools(services));
  register('installToolchain', installToolchain);
  register('newExample', newExample);
  register('useExample', () => useExample(services));
  register('chooseModel', async () => {
    const file = await browseForModel();
    if (file) services.currentModel.set({ file });
  });
  register('selectBoard', () => selectBoard(services));
  register('showGlossary', showGlossary);
  register('showLog', () => services.output.show());
  register('openWalkthrough', () =>
    vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${context.extension.id}#start`,
      false,
    ),
  );
}
