import { pushAll } from '../../common/lists.ts';
import path from 'node:path';
import * as vscode from 'vscode';
import { DATA_ENDINGS, isDataFile, isSoundFile } from '../../data/files/table.ts';
import { candidatesIn, findSamples } from '../../data/findSamples.ts';
import type { Sample } from '../../data/sample.ts';
import { type Answers, MADE_UP, type ValidateAnswers } from '../answers.ts';
import { pickStep, separator } from '../multiStep.ts';
import type { Back, Choice, Question, StepOptions } from '../multiStep.ts';

const folder = Symbol('folder');
const files = Symbol('files');
const PICTURES = ['png', 'jpg', 'jpeg', 'bmp'];
const filters = (): Record<string, string[]> => ({
  [vscode.l10n.t('Pictures, sound and numbers')]: [...PICTURES, ...DATA_ENDINGS],
});
/** Most samples offered one by one; a filter finds the rest in a dialog. */
const MAX_OFFERED = 200;

/** Which samples the ranges are measured with. */
export const samplesQuestion: Question<Answers> = {
  isKnown: (answers) => answers.samples !== undefined,
  ask: async (answers, options) => {
    const placeholder = vscode.l10n.t(
      'Choose samples (pictures, recordings, numbers) to measure the network with',
    );
    const samples = await pickSamples(answers, { ...options, placeholder }, answers.samples, sampleFolders);
    return Array.isArray(samples) ? { ...answers, samples } : samples;
  },
};

/** Which samples the network is validated with. */
export const testSetQuestion: Question<ValidateAnswers> = {
  isKnown: (answers) => answers.test !== undefined,
  ask: async (answers, options) => {
    const placeholder = vscode.l10n.t('Choose the test set that the board is validated with');
    const test = await pickSamples(answers, { ...options, placeholder }, answers.lastTest, testFolders);
    return Array.isArray(test) ? { ...answers, test } : test;
  },
};

/** Lets the user pick a folder or file beside the model, or any in a dialog. @param before what is offered first */
async function pickSamples(
  answers: Answers,
  options: StepOptions,
  before: readonly string[] | undefined,
  foldersOf: typeof sampleFolders,
): Promise<string[] | Back | undefined> {
  const chosen = await pickStep<string | typeof folder | typeof files>(
    options,
    sampleChoices(answers, foldersOf),
    (v) => v === before?.[0],
  );
  if (chosen !== folder && chosen !== files) return typeof chosen === 'string' ? [chosen] : chosen;
  const many = chosen === files;
  const uris = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Choose Samples'),
    openLabel: vscode.l10n.t('Use Samples'),
    canSelectFiles: many,
    canSelectFolders: !many,
    canSelectMany: many,
    filters: many ? filters() : {},
    defaultUri: answers.model ? vscode.Uri.file(path.dirname(answers.model)) : undefined!,
  });
  return uris?.length ? uris.map((u) => u.fsPath) : undefined;
}

/** Which test data the firmware holds and runs. */
export const testInputQuestion: Question<Answers> = {
  isKnown: (answers) => answers.input !== undefined,
  ask: async (answers, options) => {
    const chosen = await pickStep<string | typeof files>(
      {
        ...options,
        placeholder: vscode.l10n.t('Choose the test data that the firmware holds and runs'),
      },
      testInputChoices(answers),
      (v) => v === answers.input,
    );
    if (chosen === files) {
      const [file] =
        (await vscode.window.showOpenDialog({
          title: vscode.l10n.t('Choose the Test Data'),
          openLabel: vscode.l10n.t('Use File'),
          filters: filters(),
        })) ?? [];
      return file ? { ...answers, input: file.fsPath } : undefined;
    }
    return typeof chosen === 'string' ? { ...answers, input: chosen } : chosen;
  },
};

type SampleChoice = Choice<string | typeof folder | typeof files>;

async function sampleChoices(answers: Answers, foldersOf: typeof sampleFolders): Promise<SampleChoice[]> {
  const found = await foldersOf(answers);
  return [
    ...(await dataFiles(answers)).map(fileChoice),
    ...found.map(({ path: p, samples }) => ({
      label: path.basename(p),
      description: howMany(samples),
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

async function testInputChoices(answers: Answers): Promise<Choice<string | typeof files>[]> {
  const folders = await testFolders(answers);
  const choices: Choice<string | typeof files>[] = (await dataFiles(answers)).map(fileChoice);
  for (const { path: p, samples } of folders) {
    const room = MAX_OFFERED - choices.length;
    if (room <= 0) break;
    choices.push(separator<string | typeof files>(vscode.workspace.asRelativePath(p)));
    pushAll(choices, samples.slice(0, room).map(fileChoice));
  }
  if (answers.samples && folders.length === 0 && choices.length === 0) {
    pushAll(choices, (await findSamples(answers.samples)).slice(0, MAX_OFFERED).map(fileChoice));
  }
  choices.push(separator<string | typeof files>(''));
  if (answers.samples?.length === 0) {
    choices.push({
      label: vscode.l10n.t('Made-up Numbers'),
      description: vscode.l10n.t('the model is quantized: nothing has to be measured'),
      iconPath: new vscode.ThemeIcon('symbol-numeric'),
      value: MADE_UP,
    });
  }
  choices.push({
    label: vscode.l10n.t('Choose a File…'),
    iconPath: new vscode.ThemeIcon('folder-opened'),
    value: files,
  });
  return choices;
}

/** What a folder's samples are: of one kind, as they are found. */
function howMany(samples: readonly Sample[]): string {
  const { path: first } = samples[0]!;
  if (isSoundFile(first)) return vscode.l10n.t('{0} recordings', samples.length);
  return isDataFile(first)
    ? vscode.l10n.t('{0} files of numbers', samples.length)
    : vscode.l10n.t('{0} pictures', samples.length);
}

function iconOf(file: string): vscode.ThemeIcon | vscode.Uri {
  if (isSoundFile(file)) return new vscode.ThemeIcon('unmute');
  return isDataFile(file) ? new vscode.ThemeIcon('table') : vscode.Uri.file(file);
}

/** A picture, a recording, or a file of numbers, of which the first sample is taken. */
function fileChoice(sample: Sample): Choice<string> {
  return {
    label: path.basename(sample.path),
    ...(sample.label === undefined ? {} : { description: vscode.l10n.t('shows {0}', sample.label) }),
    iconPath: iconOf(sample.path),
    value: sample.path,
  };
}

/** Files of numbers beside the model; a .json there is rather anything else. */
async function dataFiles({ model }: Answers): Promise<Sample[]> {
  if (!model) return [];
  const home = path.dirname(model);
  return (await candidatesIn(home).catch(() => []))
    .filter(({ name, isFolder }) => !isFolder && isDataFile(name) && !isJson(name))
    .slice(0, MAX_OFFERED)
    .map(({ name }) => ({ path: path.join(home, name), label: undefined }));
}

/** Folders with samples beside the model, most first; not those with nothing but .json, which are rather anything else. */
async function sampleFolders(answers: Answers): Promise<{ path: string; samples: readonly Sample[] }[]> {
  if (!answers.model) return [];
  const home = path.dirname(answers.model);
  const folders = (await candidatesIn(home).catch(() => [])).filter((c) => c.isFolder);
  const found = [];
  for (const { name } of folders.slice(0, 50)) {
    const place = path.join(home, name);
    const samples = await findSamples([place]).catch(() => []);
    if (!samples.every((s) => isJson(s.path))) found.push({ path: place, samples });
  }
  return found.sort((a, b) => b.samples.length - a.samples.length);
}

/** The same; samples that the network was not calibrated with tell more: they come first. */
async function testFolders(answers: Answers): ReturnType<typeof sampleFolders> {
  const calibration = new Set(answers.samples);
  return (await sampleFolders(answers)).sort(
    (a, b) => Number(calibration.has(a.path)) - Number(calibration.has(b.path)),
  );
}

function isJson(file: string): boolean {
  return path.extname(file).toLowerCase() === '.json';
}
