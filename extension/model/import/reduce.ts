import { NO_PADS } from '../window.ts';
import type { OperatorContext } from './context.ts';
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
 * The mean or maximum over any axes but the batch: a pooling over the reduced axes, one channel per kept element.
 * @param given the axes; negative ones count from the end
 * @param suffix of the result
 */
export function pooledOver(
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
