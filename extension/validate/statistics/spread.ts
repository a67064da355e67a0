import type { Spread } from '../../../webview/shared/validation.ts';

/** Least, mean and largest of some numbers; zeros where there is none. */
export function spreadOf(numbers: Iterable<number>): Spread {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const n of numbers) {
    min = Math.min(min, n);
    max = Math.max(max, n);
    sum += n;
    count++;
  }
  return count === 0 ? { min: 0, mean: 0, max: 0 } : { min, mean: sum / count, max };
}
