/** Parts of a tensor, its elements in another order, or more than once: of real numbers a gather, of integers computed now. */
import { say } from '../../common/errors/sentence.ts';
import { gatherOffsets } from '../indexing.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import type { Operand, Real } from './operand.ts';

/** What is picked along a dimension: how many elements, and the position of each. */
export interface Along {
  readonly size: number;
  readonly at: (i: number) => number;
}

/** Where an emitted node stands among those of its file node: as `emit` has it. */
interface Place {
  readonly suffix?: string;
  readonly output?: number;
}

/** x, picked along dimensions. @param along one for each; undefined where all stays as it is */
export function gathered(
  ctx: OperatorContext,
  x: Operand,
  along: readonly (Along | undefined)[],
  place: Place = {},
): Operand {
  if (x.kind !== 'int') return gatheredReal(ctx, x, along, place);
  const { shape, indices } = indicesOf(ctx, x, along);
  return { kind: 'int', shape, data: Array.from(gatherOffsets(x.shape, indices), (i) => x.data[i]!) };
}

/** As `gathered`, of real numbers. */
export function gatheredReal(
  ctx: OperatorContext,
  x: Real,
  along: readonly (Along | undefined)[],
  { suffix = '', output = 0 }: Place = {},
): Real {
  const { shape, indices } = indicesOf(ctx, x, along);
  const isWhole = indices.every((list, k) => list.length === x.shape[k] && list.every((v, i) => v === i));
  return isWhole ? x : ctx.emit({ kind: 'gather', indices }, [x], shape, suffix, output);
}

function indicesOf(ctx: OperatorContext, x: Operand, along: readonly (Along | undefined)[]) {
  const shape = x.shape.map((d, k) => along[k]?.size ?? d);
  checkedElements(shape, say`The output of ${ctx.label}`);
  const indices = shape.map((d, k) => Int32Array.from({ length: d }, (_, i) => along[k]?.at(i) ?? i));
  return { shape, indices };
}

/**
 * A slice as numpy has it: negative ends count from the end, and what lies beyond it is cut off.
 * @param start undefined for the first element in the direction of the step, and `end` for all up to the last
 * @param size of the dimension
 */
export function sliced(
  ctx: OperatorContext,
  size: number,
  start: number | undefined,
  end: number | undefined,
  step: number,
): Along {
  if (!Number.isSafeInteger(step) || step === 0) ctx.refuse(say`has the step ${step}`);
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const within = (v: number): number => Math.min(most, Math.max(least, v < 0 ? v + size : v));
  const from = start === undefined ? (step > 0 ? least : most) : within(start);
  const to = end === undefined ? (step > 0 ? most : least) : within(end);
  return part(from, Math.max(0, Math.ceil((to - from) / step)), step);
}

/** `size` elements from one on. */
export function part(from: number, size: number, step = 1): Along {
  return { size, at: (i) => from + i * step };
}

/** Elements by their positions; negative ones count from the end. @param size of the dimension */
export function listed(ctx: OperatorContext, size: number, positions: readonly number[]): Along {
  const list = positions.map((i) => {
    if (!Number.isInteger(i) || i < -size || i >= size) ctx.refuse(say`picks element ${i} of ${size}`);
    return i < 0 ? i + size : i;
  });
  return { size: list.length, at: (i) => list[i]! };
}

/** All of a dimension, several times one behind the other. */
export function repeated(ctx: OperatorContext, size: number, times: number): Along {
  if (!Number.isSafeInteger(times) || times < 0) ctx.refuse(say`repeats its input ${times} times`);
  return { size: size * times, at: (i) => i % size };
}

/** x broadcast to a shape, as numpy does it. @param shape that it broadcasts to */
export function expanded(ctx: OperatorContext, x: Operand, shape: readonly number[]): Operand {
  const along = shape.map((d, k): Along | undefined =>
    x.shape[k] === d ? undefined : { size: d, at: () => 0 },
  );
  return gathered(ctx, x, along);
}

/** How a border is filled with elements of the tensor itself: those beside it again, mirrored at the last element, or behind it. */
export const MIRRORS = ['edge', 'reflect', 'symmetric', 'wrap'] as const;
export type Mirror = (typeof MIRRORS)[number];

/** A dimension with a border of its own elements; negative widths cut. @param size of the dimension */
export function mirrored(
  ctx: OperatorContext,
  mirror: Mirror,
  size: number,
  [before, after]: readonly [number, number],
): Along {
  const most = { edge: Infinity, reflect: size - 1, symmetric: size, wrap: size }[mirror];
  if (before > most || after > most) {
    ctx.refuse(say`fills borders of ${before} and ${after} from ${size} elements in the way '${mirror}'`);
  }
  const inside = (i: number): number => {
    if (i >= 0 && i < size) return i;
    if (mirror === 'edge') return i < 0 ? 0 : size - 1;
    if (mirror === 'wrap') return (i + size) % size;
    const shift = mirror === 'reflect' ? 1 : 0;
    return i < 0 ? -i - 1 + shift : 2 * size - 1 - i - shift;
  };
  return { size: Math.max(0, size + before + after), at: (i) => inside(i - before) };
}
