import { pushAll } from '../../common/lists.ts';
import path from 'node:path';
import * as vscode from 'vscode';
import { DATA_ENDINGS, isDataFile, isSoundFile } from '../../data/files/table.ts';
import { candidatesIn, findSamples } from '../../data/findSamples.ts';
import type { Sample } from '../../data/sample.ts';
import type { Services } from '../../views/services.ts';
import { type Answers, MADE_UP, type ValidateAnswers } from '../answers.ts';
import { pickStep, separator, type Choice } from '../multiStep.ts';
import type { Back, Question, StepOptions } from '../wizard.ts';
import { samplesCheck, testInputCheck } from './checks/samples.ts';

const folder = Symbol('folder');
const files = Symbol('files');
const PICTURES = ['png', 'jpg', 'jpeg', 'bmp'];
const filters = (): Record<string, string[]> => ({
  [vscode.l10n.t('Pictures, sound and numbers')]: [...PICTURES, ...DATA_ENDINGS],
});
/** Most samples offered one by one; a filter finds the rest in a dialog. */
const MAX_OFFERED = 200;
/** Of the samples, before what else there is. */
const FIRST_OFFERED = 5;

/** Which samples the ranges are measured with. */
export function samplesQuestion(services: Services): Question<Answers> {
  return {
    isKnown: (answers) => answers.samples !== undefined,
    ask: async (answers, options) => {
      const placeholder = vscode.l10n.t(
        'Choose samples (pictures, recordings, numbers) to measure the network with',
      );
      const samples = await pickSamples(answers, { ...options, placeholder }, answers.samples, sampleFolders);
      return Array.isArray(samples) ? { ...answers, samples } : samples;
    },
    check: samplesCheck(services, {
      of: ({ samples }) => samples,
      foundOf: ({ found }) => found.samples,
      found: (samples) => ({ samples }),
    }),
  };
}

/** Which samples the network is validated with. */
export function testSetQuestion(services: Services): Question<ValidateAnswers> {
  return {
    isKnown: (answers) => answers.test !== undefined,
    ask: async (answers, options) => {
      const placeholder = vscode.l10n.t('Choose the test set that the board is validated with');
      const test = await pickSamples(answers, { ...options, placeholder }, answers.lastTest, testFolders);
      return Array.isArray(test) ? { ...answers, test } : test;
    },
    check: samplesCheck(services, {
      of: ({ test }) => test,
      foundOf: ({ found }) => found.test,
      found: (test) => ({ test }),
    }),
  };
}

/** Lets the user pick a folder or file beside the model, or any in a dialog. @param before what is offered first */
async function pickSamples(
  answers: Answers,
  options: StepOptions,
  before: readonly string[] | undefined,
  foldersOf: typeof sampleFolders,
): Promise<string[] | Back | undefined> {
  const { gone = [] } = answers.found;
  const [lost] = gone.map((sample) => vscode.workspace.asRelativePath(sample));
  const placeholder =
    lost === undefined ? options.placeholder : vscode.l10n.t('{0} is gone. {1}', lost, options.placeholder);
  for (;;) {
    const chosen = await pickStep<string | typeof folder | typeof files>(
      { ...options, placeholder },
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
    // who leaves the dialog is back at the list
    if (uris?.length) return uris.map((u) => u.fsPath);
  }
}

/** Which test data the firmware holds and runs: of the samples, unless others are chosen. */
export function testInputQuestion(services: Services): Question<Answers> {
  return {
    isKnown: (answers) => answers.input !== undefined,
    ask: async (answers, options) => {
      const placeholder = vscode.l10n.t('Choose the test data that the firmware holds and runs');
      for (;;) {
        const choices = testInputChoices(answers);
        const first = answers.input ?? (await choices).find((c) => c.kind === undefined)?.value;
        const chosen = await pickStep<string | typeof files>(
          { ...options, placeholder },
          choices,
          (v) => v === first,
        );
        if (chosen !== files) return typeof chosen === 'string' ? { ...answers, input: chosen } : chosen;
        const [file] =
          (await vscode.window.showOpenDialog({
            title: vscode.l10n.t('Choose the Test Data'),
            openLabel: vscode.l10n.t('Use File'),
            filters: filters(),
          })) ?? [];
        if (file) return { ...answers, input: file.fsPath };
      }
    },
    check: testInputCheck(services),
  };
}

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

/** The first few of the samples, which are right for the model; then other files, which tell more than what it was measured with. */
async function testInputChoices(answers: Answers): Promise<Choice<string | typeof files>[]> {
  const { samples = [] } = answers;
  const own = await findSamples(samples).catch(() => []);
  const groups = [
    { title: vscode.l10n.t('The samples'), files: own.slice(0, FIRST_OFFERED) },
    { title: vscode.l10n.t('Others'), files: await dataFiles(answers) },
    ...(await testFolders(answers)).map((found) => ({
      title: vscode.workspace.asRelativePath(found.path),
      files: found.samples,
    })),
    { title: vscode.l10n.t('More of the samples'), files: own.slice(FIRST_OFFERED) },
  ];
  const offered = new Set<string>();
  const choices: Choice<string | typeof files>[] = [];
  for (const group of groups) {
    const fresh = group.files.filter((sample) => !offered.has(sample.path));
    const shown = fresh.slice(0, MAX_OFFERED - offered.size);
    if (shown.length === 0) continue;
    for (const sample of shown) offered.add(sample.path);
    choices.push(separator<string | typeof files>(group.title));
    pushAll(choices, shown.map(fileChoice));
  }
  choices.push(separator<string | typeof files>(''));
  if (samples.length === 0) {
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
  const count = samples.length;
  if (isSoundFile(first)) {
    return count === 1 ? vscode.l10n.t('1 recording') : vscode.l10n.t('{0} recordings', count);
  }
  if (isDataFile(first)) {
    return count === 1 ? vscode.l10n.t('1 file of numbers') : vscode.l10n.t('{0} files of numbers', count);
  }
  return count === 1 ? vscode.l10n.t('1 picture') : vscode.l10n.t('{0} pictures', count);
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
