import { t } from '../l10n.ts';
import type { AccuracyReport, ModelReport } from '../shared/report.ts';
import { decibels, integer, NONE, percent, real } from '../format.ts';
import type { Tile } from './tiles.ts';

/** How near the quantized network's answers are to the float one's over the samples, in the figure that its task has. */
export function qualityTile({ model }: ModelReport, accuracy: AccuracyReport): Tile {
  const { samples, task, sameTop1, sameVerdict } = accuracy;
  const share = (same: number): Pick<Tile, 'value' | 'note'> => ({
    value: samples > 0 ? percent(same / samples) : NONE,
    note: t('{0} of {1}, float and {2}', integer(same), integer(samples), model.precision),
  });
  if (task === 'classify') return { name: t('Same Top1'), word: 'sameTop1', ...share(sameTop1) };
  if (sameVerdict !== undefined) return { name: t('Same verdict'), ...share(sameVerdict) };
  const error = accuracy.values.find((v) => v.name === model.outputs[0]?.name)?.error;
  if (!error) return { name: t('Error'), value: NONE, note: t('{0} samples', integer(samples)) };
  return {
    name: t('Mean error'),
    value: real(error.meanAbsolute),
    note: t(
      'at most {0}, SQNR {1}',
      real(error.maxAbsolute),
      error.sqnrDb === undefined ? t('exact') : decibels(error.sqnrDb),
    ),
  };
}
