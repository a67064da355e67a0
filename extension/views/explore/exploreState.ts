import type { ExploreState, VariantRow } from '../../../webview/shared/messages/explore.ts';
import { joined, say, type Translate } from '../../common/errors/sentence.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import { type Exploration, type ExploredVariant, ranked } from '../../workflow/explore/explored.ts';
import { inWords } from '../words.ts';

/** An exploration as its page shows it. */
export function exploreState(exploration: Exploration, t: Translate): ExploreState {
  const { model, board } = exploration;
  return {
    type: 'state',
    model,
    board: board.name,
    rows: ranked(exploration).map((v) => rowOf(v, t)),
    canRun: isSimulated(board),
  };
}

function rowOf({ number, words, isChosen, outcome }: ExploredVariant, t: Translate): VariantRow {
  const row = { number, words: inWords(words, t), isChosen };
  if ('refusal' in outcome) {
    const why = inWords(outcome.refusal.sentence, t);
    return { ...row, fits: false, why, figures: undefined };
  }
  const { fit, ...figures } = outcome.figures;
  const { fits, reasons } = fit;
  const why = fits ? undefined : joined(reasons, (before, next) => say`${before}, and it ${next}`);
  return {
    ...row,
    fits,
    why: why === undefined ? '' : inWords(say`Does not fit the board: it ${why}.`, t),
    figures,
  };
}
