import type { Confusion, Roc, RocPoint } from '../../../webview/shared/validation.ts';
import { confusionOf } from './confusion.ts';
import type { ValidatedSample } from '../../../webview/shared/validation.ts';

/** A sample with a score, the higher the more of an anomaly, and what it is. */
export interface Scored {
  readonly sample: ValidatedSample;
  readonly score: number;
  readonly isAnomaly: boolean;
}

/** Points that a curve is told with at most; a longer one is thinned out evenly. */
const MOST_POINTS = 512;
const ANOMALY_CLASSES = ['normal', 'anomaly'] as const;

/** The ROC curve of some scores; undefined unless there are samples of both kinds. */
export function rocOf(samples: readonly Scored[]): Roc | undefined {
  const positives = samples.filter((s) => s.isAnomaly).length;
  const negatives = samples.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const sorted = [...samples].sort((a, b) => b.score - a.score);
  const points: RocPoint[] = [{ threshold: null, truePositiveRate: 0, falsePositiveRate: 0 }];
  let [truePositives, falsePositives, area] = [0, 0, 0];
  let best = { youden: -Infinity, threshold: 0 };
  for (let i = 0; i < sorted.length;) {
    const threshold = sorted[i]!.score;
    const [before, falseBefore] = [truePositives, falsePositives];
    // samples of one score are on one side of every threshold
    for (; i < sorted.length && sorted[i]!.score === threshold; i++) {
      if (sorted[i]!.isAnomaly) truePositives++;
      else falsePositives++;
    }
    // trapezoids: ties count half, as in Mann and Whitney's U
    area += ((falsePositives - falseBefore) * (before + truePositives)) / 2;
    const [truePositiveRate, falsePositiveRate] = [truePositives / positives, falsePositives / negatives];
    points.push({ threshold, truePositiveRate, falsePositiveRate });
    const youden = truePositiveRate - falsePositiveRate;
    // below the least score nothing is an error's, but for an error of 0
    const below = sorted[i]?.score ?? (threshold > 0 ? 0 : threshold - 1);
    if (youden > best.youden) best = { youden, threshold: between(below, threshold) };
  }
  return {
    points: thinned(points),
    auc: area / (positives * negatives),
    best: {
      threshold: best.threshold,
      confusion: splitAt(samples, ({ score }) => score > best.threshold),
    },
  };
}

/** The shortest number that is not below one score, and below a higher one: as a threshold, which errors exceed, it parts them. */
function between(lower: number, higher: number): number {
  const middle = lower + (higher - lower) / 2;
  for (let digits = 1; digits <= 17; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (short >= lower && short < higher) return short;
  }
  return lower;
}

/** What a threshold makes of samples: classes normal and anomaly. */
export function splitAt(samples: readonly Scored[], isSaid: (sample: Scored) => boolean): Confusion {
  return confusionOf(
    ANOMALY_CLASSES,
    samples.map((s) => ({ sample: s.sample, actual: Number(s.isAnomaly), predicted: Number(isSaid(s)) })),
  );
}

/** As many as are told, the first and the last among them. */
function thinned(points: readonly RocPoint[]): readonly RocPoint[] {
  if (points.length <= MOST_POINTS) return points;
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, i) => points[Math.round(i * step)]!);
}
