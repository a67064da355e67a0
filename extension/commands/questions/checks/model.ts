import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../../../views/services.ts';
import { settledChoices } from '../../../views/settings/settled.ts';
import { toolPaths } from '../../../views/settings/toolPaths.ts';
import type { Answers, Found } from '../../answers.ts';
import { waitStep } from '../../multiStep.ts';
import type { AnswerCheck } from '../../wizard.ts';

/** A model that was read. */
interface Read {
  readonly found: NonNullable<Found['model']>;
  readonly needsSamples: boolean;
}

/** Reads the model as soon as it is known, so that one that is refused is refused before anything else is asked. */
export function modelCheck(services: Services): AnswerCheck<Answers> {
  return {
    isDone: ({ model, found }) => found.model?.file === model,
    run: async (answers, options) => {
      const file = answers.model!;
      // what refuses it, and its buttons, are about this one
      if (services.currentModel.value?.file !== file) services.currentModel.set({ file });
      const placeholder = vscode.l10n.t('Reading {0}…', path.basename(file));
      const read = await waitStep({ ...options, placeholder }, (signal) =>
        readModelOf(file, answers, services, signal),
      );
      if (typeof read !== 'object') return read;
      const { samples, found } = answers;
      return {
        ...answers,
        samples: samples ?? (read.needsSamples ? undefined : []),
        found: { ...found, model: read.found },
      };
    },
  };
}

/** @throws UserError as `readModel` does */
async function readModelOf(
  file: string,
  answers: Answers,
  services: Services,
  signal: AbortSignal,
): Promise<Read> {
  const { isUnread, readModel } = await import('../../../workflow/steps/readModel.ts');
  const { needsSamples } = await import('../../../quantize/already.ts');
  const { tasksInThread } = await import('../../../workflow/tasks/thread.ts');
  const choices = await settledChoices(file, answers.changes, services);
  const model = await readModel(choices, toolPaths(services), { signal, tasks: tasksInThread() });
  return isUnread(model)
    ? { found: { file, inputs: undefined }, needsSamples: !model.network.isQuantized }
    : { found: { file, inputs: model.graph.inputs }, needsSamples: needsSamples(model.graph) };
}
