import { UserError, type Help } from '../../common/error.ts';
import type { Problem } from '../../common/errors/problem.ts';
import type { Remedy } from '../../common/errors/remedy.ts';
import { english, joined, say } from '../../common/errors/sentence.ts';
import type { Sketch } from './sketch.ts';

/** How many nodes a refusal's sentence names. */
const MOST_NAMED = 3;

/** How many different remedies it has. */
const MOST_REMEDIES = 3;

/** How many nodes its detail lists. */
const MOST_LISTED = 1000;

/** Of a model that cannot be expressed, but can be looked at. */
export class ModelRefusal extends UserError {
  readonly sketch: Sketch;

  constructor({ code, sentence, remedies, detail, problems }: UserError, sketch: Sketch) {
    super(code, sentence, remedies, detail, problems);
    this.sketch = sketch;
  }
}

/** An error with all that it is about; where it may not name them all, its detail does. */
export function withProblems(error: UserError, problems: readonly Problem[]): UserError {
  const detail = error.detail ?? (problems.length > 1 ? listOf(problems) : undefined);
  return new UserError(error.code, error.sentence, error.remedies, detail, problems);
}

/** One error of several nodes: the first by name, with what would be needed. */
export function errorOfAll(problems: readonly Problem[]): UserError {
  const named = problems.slice(0, MOST_NAMED).map(({ label, why }) => say`${label} ${why}`);
  const list = joined(named, (before, next) => say`${before}; ${next}`);
  const rest = problems.length - named.length;
  const needed = different(problems.flatMap((p) => p.needed)).slice(0, MOST_REMEDIES);
  const help: readonly Help[] = rest > 0 ? [...needed, { do: 'showProblems' }] : needed;
  return new UserError(
    'model',
    rest > 0
      ? say`The model has ${problems.length} nodes that are not supported as they are: ${list}; and ${rest} more.`
      : say`The model has ${problems.length} nodes that are not supported as they are: ${list}.`,
    help,
  );
}

function different(remedies: readonly Remedy[]): Remedy[] {
  return [...new Map(remedies.map((remedy) => [JSON.stringify(remedy), remedy])).values()];
}

function listOf(problems: readonly Problem[]): string {
  const line = ({ label, why }: Problem): string => english(say`${label} ${why}.`);
  const rest = problems.length - MOST_LISTED;
  const lines = problems.slice(0, MOST_LISTED).map(line);
  return [...lines, ...(rest > 0 ? [english(say`and ${rest} more`)] : [])].join('\n');
}
