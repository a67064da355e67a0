/** Operators on the rows of the last axis. */
import type { NormalizeNode } from '../graph.ts';
import type { Tensor } from './tensor.ts';

/** Logarithm of the softmax, shifted by the row's maximum so that exp cannot overflow. */
export function logSoftmax(x: Tensor): Float32Array {
  return byRows(x, (row) => {
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const log = Math.log(row.reduce((sum, v) => sum + Math.exp(v - max), 0));
    return (v) => v - max - log;
  });
}

export function normalize({ centred, averaged, epsilon }: NormalizeNode, x: Tensor): Float32Array {
  return byRows(x, (row) => {
    const mean = centred ? row.reduce((sum, v) => sum + v, 0) / row.length : 0;
    const squares = row.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const deviation = Math.sqrt((averaged ? squares / row.length : squares) + epsilon);
    return (v) => (v === mean ? 0 : (v - mean) / deviation);
  });
}

function byRows({ shape, data }: Tensor, of: (row: Float32Array) => (v: number) => number): Float32Array {
  const n = shape.at(-1)!;
  const out = new Float32Array(data.length);
  for (let at = 0; at < out.length; at += n) {
    const row = data.subarray(at, at + n);
    out.set(row.map(of(row)), at);
  }
  return out;
}
