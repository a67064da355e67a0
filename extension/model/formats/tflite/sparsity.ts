import type { Sentence } from '../../../common/errors/sentence.ts';
import { say } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import type { Shape } from '../../graph.ts';
import { strides } from '../../indexing.ts';
import { damaged } from '../../import/refusal.ts';
import type { TfliteSparsity } from './tensor.ts';

/**
 * Where each stored element of a sparse tensor stands in the dense one, row-major.
 *
 * A level goes through a dimension, or through one of a block's: element [i0, i1] of a matrix with blocks of b columns is in column
 * i1 = b · (index of the block) + (index in the block). So every level adds its index times a step of its own.
 *
 * @param shape of the dense tensor
 * @throws UserError 'model' when the levels do not fit the shape
 */
export function densePositions(sparsity: TfliteSparsity, shape: Shape, what: Sentence): Int32Array {
  const { order, levels } = sparsity;
  const { steps, sizes } = dimensionsOf(sparsity, shape, what);
  const most = elements(shape);
  let positions = Int32Array.of(0);
  for (const [k, level] of levels.entries()) {
    const step = steps[order[k]!]!;
    const size = sizes[order[k]!]!;
    const fits = (count: number): void => {
      if (count > most) throw damaged(say`${what} has more elements than its shape [${shape}]`);
    };
    if (level.format === 'dense') {
      if (level.size !== size) throw misfit(what, shape);
      fits(positions.length * size);
      const next = new Int32Array(positions.length * size);
      positions.forEach((at, p) => {
        for (let i = 0; i < size; i++) next[p * size + i] = at + i * step;
      });
      positions = next;
      continue;
    }
    const { segments, indices } = level;
    fits(indices.length);
    const isWhole =
      segments.length === positions.length + 1 && segments[0] === 0 && segments.at(-1) === indices.length;
    if (!isWhole || indices.some((i) => i < 0 || i >= size)) throw misfit(what, shape);
    const next = new Int32Array(indices.length);
    for (const [p, at] of positions.entries()) {
      const [from, to] = [segments[p]!, segments[p + 1]!];
      if (to < from || to > indices.length) throw misfit(what, shape);
      for (let j = from; j < to; j++) next[j] = at + indices[j]! * step;
    }
    positions = next;
  }
  return positions;
}

/** Of each dimension of the tensor, then of the blocks: how many indices it has, and how far apart they are in the dense tensor. */
function dimensionsOf(
  { order, blockMap, levels }: TfliteSparsity,
  shape: Shape,
  what: Sentence,
): { readonly steps: readonly number[]; readonly sizes: readonly number[] } {
  const steps = strides(shape);
  const sizes = [...shape];
  blockMap.forEach((dimension, k) => {
    const level = levels[order.indexOf(shape.length + k)]!;
    // a block is stored whole, and divides its dimension
    const size = level.format === 'dense' ? level.size : 0;
    if (size < 1 || sizes[dimension]! % size !== 0) throw misfit(what, shape);
    steps.push(steps[dimension]!);
    sizes.push(size);
    steps[dimension]! *= size;
    sizes[dimension]! /= size;
  });
  return { steps, sizes };
}

function misfit(what: Sentence, shape: Shape): Error {
  return damaged(say`${what} is sparse in a way that does not fit its shape [${shape}]`);
}
