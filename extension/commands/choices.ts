import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { cIdentifier } from '../bundle/bundle.ts';
import type { Services } from '../services.ts';
import { configFolder } from '../views/workspaceModel.ts';
import { DEFAULT_CHOICES } from '../workflow/choices.ts';
import type { PortChoices } from '../workflow/choices.ts';
import type { Answers } from './answers.ts';

/** Answers as the workflow's choices: what was remembered or is set fills in what nobody asked for. */
export function choicesOf(
  answers: Answers & { readonly model: string; readonly board: string },
  remembered: PortChoices | undefined,
  services: Services,
): PortChoices & { readonly out: string } {
  const folder = configFolder(answers.model);
  const scope = vscode.Uri.file(folder);
  const name = cIdentifier(remembered?.name ?? path.basename(answers.model, path.extname(answers.model)));
  const board = findBoard(answers.board);
  const sameBoard = remembered !== undefined && findBoard(remembered.board).id === board.id;
  const out = path.join(folder, services.settings.outputFolder(scope), `${name}-${board.id}`);
  return {
    ...DEFAULT_CHOICES,
    weights: services.settings.weights(scope),
    ...remembered,
    model: answers.model,
    board: board.id,
    images: answers.images ?? remembered?.images ?? [],
    input: answers.input ?? remembered?.input,
    run: answers.where?.kind === 'simulated' ? 'sim' : 'none',
    out: sameBoard ? (remembered.out ?? out) : out,
  };
}

/** Asks before generated files that the user has edited are written over. */
export async function confirmOverwrite(files: readonly string[]): Promise<'overwrite' | 'keep'> {
  const overwrite = vscode.l10n.t('Overwrite');
  const chosen = await vscode.window.showWarningMessage(
    files.length === 1
      ? vscode.l10n.t('{0} has been edited.', files[0]!)
      : vscode.l10n.t('{0} generated files have been edited.', files.length),
    {
      modal: true,
      detail: vscode.l10n.t('Overwrite them with what GlowPort generates, or keep your edits?'),
    },
    overwrite,
    vscode.l10n.t('Keep My Edits'),
  );
  return chosen === overwrite ? 'overwrite' : 'keep';
}
