import { dense } from '../dense.ts';
import type { QTfliteSvdf, QuantizedValue } from '../quantizedGraph.ts';
import { clampInt, requantizer } from '../requantize.ts';

/**
 * SVDF of TensorFlow Lite Micro (tensorflow/lite/micro/kernels/svdf_common.cc). Sums are int32 and wrap around, which is undefined there.
 *
 * @param x q of the input, and of the memory, which is brought up to date
 */
export function svdfInts(
  node: QTfliteSvdf,
  [x, state]: readonly Int32Array[],
  [xv, sv]: readonly QuantizedValue[],
  y: QuantizedValue,
): Int32Array {
  const { memory, weights, bias } = node;
  const newest = dense(node.features, x!, xv!, sv!);
  state!.copyWithin(0, 1);
  newest.forEach((v, filter) => (state![(filter + 1) * memory - 1] = v));
  const taps = weights.length / bias.length;
  const requantize = requantizer(node.requant, y.offset);
  return bias.map((b, unit) => {
    let acc = b;
    for (let i = unit * taps; i < (unit + 1) * taps; i++)
      acc = (acc + weights[i]! * (state![i]! - sv!.offset)) | 0;
    return clampInt(requantize(acc), node.lo, node.hi);
  });
}
