import path from 'node:path';
import * as vscode from 'vscode';
import { findModels } from '../../views/workspaceModel.ts';
import { dialogEndings } from '../../views/modelFiles.ts';
import { refuseUnread } from '../../workflow/modelFile.ts';
import type { Answers } from '../answers.ts';
import type { Services } from '../../views/services.ts';
import { changesFor } from '../../views/unfinished.ts';
import { pickStep, separator, type Choice } from '../multiStep.ts';
import { BACK, type Question } from '../wizard.ts';
import { modelCheck } from './checks/model.ts';

const browse = Symbol('browse');
const example = Symbol('example');
type ModelChoice = string | typeof browse | typeof example;

/** Which model file: those of the workspace, the example, or any other. It is read before anything else is asked. */
export function modelQuestion(services: Services): Question<Answers> {
  return {
    isKnown: (answers) => answers.model !== undefined,
    ask: async (answers, options) => {
      const placeholder = vscode.l10n.t('Choose the trained model');
      for (;;) {
        const model = await pickStep<ModelChoice>(
          { ...options, placeholder },
          modelChoices(),
          (m) => m === answers.model,
        );
        if (model === undefined || model === BACK) return model;
        const file = await fileOf(model);
        // who leaves the dialog is back at the list
        if (file !== undefined) return { ...answers, model: file, changes: changesFor(file) };
      }
    },
    check: modelCheck(services),
  };
}

async function fileOf(chosen: ModelChoice): Promise<string | undefined> {
  if (chosen === browse) return browseForModel();
  if (chosen !== example) return chosen;
  return vscode.commands.executeCommand<string | undefined>('glowport.useExample');
}

async function modelChoices(): Promise<Choice<ModelChoice>[]> {
  const models = await findModels();
  return [
    ...models.map((uri) => ({
      label: path.basename(uri.fsPath),
      description: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)),
      iconPath: new vscode.ThemeIcon('file-binary'),
      value: uri.fsPath,
    })),
    separator<ModelChoice>(''),
    { label: vscode.l10n.t('Browse…'), iconPath: new vscode.ThemeIcon('folder-opened'), value: browse },
    ...(models.length === 0
      ? [
          {
            label: vscode.l10n.t('Use the Example Model'),
            detail: vscode.l10n.t('Handwritten digits, with sample images and labels'),
            iconPath: new vscode.ThemeIcon('mortar-board'),
            value: example,
          } as const,
        ]
      : []),
  ];
}

/**
 * An open dialog for a model file; undefined when it was cancelled.
 * @throws UserError `input` for a format that has to be converted first
 */
export async function browseForModel(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose the Trained Model'),
      openLabel: vscode.l10n.t('Use Model'),
      filters: { [vscode.l10n.t('Neural networks')]: dialogEndings.known },
    })) ?? [];
  if (file) await refuseUnread(file.fsPath);
  return file?.fsPath;
}
