import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import {
  figureText,
  isBeyond,
  type RequiredFigure,
  type Requirement,
  STATIC_FIGURES,
  verdictOf,
} from '../../validate/requirements.ts';

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
