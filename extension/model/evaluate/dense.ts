import type { DenseNode } from '../graph.ts';
import type { Tensor } from './tensor.ts';

/** weights · x + bias; x is read flat, whatever its shape. */
export function dense(node: DenseNode, x: Tensor): Float32Array {
  const { weights, bias } = node;
  const data = x.data;
  const n = data.length;
  const out = new Float32Array(bias.length);
  for (let m = 0; m < out.length; m++) {
    let sum = bias[m]!;
    const row = m * n;
    for (let i = 0; i < n; i++) sum += data[i]! * weights[row + i]!;
    out[m] = sum;
  }
  return out;
}
