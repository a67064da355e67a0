import type { CompiledModel } from '../workflow/steps/compile.ts';
import { findBoard } from '../board/catalogue.ts';
import type { Sample } from '../data/sample.ts';
import type { Graph } from '../model/graph.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { remembered } from '../views/remembered.ts';
import type { PortChoices } from '../workflow/choices/choices.ts';
import type { StepContext } from '../workflow/steps/step.ts';
import { OPEN } from './answers.ts';
import type { Answers } from './answers.ts';
import { choicesOf } from './choices.ts';
import { requireTrust } from './failure.ts';
import { askOpen } from './wizard.ts';
import { allQuestions, startAnswers } from './questions/all.ts';

/** Choices of a single step, with the folder its results go to. */
export type StepChoices = PortChoices & { readonly out: string };

/** Asks only what a single step needs and nobody knows; undefined when the user left. */
export async function choicesFor(
  services: Services,
  given: unknown,
  title: string,
  names: readonly ('model' | 'samples' | 'board' | 'testInput')[],
): Promise<StepChoices | undefined> {
  requireTrust();
  const [model, samples, board, testInput] = allQuestions(services);
  const all = { model, samples, board, testInput };
  const answers = await askOpen<Answers>(
    names.map((n) => all[n]),
    await startAnswers(services, given),
    () => title,
  );
  if (answers?.model === undefined) return undefined;
  const before = await remembered(answers.model);
  const boardId = answers.board ?? before?.choices.board ?? services.settings.defaultBoard();
  return choicesOf({ ...OPEN, ...answers, model: answers.model, board: boardId }, before, services);
}

/** What a network was compiled from. */
interface CompiledFrom {
  /** Undefined of a model that only Glow reads. */
  readonly graph: Graph | undefined;
  readonly samples: readonly Sample[];
  /** As chosen, or as measured over the samples. */
  readonly normalize: PortChoices['normalize'];
}

/** Import, profile and compile, as the steps after them need it. */
export async function compileFor(
  choices: PortChoices,
  services: Services,
  context: StepContext,
): Promise<CompiledModel & CompiledFrom> {
  const { isUnread, readModel } = await import('../workflow/steps/readModel.ts');
  const { compileModel } = await import('../workflow/steps/compileModel.ts');
  const tools = toolPaths(services);
  const model = await readModel(choices, tools, context);
  const how = { ...choices, board: findBoard(choices.board), tools };
  const { compiled, samples, normalize } = await compileModel(model, how, context);
  return { ...compiled, samples, normalize, graph: isUnread(model) ? undefined : model.graph };
}
