import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PortChoices } from '../workflow/choices/choices.ts';
import { finish, keepUnfinished, unfinishedAt } from './unfinished.ts';

/** Name of the file that remembers a port; here, so that workflow/config.ts with its schema loads only when needed. */
export const CONFIG_NAME = 'glowport.json';

/** A glowport.json of the workspace. */
export interface Remembered {
  readonly file: string;
  readonly choices: PortChoices;
  /** Keys that the file states; for the others the settings speak. */
  readonly stated: ReadonlySet<string>;
  /** The file does not say it: a port that did not succeed was to be made with it. */
  readonly isUnfinished: boolean;
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
      const choices = { ...before.choices, board };
      if (before.isUnfinished) await keepUnfinished(before.file, choices, await textOf(before.file));
      else {
        const { writeConfig } = await import('../workflow/choices/config.ts');
        await writeConfig(before.file, choices);
      }
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

/**
 * A port begins: nobody has to answer again if it fails, though nothing is written before it succeeds.
 * @returns writes what it was made with, once it has succeeded
 */
export async function rememberOnceDone(
  file: string,
  choices: PortChoices,
): Promise<(made: PortChoices) => Promise<void>> {
  await keepUnfinished(file, choices, await textOf(file));
  return async (made) => {
    const { writeConfig } = await import('../workflow/choices/config.ts');
    await writeConfig(file, made);
    finish(file, made.model);
  };
}

async function read(modelFile?: string): Promise<Remembered | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((f) => f.uri.fsPath);
  if (modelFile) folders.unshift(homeFolder(modelFile));
  const isOfModel = ({ model }: PortChoices): boolean =>
    modelFile === undefined || path.resolve(model) === path.resolve(modelFile);
  for (const folder of new Set(folders)) {
    const file = path.join(folder, CONFIG_NAME);
    const text = await textOf(file);
    const unfinished = unfinishedAt(file, text);
    if (unfinished && isOfModel(unfinished.choices)) {
      const { choices } = unfinished;
      return { file, choices, stated: statedIn(unfinished.text), isUnfinished: true };
    }
    if (text === undefined) continue;
    const { parseConfig } = await import('../workflow/choices/config.ts');
    const choices = parseConfig(text, file);
    if (isOfModel(choices)) return { file, choices, stated: statedIn(text), isUnfinished: false };
  }
  return undefined;
}

/** Keys of a text that has been read as an object that fits the schema. */
function statedIn(text: string): ReadonlySet<string> {
  return new Set(Object.keys(JSON.parse(text) as object));
}

/** Text of a glowport.json; undefined where there is none. @throws UserError `input` when it cannot be read */
async function textOf(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  // with its schema it is loaded once there is something to read
  const { readConfigText } = await import('../workflow/choices/config.ts');
  return readConfigText(file);
}
