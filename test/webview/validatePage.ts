import type { ValidateToPage } from '../../webview/shared/messages/validate.ts';
import type { SampleInput } from '../../webview/shared/sampleInput.ts';
import type { Confusion, Mismatch, OutputValues, Validation } from '../../webview/shared/validation.ts';

import { type Classified, confusionOf } from '../../extension/validate/statistics/confusion.ts';
import { rocOf, type Scored, splitAt } from '../../extension/validate/statistics/roc.ts';
import { spreadOf } from '../../extension/validate/statistics/spread.ts';
import { Random } from '../support/random.ts';

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

/** Samples as a matrix has them, by the product's own statistics. */
function matrixConfusion(classes: readonly string[], matrix: readonly (readonly number[])[]): Confusion {
  let number = 0;
  const samples = matrix.flatMap((row, actual) =>
    row.flatMap((count, predicted) =>
      Array.from({ length: count }, (): Classified => {
        const label = classes[actual]!;
        const name = `${String(++number).padStart(5, '0')}_${label}.png`;
        return { sample: { number, name, label }, actual, predicted };
      }),
    ),
  );
  return confusionOf(classes, samples);
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
  const confusion = matrixConfusion(classes, matrix);
  const labelled = matrix.flat().reduce((a, b) => a + b, 0);
  const correct = matrix.reduce((n, row, i) => n + row[i]!, 0);
  return {
    ...PLAIN,
    samples: labelled,
    score: { task: 'classify', labelled, correct, confusion },
    requirements: [
      { text: 'accuracy>=95', figure: 'accuracy', isMet: true, found: '98.9 %' },
      { text: 'time<=1ms', figure: 'time', isMet: false, found: '1.4 ms' },
      { text: 'flash<=64k', figure: 'flash', isMet: true, found: '9,120 B' },
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

/** Reconstruction errors of 400 samples of machines that run well, and of 200 others; the same each time. */
const SCORED = (() => {
  const random = new Random(13);
  return Array.from({ length: 600 }, (_, number): Scored => {
    const isAnomaly = number % 3 === 2;
    const score = Math.exp(random.real(-1, 1) + random.real(-1, 1) + (isAnomaly ? 1.6 : 0)) / 100;
    const label = isAnomaly ? 'anomaly' : 'normal';
    return { sample: { number, name: `${label}/machine_${number}.wav`, label }, score, isAnomaly };
  });
})();
const IN_USE = 0.048;

/** An autoencoder with labels, by the product's own statistics. */
export const ANOMALY: Validation = {
  ...PLAIN,
  model: 'machine-sound.tflite',
  samples: SCORED.length,
  score: {
    task: 'anomaly',
    ...{ normal: 400, anomalies: 200, error: spreadOf(SCORED.map((s) => s.score)) },
    threshold: {
      of: { value: IN_USE, basis: 'quantized', samples: 250 },
      confusion: splitAt(SCORED, ({ score }) => score > IN_USE),
    },
    roc: rocOf(SCORED),
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
