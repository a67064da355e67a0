import { t } from '../l10n.ts';
import { integer, real } from '../report/format.ts';
import type { Confusion, Score } from '../shared/validation.ts';

/** Labels against answers, where a threshold makes the answers. */
export interface Split {
  readonly id: 'inUse' | 'best';
  readonly threshold: number;
  readonly title: string;
  /** Where the threshold comes from. */
  readonly why: string;
  readonly confusion: Confusion;
}

/** What the threshold in use makes of the labelled samples, and the best one: those of them that there are. */
export function splitsOf({ threshold, roc }: Extract<Score, { task: 'anomaly' }>): Split[] {
  const splits: Split[] = [];
  if (threshold) {
    const { value } = threshold.of;
    splits.push({
      ...{ id: 'inUse', threshold: value, title: t('In use: {0}', real(value)) },
      why: origin(threshold.of),
      confusion: threshold.confusion,
    });
  }
  if (roc) {
    const { threshold: value, confusion } = roc.best;
    splits.push({
      ...{ id: 'best', threshold: value, title: t('Best: {0}', real(value)), confusion },
      why: t('It has the largest difference of both shares (Youden’s J).'),
    });
  }
  return splits;
}

function origin({
  basis,
  samples,
}: NonNullable<Extract<Score, { task: 'anomaly' }>['threshold']>['of']): string {
  return basis === 'chosen'
    ? t('It was chosen; the firmware has it.')
    : t('It is the 99th percentile over {0} samples; the firmware has it.', integer(samples));
}

/** Shares of a split: of what is normal that is taken for an anomaly, and of the anomalies that are found; undefined where there are none. */
export function ratesOf({ matrix: [normal, anomaly] }: Confusion): {
  readonly falsePositives: number | undefined;
  readonly truePositives: number | undefined;
} {
  return { falsePositives: shareOfSecond(normal), truePositives: shareOfSecond(anomaly) };
}

function shareOfSecond(row: readonly number[] | undefined): number | undefined {
  const [first = 0, second = 0] = row ?? [];
  return first + second > 0 ? second / (first + second) : undefined;
}
