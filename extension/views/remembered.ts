import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PortChoices } from '../workflow/choices/choices.ts';

/** Name of the file that remembers a port; here, so that workflow/config.ts with its schema loads only when needed. */
export const CONFIG_NAME = 'glowport.json';

/** A glowport.json of the workspace. */
export interface Remembered {
  readonly file: string;
  readonly choices: PortChoices;
  /** Keys that the file states; for the others the settings speak. */
  readonly stated: ReadonlySet<string>;
}

/** Folder for a model's glowport.json and results: its workspace folder, else the first one, else its own folder. */
export function homeFolder(modelFile: string): string {
  const folder =
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelFile)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath ?? path.dirname(modelFile);
}

/** Writes of a chosen board that are under way; readers wait for them. */
let saving: Promise<unknown> = Promise.resolve();

/** A board chosen by hand is an answer: glowport.json, where there is one, remembers it. Never rejects. */
export function rememberBoard(board: string, log: (line: string) => void): void {
  if (!vscode.workspace.isTrusted) return;
  saving = saving
    .then(async () => {
      const before = await read();
      if (!before || before.choices.board === board) return;
      const { writeConfig } = await import('../workflow/choices/config.ts');
      await writeConfig(before.file, { ...before.choices, board });
    })
    .catch((e: unknown) => log(`The board was not remembered: ${String(e)}`));
}

/**
 * The answers remembered for this model; without a model, the first ones of the workspace.
 * @throws UserError `input` when a glowport.json cannot be read
 */
export async function remembered(modelFile?: string): Promise<Remembered | undefined> {
  await saving;
  return read(modelFile);
}

async function read(modelFile?: string): Promise<Remembered | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((f) => f.uri.fsPath);
  if (modelFile) folders.unshift(homeFolder(modelFile));
  for (const folder of new Set(folders)) {
    const file = path.join(folder, CONFIG_NAME);
    if (!existsSync(file)) continue;
    const { parseConfig, readConfigText } = await import('../workflow/choices/config.ts');
    const text = await readConfigText(file);
    const choices = parseConfig(text, file);
    if (modelFile && path.resolve(choices.model) !== path.resolve(modelFile)) continue;
    // it has just been read as an object that fits the schema
    const stated = new Set(Object.keys(JSON.parse(text) as object));
    return { file, choices, stated };
  }
  return undefined;
}
