import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { cIdentifier } from '../bundle/bundle.ts';
import type { Services } from '../services.ts';
import { homeFolder } from '../views/remembered.ts';
import type { Remembered } from '../views/remembered.ts';
import { chosen } from '../views/settings/chosen.ts';
import type { PortChoices } from '../workflow/choices.ts';
import type { Answers } from './answers.ts';

/** Answers as the workflow's choices: what glowport.json states and then the settings fill in what nobody asked for. */
export function choicesOf(
  answers: Answers & { readonly model: string; readonly board: string },
  before: Remembered | undefined,
  services: Services,
): PortChoices & { readonly out: string } {
  const { settings } = services;
  const folder = homeFolder(answers.model);
  const scope = vscode.Uri.file(folder);
  const old = before?.choices;
  const name = cIdentifier(old?.name ?? path.basename(answers.model, path.extname(answers.model)));
  const board = findBoard(answers.board);
  const sameBoard = old !== undefined && findBoard(old.board).id === board.id;
  const out = path.join(folder, settings.outputFolder(scope), `${name}-${board.id}`);
  const fixed = chosen(before, scope, services);
  return {
    ...fixed,
    // a board that is not simulated is built on NXP's SDK: the one in the usual places when none is set
    sdk: fixed.sdk ?? (board.simulated ? undefined : 'auto'),
    model: answers.model,
    board: board.id,
    images: answers.images ?? old?.images ?? [],
    input: answers.input ?? old?.input,
    run: answers.where?.kind === 'simulated' ? 'sim' : 'none',
    out: sameBoard ? (old.out ?? out) : out,
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
