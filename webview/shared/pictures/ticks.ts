/**
 * Round numbers over the span of some values, for an axis.
 * @param most how many there is room for
 * @param end none lies beyond it
 */
export function ticksOf(values: readonly number[], most: number, end = Infinity): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(high >= low)) return [];
  if (high === low) return [low];
  const rough = (high - low) / Math.max(2, Math.floor(most));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  ).filter((tick) => tick <= end);
}
