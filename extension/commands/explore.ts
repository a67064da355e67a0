import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { showExploration } from '../views/explore/explorePanel.ts';
import { showInformation } from '../views/messages.ts';
import { CONFIG_NAME, homeFolder, remembered } from '../views/remembered.ts';
import type { Services } from '../views/services.ts';
import { CHOICE_SOURCES } from '../views/settings/choiceSources.ts';
import { chosen } from '../views/settings/chosen.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { inWords } from '../views/words.ts';
import { isSimulated } from '../simulator/boards/boards.ts';
import type { PortChoices } from '../workflow/choices/choices.ts';
import type { Exploration } from '../workflow/explore/explored.ts';
import { OPEN } from './answers.ts';
import { confirmOverwrite } from './choices.ts';
import { showFailure } from './failure.ts';
import { withSteps } from './progress.ts';
import { samplesQuestion } from './questions/samples.ts';
import { choicesFor } from './stepChoices.ts';

/**
 * "Explore Quantization": quantizes the model in many ways, and shows what each keeps of its accuracy and takes of the board.
 * @param options from another extension, a keyboard shortcut or the page: `run: true` also counts cycles on the simulated board
 * @returns what was found; undefined when the user left
 */
export async function exploreQuantization(
  services: Services,
  given: unknown,
  options?: unknown,
): Promise<Exploration | undefined> {
  const title = vscode.l10n.t('Explore Quantization');
  const known = await choicesFor(services, given, title, ['model', 'samples', 'board']);
  const choices = known && (await withSamples(known, title, services));
  if (!choices) return undefined;
  const isRun = (options as { run?: unknown } | undefined)?.run === true;
  const exploration = await withSteps(title, services, async (context) => {
    const { explore } = await import('../workflow/explore/explore.ts');
    const fixed = { quantization: {} };
    const tools = toolPaths(services);
    return explore({ choices, fixed, test: [], run: isRun, tools }, context);
  });
  showExploration(exploration, services, {
    take: (before, number) => take(before, number, services),
    run: ({ choices: { model } }) =>
      void vscode.commands.executeCommand('glowport.explore', vscode.Uri.file(model), { run: true }),
  });
  return exploration;
}

/** A model that is quantized already is ported without samples, but accuracy is measured over some. */
async function withSamples(
  choices: PortChoices,
  title: string,
  services: Services,
): Promise<PortChoices | undefined> {
  if (choices.samples.length > 0) return choices;
  const options = { title, step: 1, steps: 1, back: false };
  const answer = await samplesQuestion(services).ask({ ...OPEN, model: choices.model }, options);
  if (typeof answer !== 'object' || !answer.samples) return undefined;
  return { ...choices, samples: answer.samples };
}

/** Makes a variant what the model is ported with, and offers to port it. Shows its own failures. */
async function take(exploration: Exploration, number: number, services: Services): Promise<Exploration> {
  try {
    const { takenChoices, withChosen } = await import('../workflow/explore/take.ts');
    const taken = takenChoices(exploration, number);
    if (!(await rememberTaken(taken, exploration, services))) return exploration;
    const result = withChosen(exploration, number);
    void offerPort(result, number).catch((error: unknown) => showFailure(error, services));
    return result;
  } catch (error) {
    void showFailure(error, services);
    return exploration;
  }
}

/** Writes what is taken into the model's glowport.json; what else that says stays. @returns false when the user keeps another model's */
async function rememberTaken(
  taken: PortChoices,
  { board }: Exploration,
  services: Services,
): Promise<boolean> {
  const { model, quantization, weights } = taken;
  const { writeConfig } = await import('../workflow/choices/config.ts');
  const before = await remembered(model);
  const file = before?.file ?? path.join(homeFolder(model), CONFIG_NAME);
  if (!before && existsSync(file) && (await confirmOverwrite([file])) === 'keep') return false;
  // nobody has been asked yet where it runs: where a port would begin
  const base = before?.choices ?? { ...taken, run: isSimulated(board) ? 'sim' : 'none' };
  await writeConfig(file, { ...base, quantization, weights });
  await setWeights(model, weights, services);
  return true;
}

/** glowport.json does not state what is the default; then a setting speaks, which says so too. */
async function setWeights(model: string, weights: PortChoices['weights'], services: Services): Promise<void> {
  const scope = vscode.Uri.file(homeFolder(model));
  if (chosen(await remembered(model), scope, services).weights === weights) return;
  const settings = vscode.workspace.getConfiguration('glowport', scope);
  await settings.update(CHOICE_SOURCES.weights.setting, weights, vscode.ConfigurationTarget.Workspace);
}

async function offerPort({ choices, variants }: Exploration, number: number): Promise<void> {
  const words = variants.find((v) => v.number === number)!.words;
  const port = vscode.l10n.t('Port Model to Board');
  const text = vscode.l10n.t(
    '{0} is ported with {1} from now on.',
    path.basename(choices.model),
    inWords(words, vscode.l10n.t),
  );
  const answer = await showInformation(text, port);
  if (answer === port) await vscode.commands.executeCommand('glowport.port', vscode.Uri.file(choices.model));
}
