import * as vscode from 'vscode';
import { UserError } from '../../../common/error.ts';
import { sampleAt } from '../../../data/given.ts';
import type { ModelInput } from '../../../data/fit.ts';
import type { Services } from '../../../views/services.ts';
import { settledChoices } from '../../../views/settings/settled.ts';
import type { PortChoices } from '../../../workflow/choices/choices.ts';
import { type Answers, MADE_UP } from '../../answers.ts';
import { waitStep } from '../../multiStep.ts';
import { AGAIN, type Again, type AnswerCheck, BACK, type Back, type StepOptions } from '../../wizard.ts';
import { askAboutRefusal } from './refusal.ts';

type Options = Omit<StepOptions, 'placeholder'>;

/** Something that samples are chosen by, among the answers. */
export interface SamplesKey<A extends Answers> {
  readonly of: (answers: A) => readonly string[] | undefined;
  readonly foundOf: (answers: A) => readonly string[] | undefined;
  readonly found: (paths: readonly string[]) => Partial<Answers['found']>;
}

/** Looks at samples as soon as they are chosen: whether there are any, and whether the model takes those of this kind and size. */
export function samplesCheck<A extends Answers>(
  services: Services,
  { of, foundOf, found }: SamplesKey<A>,
): AnswerCheck<A> {
  return {
    isDone: (answers) => foundOf(answers) === of(answers),
    run: async (answers, options) => {
      const paths = of(answers)!;
      const { inputs } = answers.found.model ?? {};
      const ended = (all: A): A => ({ ...all, found: { ...all.found, ...found(paths) } });
      // a model that needs none, or of which only Glow knows what goes in
      if (paths.length === 0 || !inputs) return ended(answers);
      const other = vscode.l10n.t('Choose Other Samples');
      const placeholder = vscode.l10n.t('Looking at the samples…');
      const checked = await untilTaken(
        answers,
        { other, placeholder },
        options,
        services,
        async (choices, signal, tell) => {
          const { lookAtSamples } = await import('../../../workflow/data/lookAtSamples.ts');
          const { tasksInThread } = await import('../../../workflow/tasks/thread.ts');
          const context = { signal, tasks: tasksInThread(), progress: tell };
          await lookAtSamples(paths, inputs, choices, context);
        },
      );
      return typeof checked === 'object' ? ended(checked) : checked;
    },
  };
}

/** Reads the test data as soon as they are chosen. */
export function testInputCheck(services: Services): AnswerCheck<Answers> {
  return {
    isDone: ({ input, found }) => found.input === input,
    run: async (answers, options) => {
      const input = answers.input!;
      const { inputs } = answers.found.model ?? {};
      const ended = (all: Answers): Answers => ({ ...all, found: { ...all.found, input } });
      if (input === MADE_UP || !inputs) return ended(answers);
      const other = vscode.l10n.t('Choose Other Test Data');
      const placeholder = vscode.l10n.t('Reading the test data…');
      const checked = await untilTaken(
        answers,
        { other, placeholder },
        options,
        services,
        (choices, signal) => readTestInput(input, inputs, choices, signal),
      );
      return typeof checked === 'object' ? ended(checked) : checked;
    },
  };
}

/** @throws UserError as `SampleReader.read` does */
async function readTestInput(
  input: string,
  inputs: readonly ModelInput[],
  choices: PortChoices,
  signal: AbortSignal,
): Promise<void> {
  const { loadSample } = await import('../../../workflow/data/samples.ts');
  const { DEFAULT_NORMALIZE_OPTIONS } = await import('../../../data/normalize/options.ts');
  const { tasksInThread } = await import('../../../workflow/tasks/thread.ts');
  // numbers to normalize with may still have to be measured
  const options = { ...choices, normalize: DEFAULT_NORMALIZE_OPTIONS };
  await loadSample(inputs, await sampleAt(input), options, { signal, tasks: tasksInThread() });
}

/** Reads something with the choices so far, and again with each choice that the user makes because it is refused. */
async function untilTaken<A extends Answers>(
  start: A,
  { other, placeholder }: { readonly other: string; readonly placeholder: string },
  options: Options,
  services: Services,
  read: (choices: PortChoices, signal: AbortSignal, tell: (message: string) => void) => Promise<void>,
): Promise<A | Again | Back | undefined> {
  let answers = start;
  for (;;) {
    const refusal = await waitStep({ ...options, placeholder }, async (signal, tell) => {
      const choices = await settledChoices(answers.model!, answers.changes, services);
      const telling = (message: string): void => tell(`${placeholder} ${message}`);
      return read(choices, signal, telling).then(() => 'taken' as const, refusalOf);
    });
    if (refusal === 'taken') return answers;
    if (refusal === undefined || refusal === BACK) return refusal;
    const way = await askAboutRefusal(refusal, answers, { other }, options, services);
    if (way === undefined || way === BACK || way === AGAIN || way === 'anyway') {
      return way === 'anyway' ? answers : way;
    }
    answers = way;
  }
}

function refusalOf(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
