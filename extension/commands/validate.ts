import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import { cancelled } from '../common/error.ts';
import { showWarning } from '../views/messages.ts';
import { remembered } from '../views/remembered.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { showValidation } from '../views/validate/validatePanel.ts';
import type { StepContext } from '../workflow/steps/step.ts';
import type { ValidationResult } from '../workflow/validate/validate.ts';
import { type Answers, ON_SIMULATED, type RunPlace, type ValidateAnswers } from './answers.ts';
import { choicesOf, confirmOverwrite, resultFolder } from './choices.ts';
import { requireTrust } from './failure.ts';
import { askOpen, type Question } from './wizard.ts';
import { withSteps } from './progress.ts';
import { allQuestions, startAnswers } from './questions/all.ts';
import { sdkFor } from './questions/runPlace.ts';
import { testSetQuestion } from './questions/samples.ts';
import { validatePlaceQuestion } from './questions/validatePlace.ts';
import type { StepChoices } from './stepChoices.ts';

/** Of the last test set of a model, in the workspace's memory. */
const LAST_TEST = 'testSet';
/** A validation on a port that takes longer is asked about first, in seconds. */
const ASKED_ABOVE = 60;
/** Longest table of outcomes that has the outputs of every sample, in characters. */
const LONGEST_TABLE = 8 << 20;

/** What is validated. */
interface Validated {
  readonly choices: StepChoices;
  readonly test: readonly string[];
  readonly on: string;
}

/**
 * "Validate on Board": runs a whole test set on the simulated board or on one behind a serial port, and shows what the answers are
 * worth, and whether all are this computer's.
 * @param options from another extension, a keyboard shortcut or the page: `test` (paths), `board` (its id), `on` (`sim` or a port)
 * @returns what was found; undefined when the user left
 */
export async function validateOnBoard(
  services: Services,
  given: unknown,
  options?: unknown,
): Promise<ValidationResult | undefined> {
  requireTrust();
  const title = vscode.l10n.t('Validate on Board');
  const validated = await askValidated(services, given, options, title);
  if (!validated) return undefined;
  const { choices, test, on } = validated;
  const { validate } = await import('../workflow/validate/validate.ts');
  const isSimulated = on === ON_SIMULATED;
  const run = (context: StepContext): Promise<ValidationResult> =>
    validate(
      {
        ...{ choices, test, on, requirements: choices.requirements, keepsOutputs: true },
        // the user writes it into the board's flash, and validates with it again
        out: isSimulated ? undefined : `${resultFolder(choices, services)}-validate`,
        tools: toolPaths(services),
        confirmOverwrite,
      },
      context,
    );
  const result = await withSteps(title, services, async (context) => {
    if (isSimulated) return run(context);
    await confirmDuration(validated, services, context);
    return services.ports.borrow(on, () => run(context));
  });
  const table = await tableOf(result);
  await showValidation(
    {
      version: 1,
      validation: result.validation,
      table,
      choices: { ...choices, normalize: result.choices.normalize },
      test,
    },
    services,
  );
  return result;
}

/** What is validated, asked for as far as nobody has said it; undefined when the user left. */
async function askValidated(
  services: Services,
  given: unknown,
  options: unknown,
  title: string,
): Promise<Validated | undefined> {
  const start = await startAnswers(services, given);
  const { workspaceState } = services.context;
  const stated = statedOptions(options);
  const lastTest =
    start.model === undefined ? undefined : workspaceState.get<string[]>(lastTestOf(start.model));
  const [model, samples, board] = allQuestions(services);
  const answers = await askOpen<ValidateAnswers>(
    [
      inside(model),
      inside(samples),
      inside(board),
      testSetQuestion(services),
      validatePlaceQuestion(services),
    ],
    { ...start, board: stated.board ?? start.board, test: stated.test, on: stated.on, lastTest },
    () => title,
  );
  if (answers?.model === undefined || !answers.test || answers.board === undefined) return undefined;
  const { test, on = ON_SIMULATED } = answers;
  await workspaceState.update(lastTestOf(answers.model), test);
  const known = { ...answers, model: answers.model, board: answers.board };
  const where = await placeOf(on, answers.board, services);
  const choices = choicesOf({ ...known, where }, await remembered(answers.model), services);
  return { choices, test, on };
}

/** A question of a port among those of a validation. */
function inside({ isKnown, ask, check }: Question<Answers>): Question<ValidateAnswers> {
  return {
    isKnown,
    ask: async (answers, options) => {
      const answer = await ask(answers, options);
      return typeof answer === 'object' ? { ...answers, ...answer } : answer;
    },
    check: check && {
      isDone: check.isDone,
      run: async (answers, options) => {
        const answer = await check.run(answers, options);
        return typeof answer === 'object' ? { ...answers, ...answer } : answer;
      },
    },
  };
}

/** Options of another caller, as far as they are what they should be. */
function statedOptions(options: unknown): Pick<ValidateAnswers, 'test' | 'board' | 'on'> {
  const { test, board, on } = (options ?? {}) as Partial<Record<string, unknown>>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const isPaths = Array.isArray(test) && test.length > 0 && test.every((p) => typeof p === 'string');
  return { test: isPaths ? test : undefined, board: text(board), on: text(on) };
}

function lastTestOf(model: string): string {
  return `${LAST_TEST}:${model}`;
}

/** Firmware for a real board is built on NXP's SDK, where there is one. */
async function placeOf(on: string, board: string, services: Services): Promise<RunPlace> {
  if (on === ON_SIMULATED) return { kind: 'simulated' };
  const { sdk } = await sdkFor(findBoard(board), services);
  return { kind: 'serial', path: on, onSdk: sdk !== undefined };
}

/** Says how long a validation on a port takes, and asks whether it may, where that is long. @throws UserError `cancelled` when it may not */
async function confirmDuration(
  { choices, test, on }: Validated,
  services: Services,
  context: StepContext,
): Promise<void> {
  const { secondsOnPort } = await import('./validateDuration.ts');
  const { durationText } = await import('../validate/protocol/duration.ts');
  const { samples, seconds } = await secondsOnPort(choices, test, services, context);
  const duration = durationText(seconds);
  services.output.info(`validate: ${samples} samples on ${on}, about ${duration}`);
  if (seconds <= ASKED_ABOVE) return;
  const start = vscode.l10n.t('Validate');
  const answer = await showWarning(
    vscode.l10n.t('Validating {0} samples on {1} takes about {2}.', samples, on, duration),
    {
      modal: true,
      detail: vscode.l10n.t('Each sample goes over the serial line. It can be cancelled at any time.'),
    },
    start,
  );
  if (answer !== start) throw cancelled();
}

/** A row a sample; without outputs, but where board and PC differ, when they are too many to keep. */
async function tableOf({ outcomes, outputs }: ValidationResult): Promise<string> {
  const { outcomesCsv } = await import('../workflow/validate/csv.ts');
  const whole = outcomesCsv(outcomes, outputs);
  if (whole.length <= LONGEST_TABLE) return whole;
  return outcomesCsv(
    outcomes.map((o) => (o.isEqual ? { ...o, outputs: undefined } : o)),
    outputs,
  );
}
