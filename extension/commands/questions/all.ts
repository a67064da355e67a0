import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Services } from '../../views/services.ts';
import { remembered } from '../../views/remembered.ts';
import { changesFor } from '../../views/unfinished.ts';
import { findModels } from '../../views/workspaceModel.ts';
import { hasReadEnding } from '../../model/formats/table.ts';
import { sampleAt } from '../../data/given.ts';
import { refuseUnread } from '../../workflow/modelFile.ts';
import { OPEN } from '../answers.ts';
import type { Answers } from '../answers.ts';
import { placeOf } from '../choices.ts';
import type { Question } from '../wizard.ts';
import { boardOfWorkspace } from '../workspaceProjects.ts';
import { boardQuestion } from './board.ts';
import { samplesQuestion, testInputQuestion } from './samples.ts';
import { modelQuestion } from './model.ts';
import { runPlaceQuestion } from './runPlace.ts';

/** The five questions of a port, in order: model, samples, board, test data, where it runs. */
export function allQuestions(
  services: Services,
): readonly [
  model: Question<Answers>,
  samples: Question<Answers>,
  board: Question<Answers>,
  testInput: Question<Answers>,
  where: Question<Answers>,
] {
  return [
    modelQuestion(services),
    samplesQuestion(services),
    boardQuestion(services),
    testInputQuestion(services),
    runPlaceQuestion(services),
  ];
}

/** What is known before anybody is asked: the model given or the only one there, and what glowport.json remembers. */
export async function startAnswers(services: Services, given: unknown): Promise<Answers> {
  const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const open = active instanceof vscode.TabInputCustom ? active.uri : undefined;
  const uri = given instanceof vscode.Uri ? given : open && hasReadEnding(open.path) ? open : undefined;
  if (uri) await refuseUnread(uri.fsPath);
  let model = uri?.fsPath ?? (await remembered())?.choices.model;
  if (model === undefined || !existsSync(model)) {
    const models = await findModels(2);
    model = models.length === 1 ? models[0]!.fsPath : undefined;
  }
  if (model === undefined) {
    return { ...OPEN, board: services.selectedBoard.value ?? (await boardOfWorkspace()) };
  }
  if (services.currentModel.value?.file !== model) services.currentModel.set({ file: model });
  const choices = (await remembered(model))?.choices;
  const isThere = async (sample: string): Promise<boolean> =>
    // a row of a file, such as data.npy#3, is there when the file is
    existsSync(sample) || existsSync((await sampleAt(sample)).path);
  const gone: string[] = [];
  for (const sample of [
    ...(choices?.samples ?? []),
    ...(choices?.input === undefined ? [] : [choices.input]),
  ]) {
    if (!(await isThere(sample))) gone.push(sample);
  }
  const lacks = (samples: readonly string[]): boolean => samples.some((sample) => gone.includes(sample));
  return {
    model,
    samples: choices && !lacks(choices.samples) ? await rememberedSamples(model, choices.samples) : undefined,
    // what is chosen is written into glowport.json, so that speaks first
    board: (choices?.board || undefined) ?? services.selectedBoard.value ?? (await boardOfWorkspace()),
    input: choices?.input !== undefined && !lacks([choices.input]) ? choices.input : undefined,
    where: choices && placeOf(choices),
    changes: changesFor(model),
    found: { gone },
  };
}

/** None are no answer where the model needs some. */
async function rememberedSamples(
  model: string,
  samples: readonly string[],
): Promise<readonly string[] | undefined> {
  if (samples.length > 0) return samples;
  const { modelNeedsSamples } = await import('../../workflow/steps/readModel.ts');
  const { tasksInThread } = await import('../../workflow/tasks/thread.ts');
  return (await modelNeedsSamples(model, { tasks: tasksInThread() })) ? undefined : samples;
}
