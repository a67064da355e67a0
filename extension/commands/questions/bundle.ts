import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { homeFolder } from '../../views/remembered.ts';
import type { BoardFits, Services } from '../../views/services.ts';
import { type Answers, OPEN } from '../answers.ts';
import { type Choice, pickStep, separator } from '../multiStep.ts';
import { BACK, type Question } from '../wizard.ts';
import { boardQuestion } from './board.ts';
import { testInputQuestion } from './samples.ts';

/** What "Port Bundle to Board" asks; undefined is an open question. */
export interface BundleAnswers {
  /** Its folder or its NAME.h. */
  readonly bundle: string | undefined;
  /** Placeholders of a bundle that does not tell which of them is the input; empty when it does. */
  readonly candidates: readonly string[];
  readonly inputName: string | undefined;
  readonly board: string | undefined;
  readonly input: string | undefined;
}

/** The answers that the questions of a port know: samples are looked for in the bundle's workspace folder. */
function asAnswers({ bundle, board, input }: BundleAnswers): Answers {
  const model = bundle && path.join(homeFolder(bundle), path.basename(bundle));
  return { ...OPEN, model, board, input };
}

/** The questions of the port of a bundle, in order: which, its input where nothing tells, board, test data. */
export function bundleQuestions(services: Services): readonly Question<BundleAnswers>[] {
  const shared = (question: Question<Answers>): Question<BundleAnswers> => ({
    isKnown: (answers) => question.isKnown(asAnswers(answers)),
    ask: async (answers, options) => {
      const answer = await question.ask(asAnswers(answers), options);
      if (answer === undefined || answer === BACK) return answer;
      return { ...answers, board: answer.board, input: answer.input };
    },
  });
  const noFits = (): Promise<BoardFits> => Promise.resolve({ kind: 'none' });
  return [
    bundleQuestion,
    inputQuestion,
    shared(boardQuestion(services, noFits)),
    shared(testInputQuestion(services)),
  ];
}

/** The header beside a bundle's weights; other files are what they are. */
function headerBeside(file: string): string {
  return file.replace(/\.weights\.(?:bin|txt)$/, '.h');
}

/**
 * A bundle with what has to be asked about it.
 * @param file its folder, its header or its weights
 * @throws UserError as `undirectedPlaceholders` does
 */
export async function withBundle(answers: BundleAnswers, file: string): Promise<BundleAnswers> {
  const bundle = headerBeside(file);
  const { undirectedPlaceholders } = await import('../../workflow/folders/bundleFolder.ts');
  return { ...answers, bundle, candidates: await undirectedPlaceholders(bundle) };
}

const browse = Symbol('browse');

const bundleQuestion: Question<BundleAnswers> = {
  isKnown: (answers) => answers.bundle !== undefined,
  ask: async (answers, options) => {
    const chosen = await pickStep<string | typeof browse>(
      { ...options, placeholder: vscode.l10n.t('Choose the bundle: its header, beside its object') },
      bundleChoices(),
      (header) => header === answers.bundle,
    );
    if (chosen === undefined || chosen === BACK) return chosen;
    const header = chosen === browse ? await browseForBundle() : chosen;
    return header === undefined ? undefined : withBundle(answers, header);
  },
};

const inputQuestion: Question<BundleAnswers> = {
  isKnown: ({ candidates, inputName }) => candidates.length === 0 || inputName !== undefined,
  ask: async (answers, options) => {
    const inputName = await pickStep<string>(
      {
        ...options,
        placeholder: vscode.l10n.t('Choose the input: the bundle does not tell it from outputs'),
      },
      answers.candidates.map((name) => ({ label: name, value: name })),
    );
    if (inputName === undefined || inputName === BACK) return inputName;
    return { ...answers, inputName };
  },
};

/** Headers of the workspace that have weights beside them. */
async function bundleChoices(): Promise<Choice<string | typeof browse>[]> {
  const weights = await vscode.workspace.findFiles(
    '**/*.weights.{bin,txt}',
    '**/{node_modules,.git}/**',
    200,
  );
  const headers = new Set(weights.map((uri) => headerBeside(uri.fsPath)));
  const choices: Choice<string | typeof browse>[] = [];
  for (const header of headers) {
    if (!(await stat(header).catch(() => undefined))?.isFile()) continue;
    choices.push({
      label: path.basename(header, '.h'),
      description: vscode.workspace.asRelativePath(path.dirname(header)),
      iconPath: new vscode.ThemeIcon('file-binary'),
      value: header,
    });
  }
  return [
    ...choices,
    separator<string | typeof browse>(''),
    { label: vscode.l10n.t('Browse…'), iconPath: new vscode.ThemeIcon('folder-opened'), value: browse },
  ];
}

async function browseForBundle(): Promise<string | undefined> {
  const [header] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose the Bundle’s Header'),
      openLabel: vscode.l10n.t('Use Bundle'),
      filters: { [vscode.l10n.t('Headers of bundles')]: ['h'] },
    })) ?? [];
  return header?.fsPath;
}
