import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { isSimulated } from '../simulator/boards/boards.ts';
import { type Answers, MADE_UP, type RunPlace } from './answers.ts';
import { pickStep, separator } from './multiStep.ts';
import { askAll, BACK, type Question } from './wizard.ts';

/**
 * All answers are remembered: shows them, with the start on top, so that one Enter repeats the port and any answer can
 * be changed. Undefined when the user left.
 */
export async function reviewAnswers(
  questions: readonly Question<Answers>[],
  start: Answers,
  title: string,
): Promise<Answers | undefined> {
  let answers = start;
  for (;;) {
    const rows = answerRows(answers);
    const chosen = await pickStep<number>(
      {
        title,
        step: 1,
        steps: 1,
        back: false,
        placeholder: vscode.l10n.t('Press Enter to start, or choose an answer to change it'),
      },
      [
        {
          label: vscode.l10n.t('Start'),
          description: summary(answers),
          iconPath: new vscode.ThemeIcon('play'),
          value: -1,
        },
        separator<number>(vscode.l10n.t('Change')),
        ...rows.map(([icon, label, description], i) => ({
          label,
          description,
          iconPath: new vscode.ThemeIcon(icon),
          value: i,
        })),
      ],
    );
    if (chosen === undefined || chosen === BACK) return undefined;
    if (chosen === -1) return answers;
    const answer = await questions[chosen]!.ask(answers, { title, step: 1, steps: 1, back: true });
    if (answer === undefined) return undefined;
    if (answer === BACK) continue;
    // another board may open the question where it runs again
    const whole = await askAll(questions, answer, () => title);
    if (!whole) return undefined;
    answers = whole;
  }
}

function summary(answers: Answers): string {
  return vscode.l10n.t('{0} on {1}', path.basename(answers.model ?? ''), findBoard(answers.board ?? '').name);
}

/** Icon, question and answer, in the order of the questions. */
function answerRows(answers: Answers): [string, string, string][] {
  const relative = (file: string | undefined) => (file ? vscode.workspace.asRelativePath(file) : '');
  const { where } = answers;
  return [
    ['file-binary', vscode.l10n.t('Model'), relative(answers.model)],
    ['file-media', vscode.l10n.t('Samples'), (answers.samples ?? []).map(relative).join(', ')],
    ['circuit-board', vscode.l10n.t('Board'), findBoard(answers.board ?? '').name],
    [
      'symbol-file',
      vscode.l10n.t('Test data'),
      answers.input === MADE_UP ? vscode.l10n.t('made-up numbers') : relative(answers.input),
    ],
    ['vm', vscode.l10n.t('Runs on'), where === undefined ? '' : whereText(where, answers)],
  ];
}

function whereText(where: RunPlace, { board }: Answers): string {
  switch (where.kind) {
    case 'into':
      return vscode.l10n.t('the project {0}', vscode.workspace.asRelativePath(where.folder));
    case 'sdk':
      return isSimulated(findBoard(board ?? ''))
        ? vscode.l10n.t('the simulated board, a new project on NXP’s SDK')
        : vscode.l10n.t('nothing yet, a new project on NXP’s SDK');
    case 'simulated':
      return vscode.l10n.t('the simulated board');
    case 'serial':
      return where.path;
    case 'none':
      return vscode.l10n.t('nothing, build only');
  }
}
