import { t } from '../l10n.ts';
import { bytes, integer, percentOf, real, time } from '../format.ts';
import type { Tile } from '../report/tiles.ts';
import type { Score, Spread, Validation } from '../shared/validation.ts';

/** The figures that a reader looks for first: whether board and PC are equal, what the answers are worth, what it takes. */
export function headlineTiles(validation: Validation): Tile[] {
  const { timeUs, firmware } = validation;
  const result: Tile[] = [equality(validation), ...scoreTiles(validation.score)];
  result.push({
    name: t('Inference'),
    word: 'inference',
    value: time(timeUs.mean),
    note: spreadText(timeUs),
  });
  if (firmware) {
    const { flashBytes, ramBytes, stackBytes } = firmware;
    result.push(
      { name: t('Flash'), word: 'flash', value: bytes(flashBytes), note: t('the whole firmware') },
      {
        name: t('RAM'),
        word: 'ram',
        value: bytes(ramBytes),
        note: stackBytes === undefined ? t('the whole firmware') : t('of it stack {0}', bytes(stackBytes)),
      },
    );
  }
  return result;
}

/** Between what the times lie, as exactly as it takes to tell them apart. */
function spreadText({ min, max }: Spread): string {
  if (min === max) return t('the same each time');
  const [from, to] = [time(min), time(max)];
  return from === to ? t('mean; {0} to {1} µs', integer(min), integer(max)) : t('mean; {0} to {1}', from, to);
}

function equality({ samples, mismatches }: Validation): Tile {
  const isEqual = mismatches.count === 0;
  return {
    name: t("Equal to this computer's"),
    word: 'pcQuantized',
    value: t('{0} of {1}', integer(samples - mismatches.count), integer(samples)),
    note: isEqual ? t('answers, in every value') : t('answers; {0} differ', integer(mismatches.count)),
    mark: isEqual ? 'good' : 'bad',
  };
}

/** What the answers are worth; nothing where the test set has no labels. */
function scoreTiles(score: Score): Tile[] {
  switch (score.task) {
    case 'classify':
      return score.labelled === 0
        ? []
        : [
            {
              name: t('Accuracy'),
              word: 'accuracy',
              value: percentOf(score.correct, score.labelled),
              note: t('{0} of {1} labels', integer(score.correct), integer(score.labelled)),
            },
          ];
    case 'anomaly': {
      const { error, roc } = score;
      const spread: Tile = {
        name: t('Reconstruction error'),
        word: 'reconstructionError',
        value: real(error.mean),
        note: t('mean; {0} to {1}', real(error.min), real(error.max)),
      };
      if (!roc) return [spread];
      const auc: Tile = {
        name: t('AUC'),
        word: 'auc',
        value: real(roc.auc),
        note: t('{0} normal, {1} anomalies', integer(score.normal), integer(score.anomalies)),
      };
      return [auc, spread];
    }
    case 'regress': {
      const { errors, labelled } = score;
      if (!errors) return [];
      const over = t('over {0} labels', integer(labelled));
      const tiles: Tile[] = [
        { name: t('MAE'), word: 'mae', value: real(errors.mae), note: t('mean absolute error') },
        { name: t('RMSE'), word: 'rmse', value: real(errors.rmse), note: t('root mean square error') },
        { name: t('Largest error'), value: real(errors.max), note: over },
      ];
      if (errors.r2 !== undefined) {
        tiles.push({
          name: t('R²'),
          word: 'r2',
          value: real(errors.r2),
          note: t('1 is perfect, 0 the mean'),
        });
      }
      return tiles;
    }
    case 'raw':
      return [];
  }
}
