/** Parts of a tensor, its elements in another order, or more than once: of real numbers a gather, of integers computed now. */
import { say } from '../../common/errors/sentence.ts';
import { broadcastShape, gatherOffsets, sameShape } from '../indexing.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import type { Result } from './graphImport.ts';
import type { Operand, Real } from './operand.ts';
import { withShape } from './reshape.ts';

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
  if (x.kind === 'positions') ctx.refusePositions();
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
function repeated(ctx: OperatorContext, size: number, times: number): Along {
  if (!Number.isSafeInteger(times) || times < 0) ctx.refuse(say`repeats its input ${times} times`);
  return { size: size * times, at: (i) => i % size };
}

/** x in parts along an axis, an output of the node each. @param sizes of the parts, which are all of the dimension */
export function parts(ctx: OperatorContext, x: Operand, axis: number, sizes: readonly number[]): Result {
  const size = x.shape[axis]!;
  const count = ctx.node.outputs.length;
  const total = sizes.reduce((n, d) => n + d, 0);
  if (sizes.length !== count || total !== size || sizes.some((d) => !Number.isInteger(d) || d < 0)) {
    ctx.refuse(say`makes parts of [${sizes}] for ${count} outputs of ${size} elements`);
  }
  let from = 0;
  return sizes.map((d, output) => {
    const along = onAxis(x, axis, part(from, d));
    from += d;
    return ctx.outputUsed(output) ? gathered(ctx, x, along, { output }) : undefined;
  });
}

/** Elements along an axis by their positions, whose shape takes the axis' place. */
export function gatheredAlong(ctx: OperatorContext, x: Operand, axis: number, indices: Operand): Operand {
  if (indices.kind !== 'int') ctx.refuse(say`has indices that are not constant integers`);
  const along = onAxis(x, axis, listed(ctx, x.shape[axis]!, indices.data));
  const suffix = indices.shape.length === 1 ? '' : '/gather';
  return withShape(ctx, gathered(ctx, x, along, { suffix }), x.shape.toSpliced(axis, 1, ...indices.shape));
}

function onAxis(x: Operand, axis: number, along: Along): (Along | undefined)[] {
  return x.shape.map((_, k) => (k === axis ? along : undefined));
}

/** x, each dimension as often as `times` says. */
export function tiled(ctx: OperatorContext, x: Operand, times: readonly number[] | undefined): Operand {
  if (times?.length !== x.shape.length) {
    ctx.refuse(say`has ${times?.length ?? 0} repeats for ${x.shape.length} dimensions`);
  }
  return gathered(
    ctx,
    x,
    x.shape.map((d, k) => repeated(ctx, d, times[k]!)),
  );
}

/** x broadcast to a shape, as numpy does it. */
export function expanded(ctx: OperatorContext, x: Operand, given: readonly number[] | undefined): Operand {
  const shape = given && broadcastShape(x.shape, given);
  if (!shape) ctx.refuse(say`cannot expand [${x.shape}] to [${given ?? []}]`);
  const lead = new Array<number>(shape.length - x.shape.length).fill(1);
  const ranked = [...lead, ...x.shape];
  const full = withShape(ctx, x, ranked, sameShape(ranked, shape) ? '' : '/in');
  const along = shape.map((d, k) => (full.shape[k] === d ? undefined : { size: d, at: () => 0 }));
  return gathered(ctx, full, along);
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
