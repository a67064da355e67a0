import { elements } from '../graph.ts';
import type { Shape } from '../graph.ts';
import {
  type ActivationFunction,
  activationFunction,
  type PairFunction,
  pairFunction,
} from '../functions.ts';
import { broadcastOffsets } from '../indexing.ts';
import type { Tensor } from './tensor.ts';

export function activation(fn: ActivationFunction, data: Float32Array): Float32Array {
  const f = activationFunction(fn);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = f(data[i]!);
  return out;
}

/** Softmax over the last axis, shifted by the row's maximum so that exp cannot overflow. */
export function softmax(x: Tensor): Float32Array {
  const n = x.shape.at(-1)!;
  const out = new Float32Array(x.data.length);
  for (let row = 0; row < out.length; row += n) {
    let max = -Infinity;
    for (let i = 0; i < n; i++) max = Math.max(max, x.data[row + i]!);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.exp(x.data[row + i]! - max);
    for (let i = 0; i < n; i++) out[row + i] = Math.exp(x.data[row + i]! - max) / sum;
  }
  return out;
}

/** A function of two operands under numpy broadcasting. */
export function binary(kind: PairFunction, a: Tensor, b: Tensor, outShape: Shape): Float32Array {
  const f = pairFunction(kind);
  const n = elements(outShape);
  const out = new Float32Array(n);
  const x = a.data;
  const y = b.data;
  if (x.length === n && y.length === n) {
    for (let i = 0; i < n; i++) out[i] = f(x[i]!, y[i]!);
    return out;
  }
  const ia = broadcastOffsets(a.shape, outShape);
  const ib = broadcastOffsets(b.shape, outShape);
  for (let i = 0; i < n; i++) out[i] = f(x[ia[i]!]!, y[ib[i]!]!);
  return out;
}
