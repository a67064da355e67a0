import path from 'node:path';
import * as vscode from 'vscode';
import { showInformation } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { CONFIG_NAME, homeFolder, rememberOnceDone } from '../views/remembered.ts';
import type { Remembered } from '../views/remembered.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import type { Answers } from './answers.ts';
import { choicesOf, confirmOverwrite } from './choices.ts';
import { withSteps } from './progress.ts';

/** Ports the model into a project: shows the changes as a diff, makes them when the user says so, offers to take them back. */
export async function portIntoProject(
  services: Services,
  answers: Answers & { readonly model: string; readonly board: string },
  folder: string,
  before: Remembered | undefined,
): Promise<void> {
  const name = path.basename(folder);
  const title = vscode.l10n.t('Port into {0}', name);
  const { boardOfProject, hostProject, portInto, revertInto } = await import('../workflow/into.ts');
  const host = await hostProject(folder);
  // the answer counts only where the project does not say its board
  const board = boardOfProject(host, host.boardId === undefined ? answers.board : undefined);
  const chosen = choicesOf({ ...answers, board: board.id }, before, services);
  const ported = { ...chosen, out: before?.choices.out };
  const file = before?.file ?? path.join(homeFolder(ported.model), CONFIG_NAME);
  const remember = await rememberOnceDone(file, ported);
  const options = { tools: toolPaths(services), confirmOverwrite };
  const planned = await withSteps(title, services, (context) =>
    portInto(host.folder, ported, { ...options, dryRun: true }, context),
  );
  if (planned.changed.length === 0) {
    await remember(ported);
    void showInformation(vscode.l10n.t('{0} has this network already.', name));
    return;
  }
  const diff = await vscode.workspace.openTextDocument({ language: 'diff', content: planned.diff });
  await vscode.window.showTextDocument(diff, { preview: true });
  const replaced = planned.replaced.map((f) => vscode.l10n.t('{0} is your own and will be replaced.', f));
  const apply = vscode.l10n.t('Apply');
  const answer = await showInformation(
    vscode.l10n.t('Change {0} files of {1}?', planned.changed.length, name),
    { modal: true, detail: [...planned.changed, ...replaced, ...planned.notes].join('\n') },
    apply,
  );
  if (answer !== apply) return;
  const done = await withSteps(title, services, (context) => portInto(host.folder, ported, options, context));
  await remember(ported);
  await vscode.window.showTextDocument(vscode.Uri.file(path.join(done.project, 'source', 'main.c')));
  const revert = vscode.l10n.t('Revert');
  const after = await showInformation(
    vscode.l10n.t('{0} has the network now; build it as before.', name),
    revert,
  );
  if (after === revert) {
    await revertInto(done.project);
    void showInformation(vscode.l10n.t('{0} is what it was.', name));
  }
}
