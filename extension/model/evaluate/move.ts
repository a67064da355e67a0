import { elements } from '../graph.ts';
import type { Shape } from '../graph.ts';
import { gatherOffsets, offsets, strides, transposeOffsets } from '../indexing.ts';
import type { Tensor } from './tensor.ts';

export function transpose(x: Tensor, perm: readonly number[]): Float32Array {
  return moved(x, transposeOffsets(x.shape, perm));
}

export function gather(x: Tensor, indices: readonly Int32Array[]): Float32Array {
  return moved(x, gatherOffsets(x.shape, indices));
}

/** @param from for each element of the result its position in x */
function moved({ data }: Tensor, from: Int32Array): Float32Array {
  const out = new Float32Array(from.length);
  for (let i = 0; i < out.length; i++) out[i] = data[from[i]!]!;
  return out;
}

export function concat(inputs: readonly Tensor[], axis: number, outShape: Shape): Float32Array {
  const out = new Float32Array(elements(outShape));
  const outer = elements(outShape.slice(0, axis));
  const outRow = out.length / outer;
  let before = 0;
  for (const { data } of inputs) {
    const row = data.length / outer;
    for (let i = 0; i < outer; i++) {
      out.set(data.subarray(i * row, (i + 1) * row), i * outRow + before);
    }
    before += row;
  }
  return out;
}

export function pad(
  x: Tensor,
  pads: readonly (readonly [number, number])[],
  value: number,
  outShape: Shape,
): Float32Array {
  const out = new Float32Array(elements(outShape)).fill(value);
  const step = strides(outShape);
  const first = pads.reduce((sum, [before], k) => sum + before * step[k]!, 0);
  const to = offsets(x.shape, step);
  for (let i = 0; i < to.length; i++) out[first + to[i]!] = x.data[i]!;
  return out;
}
