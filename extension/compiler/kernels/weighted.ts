import type { WeightedNode } from '../../quantize/quantizedGraph.ts';
import type { Operand } from '../values/step.ts';
import { type FoldedRequant, foldRequant } from './requant.ts';

/**
 * Requantization of each output channel with the input's zero point folded in: kernels sum w * stored, and
 * sum(w * (x - offset)) = sum(w * stored) - zero * sum(w), where zero is the offset as stored. Padding is stored as zero, so
 * the correction is the same everywhere.
 *
 * @param taps weights per output channel
 */
export function foldChannels(node: WeightedNode, x: Operand, y: Operand, taps: number): FoldedRequant[] {
  const zero = x.value.offset + x.layout.bias;
  const low = Math.min(zero, x.value.lo + x.layout.bias);
  const high = Math.max(zero, x.value.hi + x.layout.bias);
  return Array.from(node.bias, (bias, k) => {
    let sum = 0;
    let min = 0;
    let max = 0;
    for (let i = k * taps; i < (k + 1) * taps; i++) {
      const w = node.weights[i]!;
      sum += w;
      min += w > 0 ? w * low : w * high;
      max += w > 0 ? w * high : w * low;
    }
    return foldRequant(node.requant[k] ?? node.requant[0]!, bias - zero * sum, y.value, y.layout, {
      min,
      max,
    });
  });
}
