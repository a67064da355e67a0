import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { productRoot } from '../common/resources.ts';
import type { Services } from '../views/services.ts';

const PARTS = ['mnist.onnx', 'labels.txt', 'samples', 'calibration'];

/** "New Example Project": asks for a folder, puts the digits example there and opens it. */
export async function newExample(): Promise<void> {
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Where to Put the Example'),
      openLabel: vscode.l10n.t('Create Here'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!parent) return;
  const folder = await copyExample(parent.fsPath);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceNewWindow: (vscode.workspace.workspaceFolders?.length ?? 0) > 0,
  });
}

/**
 * "Use the Example Model": puts the example into the open folder and makes its model the current one.
 * Without an open folder it is "New Example Project". Resolves to the model's file.
 */
export async function useExample(services: Services): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    await newExample();
    return undefined;
  }
  const file = path.join(await copyExample(folder.uri.fsPath), 'mnist.onnx');
  services.currentModel.set({ file });
  return file;
}

/** Copies the example into a new folder below `parent`, whole or not at all; resolves to the folder. */
async function copyExample(parent: string): Promise<string> {
  const taken = new Set(await readdir(parent).catch(() => []));
  const name = ['mnist-example', ...Array.from({ length: 98 }, (_, i) => `mnist-example-${i + 2}`)].find(
    (n) => !taken.has(n),
  );
  if (!name)
    throw new UserError('usage', say`${parent} holds 99 examples already.`, say`Delete some of them.`);
  const folder = path.join(parent, name);
  let temporary: string | undefined;
  try {
    temporary = await mkdtemp(path.join(parent, `.${name}.`));
    // a folder in it, because the temporary one is for its owner's eyes only
    const whole = path.join(temporary, name);
    await mkdir(whole);
    for (const part of PARTS) {
      await cp(path.join(productRoot, 'examples', 'mnist', part), path.join(whole, part), {
        recursive: true,
      });
    }
    await rename(whole, folder);
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new UserError(
      'input',
      say`The example could not be written to ${folder}.`,
      say`Choose another folder.`,
      why,
    );
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}
