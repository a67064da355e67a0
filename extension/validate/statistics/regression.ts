import type { ErrorFigures } from '../../../webview/shared/validation.ts';

/** Errors of real numbers against labels; undefined where there are none. @param pairs answer and label */
export function errorsOf(
  pairs: readonly (readonly [answer: number, label: number])[],
): ErrorFigures | undefined {
  if (pairs.length === 0) return undefined;
  const mean = pairs.reduce((sum, [, label]) => sum + label, 0) / pairs.length;
  let [absolute, squared, max, total] = [0, 0, 0, 0];
  for (const [answer, label] of pairs) {
    const error = Math.abs(answer - label);
    absolute += error;
    squared += error ** 2;
    max = Math.max(max, error);
    total += (label - mean) ** 2;
  }
  return {
    mae: absolute / pairs.length,
    rmse: Math.sqrt(squared / pairs.length),
    max,
    r2: total === 0 ? undefined : 1 - squared / total,
  };
}
