import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../../extension/board/catalogue.ts';
import { generateProject, projectFiles, type ProjectOptions } from '../../../extension/project/generate.ts';
import { incOf, tinyBundle, tinyInput } from '../tinyBundle.ts';
import type { Places } from './asVscode.ts';

/** A generated project that is open in VS Code. */
export interface OpenProject extends Places {
  readonly options: ProjectOptions;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  remove(): void;
}

/** Generates the tiny network's project into a folder with a space in its name. */
export async function openProject(board = 'frdmke16z'): Promise<OpenProject> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'glowport-vscode-')));
  const workspaceFolder = path.join(root, 'a project');
  const userHome = path.join(root, 'home');
  mkdirSync(userHome);
  const options: ProjectOptions = {
    board: findBoard(board),
    bundle: await tinyBundle(),
    testData: new Map([['image', incOf(tinyInput)]]),
    weights: 'flash',
    outDir: workspaceFolder,
  };
  await generateProject(options);
  const files = projectFiles(options);
  return {
    ...{ workspaceFolder, userHome, options, files },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
