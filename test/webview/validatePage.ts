import type { ValidateToPage } from '../../webview/shared/messages/validate.ts';
import type { SampleInput } from '../../webview/shared/sampleInput.ts';
import type {
  ClassFigures,
  Confusion,
  Mismatch,
  OutputValues,
  Validation,
  WrongSample,
} from '../../webview/shared/validation.ts';

/** A validation that is made up: all samples equal on board and PC, no labels. */
export const PLAIN: Validation = {
  model: 'digits.onnx',
  network: 'digits',
  board: { id: 'frdmke16z', name: 'FRDM-KE16Z' },
  on: 'sim',
  samples: 10_000,
  score: { task: 'raw' },
  timeUs: { min: 1404, mean: 1408.2, max: 1411 },
  firmware: { flashBytes: 9120, ramBytes: 3484, stackBytes: 212 },
  mismatches: { count: 0, listed: [] },
  line: { retransmissions: 0, resets: 0 },
  requirements: [],
  seconds: 31.4,
};

/** What the page is sent of it. */
export function stateOf(validation: Validation): Extract<ValidateToPage, { type: 'state' }> {
  return { type: 'state', key: '0123456789abcdef0123456789abcdef', validation };
}

/** The matrix and all that follows from it by the definitions of precision and recall. */
export function confusionOf(
  classes: readonly string[],
  matrix: readonly (readonly number[])[],
  listed = 100,
): Confusion {
  let number = 0;
  const wrong = matrix.flatMap((row, actual) =>
    row.flatMap((count, predicted) =>
      Array.from({ length: actual === predicted ? 0 : Math.min(count, listed) }, (): WrongSample => {
        const label = classes[actual]!;
        number += 7;
        return { number, name: `${String(number).padStart(5, '0')}_${label}.png`, label, actual, predicted };
      }),
    ),
  );
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const share = (part: number, of: number): number | undefined => (of > 0 ? part / of : undefined);
  const perClass = classes.map((_, c): ClassFigures => {
    const right = matrix[c]![c]!;
    const precision = share(right, sum(matrix.map((row) => row[c]!)));
    const recall = share(right, sum(matrix[c]!));
    const f1 =
      precision === undefined || recall === undefined || precision + recall === 0
        ? undefined
        : (2 * precision * recall) / (precision + recall);
    return { samples: sum(matrix[c]!), precision, recall, f1 };
  });
  return { classes, matrix, perClass, wrong };
}

/** A matrix with some thousand right and few wrong answers, the same each time. */
export function matrixOf(classes: number, right: number): number[][] {
  return Array.from({ length: classes }, (_, a) =>
    Array.from({ length: classes }, (_unused, p) =>
      a === p ? right + ((a * 37) % 90) : (a * 5 + p * 3) % 7 === 0 ? 3 + ((a + p) % 9) : 0,
    ),
  );
}

/** A classifier of digits with wrong answers. */
export const DIGITS: Validation = classified(
  Array.from({ length: 10 }, (_, i) => String(i)),
  matrixOf(10, 950),
);

/** A classifier, all of whose samples have labels. */
export function classified(classes: readonly string[], matrix: readonly (readonly number[])[]): Validation {
  const confusion = confusionOf(classes, matrix);
  const labelled = matrix.flat().reduce((a, b) => a + b, 0);
  const correct = matrix.reduce((n, row, i) => n + row[i]!, 0);
  return {
    ...PLAIN,
    samples: labelled,
    score: { task: 'classify', labelled, correct, confusion },
    requirements: [
      { text: 'accuracy>=95', isMet: true, found: '98.9 %' },
      { text: 'time<=1ms', isMet: false, found: '1.4 ms' },
      { text: 'flash<=64k', isMet: true, found: '9,120 B' },
    ],
  };
}

const values = (name: string, change: Readonly<Record<number, number>> = {}, length = 10): OutputValues => ({
  name,
  values: Array.from({ length }, (_, i) => change[i] ?? ((i * 53) % 120) - 60),
});

/** Board and PC differ for a few samples, on a line that lost something. */
export const DIFFERING: Validation = {
  ...DIGITS,
  on: '/dev/ttyACM0',
  mismatches: {
    count: 3,
    listed: [7, 812, 4444].map((number, i): Mismatch => ({
      ...{ number, name: `${String(number).padStart(5, '0')}_${i}.png`, label: String(i) },
      board: [values('scores', { [i]: 17 + i })],
      pc: [values('scores')],
    })),
  },
  line: { retransmissions: 12, resets: 1 },
};

/** An autoencoder with labels, and a curve with some steps. */
export const ANOMALY: Validation = {
  ...PLAIN,
  model: 'machine-sound.tflite',
  samples: 600,
  score: {
    task: 'anomaly',
    ...{ normal: 400, anomalies: 200, error: { min: 0.0021, mean: 0.0173, max: 0.214 } },
    roc: {
      points: [
        [null, 0, 0],
        [0.09, 0.35, 0],
        [0.05, 0.62, 0.01],
        [0.031, 0.81, 0.03],
        [0.0207, 0.91, 0.07],
        [0.015, 0.95, 0.2],
        [0.009, 0.985, 0.45],
        [0.0021, 1, 1],
      ].map(([threshold, truePositiveRate, falsePositiveRate]) => ({
        threshold: threshold ?? null,
        truePositiveRate: truePositiveRate!,
        falsePositiveRate: falsePositiveRate!,
      })),
      auc: 0.9562,
      best: {
        threshold: 0.0207,
        confusion: confusionOf(
          ['normal', 'anomaly'],
          [
            [372, 28],
            [18, 182],
          ],
        ),
      },
    },
  },
};

/** Real values. */
export const REGRESSION: Validation = {
  ...PLAIN,
  model: 'battery.keras',
  samples: 2048,
  score: { task: 'regress', labelled: 2048, errors: { mae: 0.01342, rmse: 0.0197, max: 0.1214, r2: 0.9931 } },
};

/** A picture of a sample: a gray ramp. */
export const PICTURE: SampleInput = {
  ...{ name: 'input', shape: [1, 28, 28, 1], values: [] },
  picture: { width: 28, height: 28, channels: 1, data: Array.from({ length: 784 }, (_, i) => (i * 3) % 256) },
};

/** Three axes of an accelerometer. */
export const SEQUENCE: SampleInput = {
  ...{ name: 'acceleration', shape: [1, 128, 3], picture: undefined },
  values: Array.from({ length: 384 }, (_, i) => Math.sin(i / (9 + (i % 3) * 4)) + (i % 3) - 1),
};
