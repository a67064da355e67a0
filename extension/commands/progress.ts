import * as vscode from 'vscode';
import { durationText } from '../validate/protocol/duration.ts';
import { withProgress } from '../views/messages.ts';
import type { Services } from '../views/services.ts';
import { tasksInThread } from '../workflow/tasks/thread.ts';
import type { StepContext, StepEvent, StepName } from '../workflow/steps/step.ts';

/** What each step is called while it runs. */
function stepTitle(step: StepName): string {
  switch (step) {
    case 'inspect':
      return vscode.l10n.t('Reading the model');
    case 'profile':
      return vscode.l10n.t('Measuring ranges');
    case 'compile':
      return vscode.l10n.t('Compiling');
    case 'threshold':
      return vscode.l10n.t('Measuring the threshold');
    case 'input':
      return vscode.l10n.t('Converting the test data');
    case 'generate':
      return vscode.l10n.t('Generating the project');
    case 'build':
      return vscode.l10n.t('Building the firmware');
    case 'run':
      return vscode.l10n.t('Running on the board');
    case 'compare':
      return vscode.l10n.t('Comparing with this computer');
    case 'check':
      return vscode.l10n.t('Checking the quantized network');
    case 'explore':
      return vscode.l10n.t('Trying variants');
    case 'validate':
      return vscode.l10n.t('Validating on the board');
  }
}

/** Share of a whole port that each step takes, roughly, in percent. */
const SHARE: Readonly<Record<StepName, number>> = {
  inspect: 3,
  profile: 15,
  compile: 20,
  threshold: 4,
  input: 2,
  generate: 3,
  build: 23,
  run: 20,
  compare: 2,
  check: 8,
  explore: 82,
  validate: 40,
};

/** Runs workflow steps under a cancellable notification that names the step; every step goes to the log too. */
export function withSteps<T>(
  title: string,
  services: Services,
  work: (context: StepContext) => Promise<T>,
): Thenable<T> {
  const { output } = services;
  return withProgress(title, (report, signal) => {
    let told = 0;
    let began = 0;
    const onStep = ({ step, state, message, fraction }: StepEvent) => {
      if (state === 'done') output.info(`${step}: ${message}`);
      const done = state === 'start' ? 0 : state === 'done' ? 1 : (fraction ?? 0);
      const increment = Math.max(0, done * SHARE[step] - (state === 'start' ? (told = 0) : told));
      told = state === 'done' ? 0 : done * SHARE[step];
      if (state === 'start') began = performance.now();
      const left = remainingText(performance.now() - began, done);
      const detail = state === 'progress' ? ` (${left === '' ? message : `${message}, ${left}`})` : '';
      report(`${stepTitle(step)}${detail}`, increment);
    };
    output.info(title);
    return work({ signal, tasks: tasksInThread(), onStep, log: (line) => output.debug(line) });
  });
}

/** A step is watched for so long before it is said how long it will take, in milliseconds; and what is shorter is not worth it. */
const WATCHED = 2000;
const SHORT = 5000;

/** How much longer a step takes that goes on as it did; empty where that is not known, or not long. @param done its share that is done */
function remainingText(elapsedMs: number, done: number): string {
  if (elapsedMs < WATCHED || done <= 0) return '';
  const left = (elapsedMs / done) * (1 - done);
  return left < SHORT ? '' : vscode.l10n.t('about {0} left', durationText(left / 1000));
}
