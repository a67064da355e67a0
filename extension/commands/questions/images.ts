import { pushAll } from '../../common/lists.ts';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findSamples } from '../../data/findSamples.ts';
import type { Sample } from '../../data/sample.ts';
import type { Answers } from '../answers.ts';
import { pickStep, separator } from '../multiStep.ts';
import type { Choice, Question } from '../multiStep.ts';

const folder = Symbol('folder');
const files = Symbol('files');
const FILTERS = { Images: ['png', 'jpg', 'jpeg', 'bmp'] };
/** Most images offered one by one; a filter finds the rest in a dialog. */
const MAX_OFFERED = 200;

/** Which sample images the ranges are measured with, and how many of them there are. */
export const samplesQuestion: Question<Answers> = {
  isKnown: (answers) => answers.images !== undefined,
  ask: async (answers, options) => {
    const chosen = await pickStep<string | typeof folder | typeof files>(
      {
        ...options,
        placeholder: vscode.l10n.t('Choose sample images: the values in the network are measured with them'),
      },
      sampleChoices(answers),
      (v) => v === answers.images?.[0],
    );
    if (chosen === folder || chosen === files) {
      const many = chosen === files;
      const uris = await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Choose Sample Images'),
        openLabel: vscode.l10n.t('Use Images'),
        canSelectFiles: many,
        canSelectFolders: !many,
        canSelectMany: many,
        filters: many ? FILTERS : {},
        defaultUri: answers.model ? vscode.Uri.file(path.dirname(answers.model)) : undefined!,
      });
      return uris?.length ? { ...answers, images: uris.map((u) => u.fsPath) } : undefined;
    }
    return typeof chosen === 'string' ? { ...answers, images: [chosen] } : chosen;
  },
};

/** Which image the firmware holds and runs. */
export const testImageQuestion: Question<Answers> = {
  isKnown: (answers) => answers.input !== undefined,
  ask: async (answers, options) => {
    const chosen = await pickStep<string | typeof files>(
      {
        ...options,
        placeholder: vscode.l10n.t('Choose the test image that the firmware holds and classifies'),
      },
      testImageChoices(answers),
      (v) => v === answers.input,
    );
    if (chosen === files) {
      const [image] =
        (await vscode.window.showOpenDialog({
          title: vscode.l10n.t('Choose the Test Image'),
          openLabel: vscode.l10n.t('Use Image'),
          filters: FILTERS,
        })) ?? [];
      return image ? { ...answers, input: image.fsPath } : undefined;
    }
    return typeof chosen === 'string' ? { ...answers, input: chosen } : chosen;
  },
};

type SampleChoice = Choice<string | typeof folder | typeof files>;

async function sampleChoices(answers: Answers): Promise<SampleChoice[]> {
  const found = await imageFolders(answers);
  return [
    ...found.map(({ path: p, samples }) => ({
      label: path.basename(p),
      description: vscode.l10n.t('{0} images, all used', samples.length),
      ...(vscode.workspace.asRelativePath(p) === path.basename(p)
        ? {}
        : { detail: vscode.workspace.asRelativePath(p) }),
      iconPath: new vscode.ThemeIcon('folder'),
      value: p,
    })),
    separator<string | typeof folder | typeof files>(''),
    {
      label: vscode.l10n.t('Choose a Folder…'),
      iconPath: new vscode.ThemeIcon('folder-opened'),
      value: folder,
    },
    { label: vscode.l10n.t('Choose Files…'), iconPath: new vscode.ThemeIcon('files'), value: files },
  ];
}

async function testImageChoices(answers: Answers): Promise<Choice<string | typeof files>[]> {
  const folders = await imageFolders(answers);
  // images that the network was not calibrated with tell more: they come first
  const calibration = new Set(answers.images);
  folders.sort((a, b) => Number(calibration.has(a.path)) - Number(calibration.has(b.path)));
  const choices: Choice<string | typeof files>[] = [];
  for (const { path: p, samples } of folders) {
    const room = MAX_OFFERED - choices.length;
    if (room <= 0) break;
    choices.push(separator<string | typeof files>(vscode.workspace.asRelativePath(p)));
    pushAll(choices, samples.slice(0, room).map(imageChoice));
  }
  if (answers.images && folders.length === 0) {
    pushAll(choices, (await findSamples(answers.images)).slice(0, MAX_OFFERED).map(imageChoice));
  }
  choices.push(separator<string | typeof files>(''));
  choices.push({
    label: vscode.l10n.t('Choose a File…'),
    iconPath: new vscode.ThemeIcon('folder-opened'),
    value: files,
  });
  return choices;
}

function imageChoice(sample: Sample): Choice<string> {
  return {
    label: path.basename(sample.path),
    ...(sample.label === undefined ? {} : { description: vscode.l10n.t('shows {0}', sample.label) }),
    iconPath: vscode.Uri.file(sample.path),
    value: sample.path,
  };
}

/** Folders with images beside the model and one level down, most images first. */
async function imageFolders(answers: Answers): Promise<{ path: string; samples: readonly Sample[] }[]> {
  if (!answers.model) return [];
  const home = path.dirname(answers.model);
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  const folders = entries
    .filter((e) => e.isDirectory() && !e.name.startsWith('.') && e.name !== 'node_modules')
    .map((e) => path.join(home, e.name));
  const found = [];
  for (const p of folders.slice(0, 50)) {
    const samples = await findSamples([p]).catch(() => []);
    if (samples.length > 0) found.push({ path: p, samples });
  }
  return found.sort((a, b) => b.samples.length - a.samples.length);
}
