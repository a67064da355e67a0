import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { showInformation, showInPassing, showWarning } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { fitsAbout, fitsById } from '../views/boards/fits.ts';
import { CONFIG_NAME, homeFolder, remembered } from '../views/remembered.ts';
import type { Remembered } from '../views/remembered.ts';
import { CHOICE_SOURCES } from '../views/settings/choiceSources.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { formatTime } from '../../webview/shared/format.ts';
import type { PortResult } from '../workflow/port/port.ts';
import type { Answers } from './answers.ts';
import { choicesOf, confirmOverwrite } from './choices.ts';
import { requireTrust } from './failure.ts';
import { portIntoProject } from './intoProject.ts';
import { askAll } from './multiStep.ts';
import { withSteps } from './progress.ts';
import { allQuestions, startAnswers } from './questions/all.ts';
import { reviewAnswers } from './review.ts';

const title = (answers: Answers) =>
  answers.model === undefined
    ? vscode.l10n.t('Port Model to Board')
    : vscode.l10n.t('Port {0}', path.basename(answers.model));

type Complete = { readonly [K in keyof Answers]-?: NonNullable<Answers[K]> };

/**
 * "Port Model to Board": asks what is not known yet (all known: shows the answers, one Enter starts), runs the whole
 * way under a cancellable progress notification, remembers the answers and shows the result in the monitor.
 */
export async function portModel(services: Services, given: unknown): Promise<PortResult | undefined> {
  requireTrust();
  const start = await startAnswers(services, given);
  const questions = allQuestions(services);
  const known = questions.every((q) => q.isKnown(start));
  const answers = known
    ? await reviewAnswers(questions, start, title(start))
    : await askAll(questions, start, title);
  if (!answers) return undefined;
  const before = await remembered(answers.model);
  if (answers.where?.kind === 'into') {
    await portIntoProject(services, answers as Complete, answers.where.folder, before);
    return undefined;
  }
  return runPort(answers as Complete, before, services);
}

/** "Run on Simulated Board": repeats the remembered port there; asks only what nothing remembers. */
export async function runSimulated(services: Services): Promise<PortResult | undefined> {
  requireTrust();
  const known = await startAnswers(services, undefined);
  const start: Answers = {
    ...known,
    where: known.where?.kind === 'sdk' ? known.where : { kind: 'simulated' },
  };
  const answers = await askAll(allQuestions(services), start, title);
  if (!answers) return undefined;
  const { requireSimulated } = await import('../workflow/steps/run.ts');
  requireSimulated(findBoard(answers.board ?? ''));
  return runPort(answers as Complete, await remembered(answers.model), services);
}

/** The button of a failure: lets the network overwrite its input from now on, and ports again. */
export async function portReusingInput(services: Services): Promise<PortResult | undefined> {
  const scope = vscode.workspace.workspaceFolders?.[0]?.uri;
  const settings = vscode.workspace.getConfiguration('glowport', scope);
  await settings.update(CHOICE_SOURCES.reuseInput.setting, true, vscode.ConfigurationTarget.Workspace);
  return portModel(services, undefined);
}

async function runPort(
  answers: Complete,
  before: Remembered | undefined,
  services: Services,
): Promise<PortResult> {
  const choices = choicesOf(answers, before, services);
  const board = findBoard(choices.board);
  const model = path.basename(choices.model);
  const title = vscode.l10n.t('Porting {0} to {1}', model, board.name);
  // remembered before it runs: after a failure nobody should have to answer again
  const { writeConfig } = await import('../workflow/choices/config.ts');
  await writeConfig(before?.file ?? path.join(homeFolder(choices.model), CONFIG_NAME), choices);
  const result = await withSteps(title, services, async (context) => {
    const { port } = await import('../workflow/port/port.ts');
    return port(choices, context, { tools: toolPaths(services), confirmOverwrite });
  });
  services.selectedBoard.set(board.id);
  services.boardFits.set({
    kind: 'ready',
    file: choices.model,
    fits: fitsById(result.fit),
    about: fitsAbout(result.compiler),
  });
  // one page after the other: VS Code in a browser may leave one of two that load at once blank
  await vscode.commands.executeCommand('glowport.monitor.show');
  services.lastResult.set(result);
  void tellResult(result, services);
  return result;
}

/**
 * The monitor and the report show a result that matches, so the status bar says it in passing; what asks for attention
 * (no run, another result than this computer's) gets a message.
 */
async function tellResult(result: PortResult, services: Services): Promise<void> {
  const { labels, run } = result;
  const board = result.board.name;
  if (!run) {
    const flash = vscode.l10n.t('Flash');
    const reveal = vscode.l10n.t('Show Firmware');
    const chosen = await showInformation(
      vscode.l10n.t('Built {0} for {1}.', path.basename(result.elf), board),
      flash,
      reveal,
    );
    if (chosen === flash) await vscode.commands.executeCommand('glowport.flash', result.project);
    if (chosen === reveal) {
      await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(result.elf));
    }
    return;
  }
  const { report } = run;
  const top1 = report.top1 === undefined ? '?' : (labels[report.top1] ?? String(report.top1));
  const time = report.timeUs === undefined ? '' : formatTime(report.timeUs);
  if (result.comparison?.match) {
    const text = vscode.l10n.t('{0} says {1} in {2}, the same as this computer', board, top1, time);
    showInPassing('pass', text, 20_000);
    return;
  }
  const log = vscode.l10n.t('Show Log');
  const chosen = await showWarning(
    vscode.l10n.t('{0} says {1} in {2}, but this computer computes other confidences.', board, top1, time),
    log,
  );
  if (chosen === log) services.output.show();
}
