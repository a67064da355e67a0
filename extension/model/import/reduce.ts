import { NO_CLAMP } from '../graph.ts';
import { NO_PADS } from '../window.ts';
import type { OperatorContext } from './context.ts';
import { scalar } from './operand.ts';
import type { Real } from './operand.ts';

/** A pooling of one window over the whole map. */
export function wholeMap(kind: 'maxpool' | 'avgpool', height: number, width: number) {
  return {
    kind,
    kernel: [height, width],
    strides: [1, 1],
    dilations: [1, 1],
    pads: NO_PADS,
    countIncludePad: false,
  } as const;
}

/**
 * The mean or maximum over any axes: a pooling over the reduced axes, one channel per kept element.
 * @param given the axes; negative ones count from the end
 * @param suffix of the result
 */
function pooledOver(
  ctx: OperatorContext,
  kind: 'maxpool' | 'avgpool',
  x: Real,
  given: readonly number[],
  keep: boolean,
  suffix = '',
): Real {
  const rank = x.shape.length;
  const axes = new Set(given.map((a) => ctx.axis(a, rank)));
  const kept = x.shape.map((_, k) => k).filter((k) => !axes.has(k));
  const reduced = [...axes].sort((a, b) => a - b);
  const count = reduced.reduce((n, k) => n * x.shape[k]!, 1);
  const rest = kept.reduce((n, k) => n * x.shape[k]!, 1);
  // [1, H, W, C] over H and W keeps its shape, so that it becomes the plain global pooling.
  const map = reduced.length === 2 ? reduced.map((k) => x.shape[k]!) : [1, count];
  const front = ctx.transpose(x, [...reduced, ...kept], '/reduced');
  const image = ctx.reshape(front, [1, ...map, rest], '/map');
  const y = ctx.emit(wholeMap(kind, map[0]!, map[1]!), [image], [1, 1, 1, rest], '/pool');
  const shape = keep ? x.shape.map((d, k) => (axes.has(k) ? 1 : d)) : kept.map((k) => x.shape[k]!);
  return ctx.reshape(y, shape, suffix);
}

/** What a tensor is reduced to. */
export type Reduction = 'mean' | 'max' | 'min' | 'sum' | 'sumOfSquares' | 'sumOfAbsolutes' | 'root';

/** A reduction over any axes, by `pooledOver`. */
export function reducedOver(
  ctx: OperatorContext,
  reduction: Reduction,
  x: Real,
  axes: readonly number[],
  keep: boolean,
  suffix = '',
): Real {
  const times = (a: Real, b: Real, suffix: string): Real =>
    ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [a, b], a.shape, suffix);
  switch (reduction) {
    case 'mean':
      return pooledOver(ctx, 'avgpool', x, axes, keep, suffix);
    case 'max':
      return pooledOver(ctx, 'maxpool', x, axes, keep, suffix);
    case 'min': {
      const least = pooledOver(ctx, 'maxpool', times(x, scalar(-1), '/negated'), axes, keep, '/negative');
      return times(least, scalar(-1), suffix);
    }
    case 'sum': {
      const mean = pooledOver(ctx, 'avgpool', x, axes, keep, '/mean');
      const reduced = new Set(axes.map((a) => ctx.axis(a, x.shape.length)));
      const count = [...reduced].reduce((n, k) => n * x.shape[k]!, 1);
      return times(mean, scalar(count), suffix);
    }
    case 'sumOfSquares':
      return reducedOver(ctx, 'sum', times(x, x, '/squares'), axes, keep, suffix);
    case 'sumOfAbsolutes': {
      const absolutes = ctx.emit({ kind: 'activation', fn: { type: 'abs' } }, [x], x.shape, '/absolutes');
      return reducedOver(ctx, 'sum', absolutes, axes, keep, suffix);
    }
    case 'root': {
      const sum = reducedOver(ctx, 'sumOfSquares', x, axes, keep, '/sum');
      return ctx.emit({ kind: 'activation', fn: { type: 'sqrt' } }, [sum], sum.shape, suffix);
    }
  }
}
