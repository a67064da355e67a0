import { buildZip } from '../sdk/zipBuilder.ts';
import { npy } from '../data/npyBuilder.ts';
import { testDigits } from './mnist.ts';

/** The first test digits of MNIST with their labels, as an .npz file: real values from 0 to 1. */
export function digitsFile(count: number): Buffer {
  const digits = testDigits();
  const pixels: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    for (const p of digits.image(i)) pixels.push(p / 255);
    labels.push(digits.label(i));
  }
  return buildZip([
    { name: 'x.npy', data: npy([count, 28, 28, 1], pixels) },
    { name: 'y.npy', data: npy([count], labels) },
  ]);
}
