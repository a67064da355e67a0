/** Maps of another size: nearest neighbours, which are a gather, and linear interpolation. */
import { say } from '../../common/errors/sentence.ts';
import type { Between } from '../graph.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import { type Along, gatheredReal } from './gather.ts';
import type { Real } from './operand.ts';

/** A dimension in its new size: where on the old one each of its elements lies, as a real number that may be beyond its ends. */
export interface ResizedAxis {
  readonly size: number;
  readonly at: (i: number) => number;
}

/** Elements of x that are nearest. @param axes one for each dimension; undefined where it stays. @param round to whole positions */
export function resizedToNearest(
  ctx: OperatorContext,
  x: Real,
  axes: readonly (ResizedAxis | undefined)[],
  round: (position: number) => number,
  suffix = '',
): Real {
  const along = axes.map((axis, k): Along | undefined => {
    const last = x.shape[k]! - 1;
    return axis && { size: axis.size, at: (i) => Math.min(last, Math.max(0, round(axis.at(i)))) };
  });
  return gatheredReal(ctx, x, along, { suffix });
}

/** x interpolated along one or two dimensions: a map of these two, a channel for each element beside them. */
export function resizedLinearly(
  ctx: OperatorContext,
  x: Real,
  axes: readonly (ResizedAxis | undefined)[],
): Real {
  const moved = axes.flatMap((axis, k) => (axis ? [k] : []));
  if (moved.length === 0) return x;
  if (moved.length > 2)
    ctx.refuse(say`interpolates along ${moved.length} dimensions; at most two are supported`);
  const outShape = axes.map((axis, k) => axis?.size ?? x.shape[k]!);
  checkedElements(outShape, say`The output of ${ctx.label}`);
  const kept = axes.flatMap((axis, k) => (axis ? [] : [k]));
  const perm = [...moved, ...kept];
  const along = [undefined, ...moved.map((k) => axes[k])].slice(-2);
  const sizes = [1, ...moved.map((k) => x.shape[k]!)].slice(-2) as [number, number];
  const [rows, columns] = along.map((axis, k) => between(axis ?? { size: 1, at: () => 0 }, sizes[k]!));
  const rest = kept.reduce((n, k) => n * x.shape[k]!, 1);
  const map = ctx.reshape(ctx.transpose(x, perm, '/moved'), [1, ...sizes, rest], '/map');
  const shape = [1, rows!.low.length, columns!.low.length, rest];
  const y = ctx.emit({ kind: 'resize', rows: rows!, columns: columns! }, [map], shape, '/nhwc');
  const resized = perm.map((k) => outShape[k]!);
  const back = perm.map((_, k) => perm.indexOf(k));
  return ctx.transpose(ctx.reshape(y, resized, '/sizes'), back);
}

/** @param size of the old dimension */
function between({ size: count, at }: ResizedAxis, size: number): Between {
  const positions = Array.from({ length: count }, (_, i) => Math.min(size - 1, Math.max(0, at(i))));
  return {
    low: Int32Array.from(positions, Math.floor),
    share: Float32Array.from(positions, (p) => p - Math.floor(p)),
  };
}
