import {
  type ClassFigures,
  type Confusion,
  MOST_LISTED,
  type ValidatedSample,
  type WrongSample,
} from '../../../webview/shared/validation.ts';

/** A labelled sample that was answered; places in a list of classes. */
export interface Classified {
  readonly sample: ValidatedSample;
  readonly actual: number;
  readonly predicted: number;
}

/** Labels against answers. @param samples of classes that are in the list */
export function confusionOf(classes: readonly string[], samples: readonly Classified[]): Confusion {
  const matrix = classes.map(() => new Array<number>(classes.length).fill(0));
  const wrong: WrongSample[] = [];
  for (const { sample, actual, predicted } of samples) {
    const count = ++matrix[actual]![predicted]!;
    if (actual === predicted || count > MOST_LISTED) continue;
    const { number, name, label } = sample;
    wrong.push({ number, name, label, actual, predicted });
  }
  return { classes, matrix, perClass: classes.map((_, c) => classFigures(matrix, c)), wrong };
}

/** Precision, recall and their harmonic mean of one class. */
function classFigures(matrix: readonly (readonly number[])[], c: number): ClassFigures {
  const right = matrix[c]![c]!;
  const samples = matrix[c]!.reduce((n, count) => n + count, 0);
  const said = matrix.reduce((n, row) => n + row[c]!, 0);
  return {
    samples,
    precision: share(right, said),
    recall: share(right, samples),
    // 2 TP / (2 TP + FP + FN)
    f1: share(2 * right, samples + said),
  };
}

function share(part: number, of: number): number | undefined {
  return of === 0 ? undefined : part / of;
}
