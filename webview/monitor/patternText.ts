import { t } from '../l10n.ts';
import type { PatternProblem } from '../shared/linePattern.ts';

/** Why a pattern finds nothing, in few words, and in all. */
export function problemText(problem: PatternProblem): { readonly short: string; readonly long: string } {
  return problem === 'invalid'
    ? { short: t('Not valid'), long: t('This is no regular expression: a bracket may be missing.') }
    : {
        short: t('Takes too long'),
        long: t(
          'This regular expression takes too long. Use a simpler one, without a repetition in a repetition.',
        ),
      };
}
