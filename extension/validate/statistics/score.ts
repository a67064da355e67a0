import type { Answer } from '../../../webview/shared/task.ts';
import type { Score } from '../../../webview/shared/validation.ts';
import type { SampleOutcome } from '../outcome.ts';
import { type Classified, confusionOf } from './confusion.ts';
import { errorsOf } from './regression.ts';
import { rocOf, type Scored, splitAt } from './roc.ts';
import { spreadOf } from './spread.ts';

/** Most classes that a matrix is made of. */
const MOST_CLASSES = 1000;

/** What test sets call what is normal, and what is not, in lower case. */
const NORMAL: ReadonlySet<string> = new Set(['normal', 'ok', 'good', 'healthy', 'false', '0']);
const ANOMALOUS: ReadonlySet<string> = new Set([
  ...['anomaly', 'anomalous', 'abnormal', 'anormal', 'bad', 'faulty', 'fault', 'defect', 'ng', 'true', '1'],
]);

/** How samples' labels are read. */
export interface Labels {
  /** Names of the network's classes, in their order; numbers where nobody named them. */
  readonly classes: readonly string[];
  /** A label as a class's number; undefined where it names none. */
  readonly classOf: (label: string | undefined) => number | undefined;
}

/** What answers are worth. */
export function scoreOf(
  { task, threshold }: Answer,
  outcomes: readonly SampleOutcome[],
  labels: Labels,
): Score {
  switch (task) {
    case 'classify':
      return classification(outcomes, labels);
    case 'anomaly':
      return anomalies(outcomes, threshold);
    case 'regress': {
      const pairs = outcomes.flatMap(({ answer, label }) => {
        const wanted = numberOf(label);
        return answer === undefined || wanted === undefined ? [] : [[answer, wanted] as const];
      });
      return { task, labelled: pairs.length, errors: errorsOf(pairs) };
    }
    case 'raw':
      return { task };
  }
}

function classification(outcomes: readonly SampleOutcome[], { classes, classOf }: Labels): Score {
  const labelled = outcomes.flatMap((sample): Classified[] => {
    const actual = classOf(sample.label);
    return actual === undefined || sample.answer === undefined
      ? []
      : [{ sample, actual, predicted: sample.answer }];
  });
  // a network that names a class itself does not tell how many there are
  const count = labelled.reduce((n, s) => Math.max(n, s.actual + 1, s.predicted + 1), classes.length);
  const all = Array.from({ length: Math.min(count, MOST_CLASSES) }, (_, i) => classes[i] ?? String(i));
  return {
    task: 'classify',
    labelled: labelled.length,
    correct: labelled.filter((s) => s.actual === s.predicted).length,
    confusion: labelled.length > 0 && count <= MOST_CLASSES ? confusionOf(all, labelled) : undefined,
  };
}

function anomalies(outcomes: readonly SampleOutcome[], threshold: Answer['threshold']): Score {
  const labelled = outcomes.flatMap((sample): Scored[] => {
    const word = sample.label?.trim().toLowerCase() ?? '';
    const isAnomaly = ANOMALOUS.has(word);
    if (sample.answer === undefined || (!isAnomaly && !NORMAL.has(word))) return [];
    return [{ sample, score: sample.answer, isAnomaly }];
  });
  return {
    task: 'anomaly',
    normal: labelled.filter((s) => !s.isAnomaly).length,
    anomalies: labelled.filter((s) => s.isAnomaly).length,
    error: spreadOf(outcomes.flatMap(({ answer }) => answer ?? [])),
    threshold:
      threshold && labelled.length > 0
        ? { of: threshold, confusion: splitAt(labelled, ({ score }) => score > threshold.value) }
        : undefined,
    roc: rocOf(labelled),
  };
}

function numberOf(label: string | undefined): number | undefined {
  const value = label === undefined || label.trim() === '' ? NaN : Number(label);
  return Number.isFinite(value) ? value : undefined;
}
