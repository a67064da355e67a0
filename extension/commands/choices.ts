import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type BoardData, findBoard } from '../board/catalogue.ts';
import { showWarning } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { isSimulated } from '../simulator/boards/boards.ts';
import { homeFolder } from '../views/remembered.ts';
import type { Remembered } from '../views/remembered.ts';
import type { AskedKey } from '../views/settings/choiceSources.ts';
import { chosen } from '../views/settings/chosen.ts';
import { networkName } from '../workflow/modelFile.ts';
import { withChange } from '../workflow/choices/change.ts';
import { AUTO_SDK } from '../workflow/choices/choices.ts';
import type { PortChoices, RunTarget } from '../workflow/choices/choices.ts';
import { type Answers, MADE_UP, type RunPlace } from './answers.ts';

/** Files that a question names at most. */
const SHOWN_FILES = 10;

/** Answers as the workflow's choices: what glowport.json states and then the settings fill in what nobody asked for. */
export function choicesOf(
  answers: Answers & { readonly model: string; readonly board: string },
  before: Remembered | undefined,
  services: Services,
): PortChoices & { readonly out: string } {
  const scope = vscode.Uri.file(homeFolder(answers.model));
  const old = before?.choices;
  const board = findBoard(answers.board);
  const { where } = answers;
  const sameBoard = old !== undefined && findBoard(old.board).id === board.id;
  const fixed = withChange(chosen(before, scope, services), answers.changes);
  const out = resultFolder({ model: answers.model, name: fixed.name, board: board.id }, services);
  const sdk = sdkOf(where, board, fixed.sdk);
  const asked: Pick<PortChoices, AskedKey> & { readonly out: string } = {
    sdk,
    model: answers.model,
    board: board.id,
    samples: answers.samples ?? old?.samples ?? [],
    input: answers.input === MADE_UP ? undefined : (answers.input ?? old?.input),
    run: runOf(where, board, old),
    into: where?.kind === 'into' ? where.folder : undefined,
    port: where?.kind === 'serial' ? where.path : undefined,
    out: sameBoard ? (old.out ?? out) : out,
  };
  // the built-in board support prints on the UART only
  return { ...fixed, ...asked, console: sdk === undefined ? 'uart' : fixed.console };
}

/** Where a model's results for a board go that nobody has chosen a folder for: in the folder of the setting. */
export function resultFolder(
  { model, name, board }: Pick<PortChoices, 'model' | 'name' | 'board'>,
  { settings }: Services,
): string {
  const home = homeFolder(model);
  const network = networkName(model, name);
  return path.resolve(home, settings.outputFolder(vscode.Uri.file(home)), `${network}-${board}`);
}

/** A board that is not simulated is built on NXP's SDK: the one in the usual places when none is set. */
function sdkOf(
  where: RunPlace | undefined,
  board: BoardData,
  chosenSdk: string | undefined,
): string | undefined {
  const isOwn = where?.kind === 'simulated' || (where?.kind === 'serial' && !where.onSdk);
  if (isOwn && board.bsp) return undefined;
  const isOnSdk = where?.kind === 'sdk' || where?.kind === 'serial' || !board.bsp;
  return chosenSdk ?? (isOnSdk ? AUTO_SDK : undefined);
}

function runOf(where: RunPlace | undefined, board: BoardData, old: PortChoices | undefined): RunTarget {
  if (where?.kind === 'simulated') return 'sim';
  if (where?.kind !== 'sdk' || !isSimulated(board)) return 'none';
  // "build only" of an SDK project is not asked for here, but may be remembered
  return old?.sdk !== undefined && old.board === board.id ? old.run : 'sim';
}

/** Where a remembered port went; undefined when that is no longer there. */
export function placeOf(choices: PortChoices): RunPlace | undefined {
  const { into, port, sdk, run } = choices;
  if (into !== undefined) return existsSync(into) ? { kind: 'into', folder: into } : undefined;
  if (port !== undefined) return { kind: 'serial', path: port, onSdk: sdk !== undefined };
  if (sdk !== undefined) return { kind: 'sdk' };
  return { kind: run === 'sim' ? 'simulated' : 'none' };
}

/** Asks before files that GlowPort did not write, or that the user has edited since, are written over. */
export async function confirmOverwrite(files: readonly string[]): Promise<'overwrite' | 'keep'> {
  const overwrite = vscode.l10n.t('Overwrite');
  const chosen = await showWarning(
    files.length === 1
      ? vscode.l10n.t('GlowPort did not write {0}, or it was edited since.', files[0]!)
      : vscode.l10n.t('GlowPort did not write {0} of the files, or they were edited since.', files.length),
    {
      modal: true,
      detail: [
        vscode.l10n.t('Overwrite with what GlowPort generates, or keep what is there?'),
        ...files.slice(0, SHOWN_FILES),
      ].join('\n'),
    },
    overwrite,
    vscode.l10n.t('Keep'),
  );
  return chosen === overwrite ? 'overwrite' : 'keep';
}
