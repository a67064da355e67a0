import path from 'node:path';
import * as vscode from 'vscode';
import { sampleAt } from '../data/given.ts';
import { findBoard } from '../board/catalogue.ts';
import { homeFolder } from '../views/remembered.ts';
import type { Services } from '../views/services.ts';
import { chosen } from '../views/settings/chosen.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { AUTO_SDK } from '../workflow/choices/choices.ts';
import type { BundleChoices } from '../workflow/port/portBundle.ts';
import type { CompiledResult } from '../workflow/port/portCompiled.ts';
import { isSimulated } from '../simulator/boards/boards.ts';
import { confirmOverwrite } from './choices.ts';
import { requireTrust } from './failure.ts';
import { askAll } from './wizard.ts';
import { withSteps } from './progress.ts';
import { type BundleAnswers, bundleQuestions, withBundle } from './questions/bundle.ts';
import { showPorted } from './showPorted.ts';

/**
 * "Port Bundle to Board": asks for bundle, board and test data, builds its firmware, runs it on the simulated board where there
 * is one, and shows the result in the monitor. Nothing on this computer computes a bundle, so there is no verdict.
 *
 * @param given its folder, its NAME.h or its weights
 */
export async function portBundle(services: Services, given: unknown): Promise<CompiledResult | undefined> {
  requireTrust();
  const open: BundleAnswers = {
    bundle: undefined,
    candidates: [],
    inputName: undefined,
    board: undefined,
    input: undefined,
  };
  const start = given instanceof vscode.Uri ? await withBundle(open, given.fsPath) : open;
  const title = ({ bundle }: BundleAnswers): string =>
    bundle === undefined
      ? vscode.l10n.t('Port Bundle to Board')
      : vscode.l10n.t('Port {0}', path.basename(bundle, '.h'));
  const answers = await askAll(bundleQuestions(services), start, title);
  if (answers?.bundle === undefined || answers.board === undefined || answers.input === undefined) {
    return undefined;
  }
  const { bundle, candidates, inputName } = answers;
  const input = await sampleAt(answers.input);
  const choices = choicesOf({ bundle, board: answers.board, input }, services);
  const outputs = inputName === undefined ? [] : candidates.filter((name) => name !== inputName);
  const board = findBoard(choices.board);
  const name = path.basename(bundle, '.h');
  const porting = vscode.l10n.t('Porting {0} to {1}', name, board.name);
  const result = await withSteps(porting, services, async (context) => {
    const work = await import('../workflow/port/portBundle.ts');
    return work.portBundle({ ...choices, outputs }, context, {
      tools: toolPaths(services),
      confirmOverwrite,
    });
  });
  await showPorted(result, services);
  return result;
}

/** What the settings say of what nobody was asked for. */
function choicesOf(
  { bundle, board: id, input }: Pick<BundleChoices, 'bundle' | 'board' | 'input'>,
  services: Services,
): Omit<BundleChoices, 'outputs'> {
  const home = homeFolder(bundle);
  const fixed = chosen(undefined, vscode.Uri.file(home), services);
  const board = findBoard(id);
  const canRun = isSimulated(board);
  const sdk = board.bsp ? undefined : (fixed.sdk ?? AUTO_SDK);
  const folder = services.settings.outputFolder(vscode.Uri.file(home));
  return {
    ...fixed,
    ...{ bundle, model: undefined, board: id, input, sdk },
    run: canRun ? 'sim' : 'none',
    out: path.resolve(home, folder, `${path.basename(bundle, '.h')}-${id}`),
    port: undefined,
    console: sdk === undefined ? 'uart' : fixed.console,
  };
}
