import path from 'node:path';
import * as vscode from 'vscode';
import type { BoardData } from '../board/catalogue.ts';
import type { HostProject } from '../project/hostProject.ts';

/** Most projects that are offered. */
const MAX_PROJECTS = 20;

/** A project of MCUXpresso in the workspace. */
export interface WorkspaceProject {
  readonly host: HostProject;
  /** The board that it says it is for, where GlowPort knows it. */
  readonly board: BoardData | undefined;
}

/** MCUXpresso projects in the workspace; files that look like one and are not are left out. */
export async function workspaceProjects(): Promise<WorkspaceProject[]> {
  const files = await vscode.workspace.findFiles(
    '**/{.cproject,CMakeLists.txt}',
    '**/{node_modules,build,.git,.glowport}/**',
    5 * MAX_PROJECTS,
  );
  if (files.length === 0) return [];
  const { boardOfProject, hostProject } = await import('../workflow/into.ts');
  const folders = [...new Set(files.map((f) => path.dirname(f.fsPath)))].sort();
  const found = new Map<string, WorkspaceProject>();
  for (const folder of folders) {
    const host = await hostProject(folder).catch(() => undefined);
    if (!host || found.size >= MAX_PROJECTS) continue;
    let board: BoardData | undefined;
    try {
      board = boardOfProject(host);
    } catch {
      // it does not say: the board that is asked for is taken
    }
    found.set(host.folder, { host, board });
  }
  return [...found.values()];
}

/** The board of the only project in the workspace: nobody who has one open has to be asked. */
export async function boardOfWorkspace(): Promise<string | undefined> {
  const [only, ...more] = await workspaceProjects();
  return more.length === 0 ? only?.board?.id : undefined;
}
