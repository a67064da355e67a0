import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Sample } from '../../data/sample.ts';
import {
  figureText,
  isBeyond,
  type RequiredFigure,
  type Requirement,
  STATIC_FIGURES,
  TASKS_OF_FIGURES,
  verdictOf,
} from '../../validate/requirements.ts';
import type { Answer } from '../../../webview/shared/task.ts';

/**
 * Ends a validation that is to find what this network, or this test set, does not tell, before more is done.
 * @throws UserError `usage`
 */
export function requireTold(
  requirements: readonly Requirement[],
  { task }: Pick<Answer, 'task'>,
  samples: readonly Pick<Sample, 'label'>[],
): void {
  for (const { figure, text } of requirements) {
    const tasks = TASKS_OF_FIGURES[figure];
    if (!tasks) continue;
    if (!tasks.includes(task)) {
      throw new UserError(
        'usage',
        say`${text} is required, and ${figure} is found with task ${tasks}; this network's is ${task}.`,
        say`Require what is found with it, or give another task.`,
      );
    }
    if (samples.some(({ label }) => label !== undefined)) continue;
    throw new UserError(
      'usage',
      say`${text} is required, and no sample of the test set says what it shows.`,
      say`Labels come from folders named by class, labels.csv, a column label of a .csv file, or y of an .npz file.`,
    );
  }
}

/** What is known of a network before it runs; undefined: nothing is. Bytes. */
export type KnownBytes = Readonly<Partial<Record<RequiredFigure, number | undefined>>>;

/**
 * Ends a validation whose requirements cannot be met, before more is done.
 * @param least what the firmware takes at least: what the network takes alone
 * @throws UserError `requirement`
 */
export function requireAtLeast(
  requirements: readonly Requirement[],
  network: string,
  least: KnownBytes,
): void {
  for (const requirement of requirements) {
    const { figure, text } = requirement;
    const found = least[figure];
    if (found === undefined || !isBeyond(requirement, found)) continue;
    throw new UserError(
      'requirement',
      say`${network} alone takes ${figureText(figure, found)} of ${figure}, and ${text} is required.`,
      say`"glowport explore" shows smaller variants of it.`,
    );
  }
}

/** The same once the firmware is built, of all that is known then. @throws UserError `requirement` */
export function requireBuilt(requirements: readonly Requirement[], network: string, built: KnownBytes): void {
  for (const requirement of requirements) {
    const { figure, text } = requirement;
    const found = built[figure];
    if (!STATIC_FIGURES.has(figure) || found === undefined) continue;
    if (verdictOf(requirement, found).isMet) continue;
    throw new UserError(
      'requirement',
      say`The firmware of ${network} takes ${figureText(figure, found)} of ${figure}, and ${text} is required.`,
      say`"glowport explore" shows smaller variants of it.`,
    );
  }
}
