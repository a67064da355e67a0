import * as vscode from 'vscode';
import { shellOf } from '../../../common/commandLine.ts';
import type { UserError } from '../../../common/error.ts';
import type { Services } from '../../../views/services.ts';
import { inWords, told } from '../../../views/words.ts';
import { type ChoiceChange, withChange } from '../../../workflow/choices/change.ts';
import type { Answers } from '../../answers.ts';
import { buttonsFor } from '../../buttons.ts';
import { type Choice, pickStep } from '../../multiStep.ts';
import { AGAIN, type Again, type Back, type StepOptions } from '../../wizard.ts';

/** What can be done about an answer that is refused. */
interface Ways {
  /** What asks for another answer is called. */
  readonly other: string;
  /** What goes on with this one is called, where that may be right all the same. */
  readonly anyway?: string;
}

const anyway = Symbol('anyway');
type Way = ChoiceChange | Again | typeof anyway;

/**
 * Says why an answer is refused, before anything else is asked, and lets the user choose what helps: a choice of the port, as a button of
 * the error would make it, or another answer.
 * @returns the answers with the choice made, `anyway`, AGAIN, BACK, or undefined when the user left
 */
export async function askAboutRefusal<A extends Pick<Answers, 'changes'>>(
  error: UserError,
  answers: A,
  ways: Ways,
  options: Omit<StepOptions, 'placeholder'>,
  { output }: Services,
): Promise<A | 'anyway' | Again | Back | undefined> {
  const { message, hint } = told(error, vscode.l10n.t);
  output.info(`${message} ${hint}`);
  const remembered = vscode.l10n.t('Remembered with the other answers');
  const choices: Choice<Way>[] = [
    ...buttonsFor(error, shellOf(vscode.env.shell)).flatMap(({ title, does }) =>
      typeof does === 'object' && 'choose' in does
        ? [
            {
              label: inWords(title, vscode.l10n.t),
              description: remembered,
              iconPath: new vscode.ThemeIcon('wand'),
              value: does.choose,
            },
          ]
        : [],
    ),
    {
      label: ways.other,
      ...(hint === '' ? {} : { detail: hint }),
      iconPath: new vscode.ThemeIcon('arrow-left'),
      value: AGAIN,
    },
    ...(ways.anyway === undefined
      ? []
      : [{ label: ways.anyway, iconPath: new vscode.ThemeIcon('arrow-right'), value: anyway } as const]),
  ];
  const way = await pickStep<Way>({ ...options, placeholder: message }, choices);
  if (way === anyway) return 'anyway';
  if (typeof way !== 'object') return way;
  return { ...answers, changes: withChange(answers.changes, way) };
}
