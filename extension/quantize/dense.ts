import type { QDense, QuantizedValue } from './quantizedGraph.ts';
import { clampInt, requantizer } from './requantize.ts';

/** A fully connected layer in integers. @param x q of the input, flat */
export function dense(node: QDense, x: ArrayLike<number>, xv: QuantizedValue, y: QuantizedValue): Int32Array {
  const n = x.length;
  return Int32Array.from({ length: node.outChannels }, (_, k) => {
    let acc = node.bias[k]!;
    for (let i = 0; i < n; i++) acc += node.weights[k * n + i]! * (x[i]! - xv.offset);
    const requantize = requantizer(node.requant[k] ?? node.requant[0]!, y.offset);
    return clampInt(requantize(acc), node.lo, node.hi);
  });
}
