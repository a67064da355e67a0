import { say } from '../../../common/errors/sentence.ts';
import { expanded, gathered, listed, part, repeated, sliced } from '../../import/gather.ts';
import type { Result } from '../../import/graphImport.ts';
import type { Operand } from '../../import/operand.ts';
import { withShape } from '../../import/reshape.ts';
import { broadcastShape } from '../../indexing.ts';
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
  const sizes = ctx.optionalInts(1, say`the sizes of its parts`) ?? ctx.ints('split') ?? even();
  const total = sizes.reduce((n, d) => n + d, 0);
  if (sizes.length !== outputs.length || total !== size || sizes.some((d) => d < 0)) {
    ctx.refuse(say`makes parts of [${sizes}] for ${outputs.length} outputs of ${size} elements`);
  }
  return sizes.map((d, k) => {
    if (!ctx.outputUsed(k)) return undefined;
    const from = sizes.slice(0, k).reduce((n, s) => n + s, 0);
    const along = x.shape.map((_, a) => (a === axis ? part(from, d) : undefined));
    return gathered(ctx, x, along, { output: k });
  });
}

/** Gather along an axis, of constant positions: their shape takes the axis' place. */
export function gather(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const axis = ctx.axis(ctx.int('axis', 0), x.shape.length);
  const indices = ctx.operand(1);
  if (indices.kind !== 'int') ctx.refuse(say`has indices that are not constant integers`);
  const positions = listed(ctx, x.shape[axis]!, indices.data);
  const along = x.shape.map((_, k) => (k === axis ? positions : undefined));
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
  const keepsShape = indices.shape.length === 1;
  return withShape(ctx, gathered(ctx, x, along, { suffix: keepsShape ? '' : '/gather' }), shape);
}

/** Expand to a shape that both broadcast to. */
export function expand(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const given = ctx.optionalInts(1, say`the shape`);
  const shape = given && broadcastShape(x.shape, given);
  if (!shape) ctx.refuse(say`cannot expand [${x.shape}] to [${given ?? []}]`);
  const lead = new Array<number>(shape.length - x.shape.length).fill(1);
  const full = [...lead, ...x.shape];
  const isAll = full.every((d, k) => d === shape[k]);
  return expanded(ctx, withShape(ctx, x, full, isAll ? '' : '/in'), shape);
}

/** Tile: each dimension as often as it says. */
export function tile(ctx: OnnxContext): Operand {
  const x = ctx.operand(0);
  const repeats = ctx.optionalInts(1, say`the repeats`);
  if (repeats?.length !== x.shape.length) {
    ctx.refuse(say`has ${repeats?.length ?? 0} repeats for ${x.shape.length} dimensions`);
  }
  return gathered(
    ctx,
    x,
    x.shape.map((d, k) => repeated(ctx, d, repeats[k]!)),
  );
}
