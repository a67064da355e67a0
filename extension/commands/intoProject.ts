import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import type { HostProject } from '../project/hostProject.ts';
import type { Services } from '../services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { confirmOverwrite } from './choices.ts';
import { BACK, type Choice, pickStep } from './multiStep.ts';
import { withSteps } from './progress.ts';
import { choicesFor } from './stepChoices.ts';

/** Where a port goes: a new project, the same run on the simulated board at once, or a project that is there already. */
export type PortPlace =
  | { readonly kind: 'new' }
  | { readonly kind: 'simulated' }
  | { readonly kind: 'into'; readonly host: HostProject };

/** Most projects that are offered. */
const maxProjects = 20;

/** MCUXpresso projects in the workspace; files that look like one and are not are left out. */
async function workspaceProjects(): Promise<HostProject[]> {
  const files = await vscode.workspace.findFiles(
    '**/{.cproject,CMakeLists.txt}',
    '**/{node_modules,build,.git,.glowport}/**',
    5 * maxProjects,
  );
  if (files.length === 0) return [];
  const { hostProject } = await import('../workflow/into.ts');
  const folders = [...new Set(files.map((f) => path.dirname(f.fsPath)))].sort();
  const found = new Map<string, HostProject>();
  for (const folder of folders) {
    const host = await hostProject(folder).catch(() => undefined);
    if (host && found.size < maxProjects) found.set(host.folder, host);
  }
  return [...found.values()];
}

/** Asks where a port goes when the workspace holds MCUXpresso projects; without any it is a new project. */
export async function askPlace(title: string): Promise<PortPlace | undefined> {
  const projects = await workspaceProjects();
  if (projects.length === 0) return { kind: 'new' };
  const choices: Choice<PortPlace>[] = [
    ...projects.map((host): Choice<PortPlace> => ({
      label: vscode.l10n.t('Into {0}', path.basename(host.folder)),
      description: host.kind === 'mcuxpresso-ide' ? 'MCUXpresso IDE' : 'MCUXpresso for VS Code',
      detail: vscode.workspace.asRelativePath(host.folder),
      iconPath: new vscode.ThemeIcon('git-pull-request-go-to-changes'),
      value: { kind: 'into', host },
    })),
    {
      label: vscode.l10n.t('New project'),
      iconPath: new vscode.ThemeIcon('new-folder'),
      value: { kind: 'new' },
    },
    {
      label: vscode.l10n.t('Simulated board'),
      iconPath: new vscode.ThemeIcon('vm'),
      value: { kind: 'simulated' },
    },
  ];
  const placeholder = vscode.l10n.t('Choose where the network goes');
  const chosen = await pickStep({ title, step: 1, steps: 1, back: false, placeholder }, choices);
  return chosen === BACK ? undefined : chosen;
}

/** Ports the model into a project: shows the changes as a diff, makes them when the user says so, offers to take them back. */
export async function portIntoProject(services: Services, host: HostProject, given: unknown): Promise<void> {
  const name = path.basename(host.folder);
  const title = vscode.l10n.t('Port into {0}', name);
  const { boardOfProject, portInto, revertInto } = await import('../workflow/into.ts');
  const names = ['model', 'samples', 'testImage'] as const;
  // the board is asked only when the project does not say it
  let isKnown = true;
  try {
    boardOfProject(host);
  } catch {
    isKnown = false;
  }
  const choices = await choicesFor(services, given, title, isKnown ? names : [...names, 'board']);
  if (choices?.input === undefined) return;
  const board = boardOfProject(host, isKnown ? undefined : choices.board);
  const ported = { ...choices, board: findBoard(board.id).id };
  const options = { tools: toolPaths(services), confirmOverwrite };
  const planned = await withSteps(title, services, (context) =>
    portInto(host.folder, ported, { ...options, dryRun: true }, context),
  );
  if (planned.changed.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has this network already.', name));
    return;
  }
  const diff = await vscode.workspace.openTextDocument({ language: 'diff', content: planned.diff });
  await vscode.window.showTextDocument(diff, { preview: true });
  const apply = vscode.l10n.t('Apply');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Change {0} files of {1}?', planned.changed.length, name),
    { modal: true, detail: [...planned.changed, ...planned.notes].join('\n') },
    apply,
  );
  if (answer !== apply) return;
  const done = await withSteps(title, services, (context) => portInto(host.folder, ported, options, context));
  await vscode.window.showTextDocument(vscode.Uri.file(path.join(done.project, 'source', 'main.c')));
  const revert = vscode.l10n.t('Revert');
  const after = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} has the network now; build it as before.', name),
    revert,
  );
  if (after === revert) {
    await revertInto(done.project);
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} is what it was.', name));
  }
}
