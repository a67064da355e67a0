import { say } from '../../../common/errors/sentence.ts';
import { expanded, gathered, gatheredAlong, parts, sliced, tiled } from '../../import/gather.ts';
import type { Result } from '../../import/graphImport.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** Slice: starts, ends and axes are attributes before opset 10; inputs from then on, with steps. */
export function slice(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const rank = x.shape.length;
  const old = ctx.opset < 10;
  const read = (k: number, name: string) => (old ? ctx.ints(name) : ctx.optionalInts(k, say`the ${name}`));
  const [starts, ends, axes] = [read(1, 'starts'), read(2, 'ends'), read(3, 'axes')];
  const steps = old ? undefined : read(4, 'steps');
  if (!starts || !ends) ctx.refuse(say`has no starts or no ends`);
  const given = (axes ?? [...starts.keys()]).map((a) => ctx.axis(a, rank));
  const lengths = [starts, ends, given, steps ?? given].map((list) => list.length);
  if (new Set(lengths).size > 1 || new Set(given).size < given.length) {
    ctx.refuse(say`has starts [${starts}] and ends [${ends}] for axes [${given}]`);
  }
  const along = x.shape.map((d, axis) => {
    const k = given.indexOf(axis);
    return k < 0 ? undefined : sliced(ctx, d, starts[k], ends[k], steps?.[k] ?? 1);
  });
  return gathered(ctx, x, along);
}

/** Split: sizes are an attribute before opset 13 and an input from then on; without them the parts are of one size. */
export function split(ctx: OnnxContext): Result {
  const x = ctx.operand(0);
  const axis = ctx.axis(ctx.int('axis', 0), x.shape.length);
  const size = x.shape[axis]!;
  const { outputs } = ctx.node;
  const even = (): number[] => {
    const count = ctx.has('num_outputs') ? ctx.int('num_outputs', 0) : outputs.length;
    if (!(count >= 1 && count <= size)) ctx.refuse(say`makes ${count} parts of ${size} elements`);
    const each = Math.ceil(size / count);
    return outputs.map((_, k) => Math.min(each, size - k * each));
  };
  return parts(ctx, x, axis, ctx.optionalInts(1, say`the sizes of its parts`) ?? ctx.ints('split') ?? even());
}

/** Gather along an axis, of constant positions. */
export function gather(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  return gatheredAlong(ctx, x, ctx.axis(ctx.int('axis', 0), x.shape.length), ctx.operand(1));
}

/** Expand to a shape that both broadcast to. */
export function expand(ctx: OnnxContext): Operand {
  return expanded(ctx, ctx.operand(0), ctx.optionalInts(1, say`the shape`));
}

/** Tile: each dimension as often as it says. */
export function tile(ctx: OnnxContext): Operand {
  return tiled(ctx, ctx.operand(0), ctx.optionalInts(1, say`the repeats`));
}
