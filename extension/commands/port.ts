import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { showInPassing, showWarning } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { fitsAbout, fitsById } from '../views/boards/fits.ts';
import { closenessText } from '../views/closenessText.ts';
import { CONFIG_NAME, homeFolder, remembered, rememberOnceDone } from '../views/remembered.ts';
import type { Remembered } from '../views/remembered.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import type { QuantizeOptions } from '../quantize/options.ts';
import type { PortChoices } from '../workflow/choices/choices.ts';
import type { PortResult } from '../workflow/port/port.ts';
import type { AnyPortResult } from '../workflow/port/portCompiled.ts';
import type { QuantizationCheck } from '../workflow/numbers/checkNetwork.ts';
import type { Answers } from './answers.ts';
import { choicesOf, confirmOverwrite } from './choices.ts';
import { requireTrust, showFailure } from './failure.ts';
import { portIntoProject } from './intoProject.ts';
import { askAll, askOpen } from './wizard.ts';
import { withSteps } from './progress.ts';
import { allQuestions, startAnswers } from './questions/all.ts';
import { reviewAnswers } from './review.ts';
import { revealPorted, saidIn, showPorted, tellBuilt } from './showPorted.ts';

const title = (answers: Answers) =>
  answers.model === undefined
    ? vscode.l10n.t('Port Model to Board')
    : vscode.l10n.t('Port {0}', path.basename(answers.model));

type Complete = { readonly [K in keyof Answers]-?: NonNullable<Answers[K]> };

/**
 * "Port Model to Board": asks what is not known yet (all known: shows the answers, one Enter starts), runs the whole
 * way under a cancellable progress notification, remembers the answers and shows the result in the monitor.
 */
export async function portModel(services: Services, given: unknown): Promise<AnyPortResult | undefined> {
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
export async function runSimulated(services: Services): Promise<AnyPortResult | undefined> {
  requireTrust();
  const known = await startAnswers(services, undefined);
  const start: Answers = {
    ...known,
    where: known.where?.kind === 'sdk' ? known.where : { kind: 'simulated' },
  };
  const answers = await askOpen(allQuestions(services), start, title);
  if (!answers) return undefined;
  const { requireSimulated } = await import('../workflow/steps/run.ts');
  requireSimulated(findBoard(answers.board ?? ''));
  return runPort(answers as Complete, await remembered(answers.model), services);
}

async function runPort(
  answers: Complete,
  before: Remembered | undefined,
  services: Services,
): Promise<AnyPortResult> {
  return carryOut(choicesOf(answers, before, services), before?.file, services);
}

/** @param file where the choices are remembered; undefined: beside the model */
async function carryOut(
  choices: PortChoices,
  file: string | undefined,
  services: Services,
): Promise<AnyPortResult> {
  const board = findBoard(choices.board);
  const model = path.basename(choices.model);
  const title = vscode.l10n.t('Porting {0} to {1}', model, board.name);
  const remembering = file ?? path.join(homeFolder(choices.model), CONFIG_NAME);
  const remember = await rememberOnceDone(remembering, choices);
  const result = await withSteps(title, services, async (context) => {
    const work = await import('../workflow/port/portModel.ts');
    return work.portModel(choices, context, { tools: toolPaths(services), confirmOverwrite });
  });
  // what was measured to normalize with is remembered, too
  const { normalize } = result.kind === 'model' ? result.choices : choices;
  await remember({ ...choices, normalize });
  services.boardFits.set({
    kind: 'ready',
    file: choices.model,
    fits: fitsById(result.fit),
    about: fitsAbout(result.compiler),
  });
  if (result.kind === 'compiled') {
    await showPorted(result, services);
    return result;
  }
  await revealPorted(result, services);
  tellResult(result, remembering, services).catch((error: unknown) => showFailure(error, services));
  return result;
}

/**
 * The monitor and the report show a result that matches, so the status bar says it in passing; what asks for attention
 * (no run, another result than this computer's) gets a message.
 */
async function tellResult(result: PortResult, remembering: string, services: Services): Promise<void> {
  const { labels, run } = result;
  const board = result.board.name;
  if (!run) {
    const closeness = result.check?.closeness;
    const isFar = closeness?.isClose === false;
    return tellBuilt(result, isFar ? `${closenessText(closeness, vscode.l10n.t)}.` : undefined);
  }
  const [top1, time] = saidIn(run.report, labels);
  if (result.comparison?.match && result.check && !result.check.closeness.isClose) {
    await tellFar(result, result.check, remembering, services);
    return;
  }
  const distance = result.comparison?.distance;
  if (result.comparison?.match && !distance?.isFar) {
    const text = distance
      ? vscode.l10n.t('{0} says {1} in {2}, the class of the float network', board, top1, time)
      : vscode.l10n.t('{0} says {1} in {2}, the same as this computer', board, top1, time);
    showInPassing('pass', text, 20_000);
    return;
  }
  const log = vscode.l10n.t('Show Log');
  const text = !distance
    ? vscode.l10n.t('{0} says {1} in {2}, but this computer computes other confidences.', board, top1, time)
    : result.comparison?.match
      ? vscode.l10n.t(
          '{0} says {1} in {2} as the float network does, but an output of Glow’s is {3} of 255 steps away.',
          ...[board, top1, time, distance.steps.toFixed(0)],
        )
      : vscode.l10n.t('{0} says {1} in {2}, another class than the float network.', board, top1, time);
  const compilers = vscode.l10n.t('Compare with the Built-in Compiler');
  const chosen = await showWarning(text, ...(distance ? [compilers] : []), log);
  if (chosen === log) services.output.show();
  if (chosen === compilers) {
    await vscode.commands.executeCommand('glowport.compare', vscode.Uri.file(result.choices.model));
  }
}

/** The board computes what it should, but quantization has spoiled the network: says where, and offers what keeps it nearer. */
async function tellFar(
  { board, choices }: PortResult,
  { closeness, loss, trials }: QuantizationCheck,
  remembering: string,
  services: Services,
): Promise<void> {
  const sentences = [
    vscode.l10n.t(
      '{0} computes what this computer does, but quantization has changed the network.',
      board.name,
    ),
    `${closenessText(closeness, vscode.l10n.t)}.`,
    ...(loss
      ? [
          vscode.l10n.t(
            'Most is lost in {0}: {1} dB before it, {2} dB behind it.',
            loss.node,
            loss.fromDb.toFixed(0),
            loss.toDb.toFixed(0),
          ),
        ]
      : []),
  ];
  const [best] = trials;
  const again = best && vscode.l10n.t('Port Again with {0}', changeText(best.change));
  const report = vscode.l10n.t('Show Report');
  const chosen = await showWarning(sentences.join(' '), ...(again ? [again] : []), report);
  if (chosen === report) {
    await vscode.commands.executeCommand('glowport.inspect', vscode.Uri.file(choices.model));
  } else if (best && chosen === again) {
    const quantization = { ...choices.quantization, ...best.change };
    await carryOut({ ...choices, quantization }, remembering, services);
  }
}

/** Such as `precision int16`. */
function changeText(change: Partial<QuantizeOptions>): string {
  return Object.entries(change)
    .map(([name, value]) => (typeof value === 'boolean' ? name : `${name} ${value}`))
    .join(', ');
}
