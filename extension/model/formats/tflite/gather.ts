import { say } from '../../../common/errors/sentence.ts';
import { expanded, gathered, gatheredAlong, mirrored, part, parts, tiled } from '../../import/gather.ts';
import type { Result } from '../../import/graphImport.ts';
import { type Index, indexed } from '../../import/indexed.ts';
import type { Operand } from '../../import/operand.ts';
import { withShape } from '../../import/reshape.ts';
import type { TfliteContext } from './context.ts';

/** SLICE: a begin and a size for each dimension; -1 for all that is left. */
export function slice(ctx: TfliteContext): Operand {
  const x = ctx.operand(0);
  const begin = ctx.ints(1, say`the begin`);
  const size = ctx.ints(2, say`the size`);
  const along = x.shape.map((d, k) => {
    const from = begin[k] ?? -1;
    const count = size[k] === -1 ? d - from : (size[k] ?? -1);
    if (from < 0 || count < 0 || from + count > d) {
      ctx.refuse(say`cuts [${size}] at [${begin}] out of [${x.shape}]`);
    }
    return part(from, count);
  });
  return gathered(ctx, x, along);
}

/** STRIDED_SLICE with all its masks: a bit for each number of begin, end and stride. */
export function stridedSlice(ctx: TfliteContext<'STRIDED_SLICE'>): Operand {
  const x = ctx.operand(0);
  const [begin, end, step] = [
    ctx.ints(1, say`the begin`),
    ctx.ints(2, say`the end`),
    ctx.ints(3, say`the stride`),
  ];
  if (begin.length !== end.length || begin.length !== step.length) {
    ctx.refuse(say`has a begin [${begin}], an end [${end}] and a stride [${step}]`);
  }
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask, offset } = ctx.options;
  const has = (mask: number, k: number): boolean => ((mask >> k) & 1) === 1;
  const indices = begin.map((from, k): Index => {
    const start = has(beginMask, k) ? undefined : from;
    if (has(ellipsisMask, k)) return 'ellipsis';
    if (has(newAxisMask, k)) return 'new';
    if (has(shrinkAxisMask, k)) return { at: start ?? 0 };
    return { start, stop: has(endMask, k) ? undefined : offset ? from + end[k]! : end[k]!, step: step[k]! };
  });
  return indexed(ctx, x, indices);
}

/** SPLIT: parts of one size along the axis that the first operand says. */
export function split(ctx: TfliteContext<'SPLIT'>): Result {
  const x = ctx.operand(1);
  const axis = axisOf(ctx, 0, x);
  const count = ctx.node.outputs.length;
  return parts(ctx, x, axis, new Array<number>(count).fill(x.shape[axis]! / count));
}

/** SPLIT_V: parts of sizes of their own, one of which may be -1 for what is left. */
export function splitV(ctx: TfliteContext<'SPLIT_V'>): Result {
  const x = ctx.operand(0);
  const axis = axisOf(ctx, 2, x);
  const sizes = ctx.ints(1, say`the sizes of its parts`);
  const known = sizes.reduce((n, d) => n + Math.max(d, 0), 0);
  return parts(
    ctx,
    x,
    axis,
    sizes.map((d) => (d === -1 ? x.shape[axis]! - known : d)),
  );
}

/** UNPACK: an output for each element of an axis, without that axis. */
export function unpack(ctx: TfliteContext<'UNPACK'>): Result {
  const x = ctx.operand(0);
  const axis = ctx.axis(ctx.options.axis, x.shape.length);
  const { outputs } = ctx.node;
  if (outputs.length !== x.shape[axis])
    ctx.refuse(say`makes ${outputs.length} outputs of ${x.shape[axis]!} elements`);
  const shape = x.shape.toSpliced(axis, 1);
  return outputs.map((_, output) => {
    if (!ctx.outputUsed(output)) return undefined;
    const along = x.shape.map((_, k) => (k === axis ? part(output, 1) : undefined));
    return withShape(ctx, gathered(ctx, x, along, { suffix: '/gather', output }), shape, '', output);
  });
}

export function gather(ctx: TfliteContext<'GATHER'>): Operand {
  const x = ctx.operand(0);
  const { axis, batchDims } = ctx.options;
  if (batchDims !== 0) ctx.refuse(say`picks others for each of a batch`);
  return gatheredAlong(ctx, x, ctx.axis(axis, x.shape.length), ctx.operand(1));
}

export function tile(ctx: TfliteContext): Operand {
  return tiled(ctx, ctx.operand(0), ctx.ints(1, say`the repeats`));
}

export function broadcastTo(ctx: TfliteContext): Operand {
  return expanded(ctx, ctx.operand(0), ctx.ints(1, say`the shape`));
}

/** MIRROR_PAD: [before, after] for each dimension, of its own elements. */
export function mirrorPad(ctx: TfliteContext<'MIRROR_PAD'>): Operand {
  const x = ctx.operand(0);
  const pads = ctx.pairs(1, say`the pads`, x.shape.length);
  const mirror = ctx.options.mode === 'REFLECT' ? 'reflect' : 'symmetric';
  return gathered(
    ctx,
    x,
    x.shape.map((d, k) => mirrored(ctx, mirror, d, pads[k]!)),
  );
}

/** REVERSE_V2: some dimensions backwards. */
export function reverse(ctx: TfliteContext): Operand {
  const x = ctx.operand(0);
  const axes = new Set(ctx.ints(1, say`the axes`).map((a) => ctx.axis(a, x.shape.length)));
  return gathered(
    ctx,
    x,
    x.shape.map((d, k) => (axes.has(k) ? part(d - 1, d, -1) : undefined)),
  );
}

/** An axis of x, which the k-th operand says. */
function axisOf(ctx: TfliteContext, k: number, x: Operand): number {
  const given = ctx.ints(k, say`the axis`);
  if (given.length !== 1) ctx.refuse(say`has ${given.length} numbers for the axis; one is needed`);
  return ctx.axis(given[0]!, x.shape.length);
}
