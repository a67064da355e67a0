import type { PositionNode } from '../graph.ts';

/**
 * Where in each row of n numbers the largest or the smallest one stands.
 *
 * @param data real numbers, or integers in one scale
 */
export function positions(
  { of, among }: Pick<PositionNode, 'of' | 'among'>,
  data: ArrayLike<number>,
  n: number,
): Float32Array {
  const sign = of === 'max' ? 1 : -1;
  return Float32Array.from({ length: data.length / n }, (_, row) => {
    let at = 0;
    for (let i = 1; i < n; i++) {
      const more = sign * (data[row * n + i]! - data[row * n + at]!);
      if (more > 0 || (more === 0 && among === 'last')) at = i;
    }
    return at;
  });
}
