import { elements } from '../../model/graph.ts';
import { singleWindow, tapCounts, type Window } from '../../model/window.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import { precisionOf, type QuantizedValue } from '../quantizedGraph.ts';
import type { Requant } from '../requantize.ts';
import { limits } from '../schemas.ts';
import { IDENTITY } from './elementwiseInts.ts';
import { type Multiplier, quantizeMultiplier } from './fixedPoint.ts';
import { emitRescale } from './int16.ts';
import { checkedChannel, importedOf, type TfliteLowering } from './lowering.ts';
import { requireSame } from './move.ts';
import { average } from './requant.ts';

/** AVERAGE_POOL_2D: sums of the numbers as they are, divided by how many of them lie on the map. */
export function averagePool(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'AVERAGE_POOL_2D'>,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node, options.activation);
  requireSame(node, x, y);
  const window = windowOf(lowering, node, 'avgpool');
  const size = ([, h, w]: readonly number[]): [number, number] => [h!, w!];
  const counts = tapCounts(window, size(x.shape), size(y.shape));
  const requantByCount = new Map([...counts].map((n): [number, Requant] => [n, average(n, precisionOf(x))]));
  lowering.emit(node, [x], y, {
    kind: 'avgpool',
    ...window,
    countIncludePad: false,
    isRaw: true,
    requantByCount,
    lo: y.lo,
    hi: y.hi,
  });
}

export function maxPool(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'MAX_POOL_2D'>,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node, options.activation);
  requireSame(node, x, y);
  const window = windowOf(lowering, node, 'maxpool');
  saturated(lowering, node, y, (v) => lowering.emit(node, [x], v, { kind: 'maxpool', ...window }));
}

/** The window of the graph of real numbers. */
function windowOf(lowering: TfliteLowering, node: TfliteNode, kind: 'avgpool' | 'maxpool'): Window {
  const { kernel, strides, dilations, pads } = importedOf(lowering, node, kind);
  return { kernel, strides, dilations, pads };
}

/** A node that cannot saturate by itself, with a table behind it where an activation is fused into it. */
function saturated(
  lowering: TfliteLowering,
  node: TfliteNode,
  y: QuantizedValue,
  compute: (y: QuantizedValue) => QuantizedValue,
): void {
  const { qmin: lo, qmax: hi } = limits(precisionOf(y));
  if (y.lo === lo && y.hi === hi) {
    compute(y);
    return;
  }
  const whole = compute(lowering.inner(node, 'whole', { ...y, lo, hi }));
  if (y.type === 'int16') {
    emitRescale(lowering, node, whole, y, 'clip', { above: IDENTITY });
    return;
  }
  const table = Int8Array.from({ length: 256 }, (_, i) => Math.min(y.hi, Math.max(y.lo, i - 128)));
  lowering.emit(node, [whole], y, { kind: 'lookup', function: 'clip', table });
}

/** MEAN and SUM over constant axes: the sum without zero points, requantized once. */
export function mean(isMean: boolean) {
  return (lowering: TfliteLowering, node: TfliteNode): void => {
    const x = lowering.operand(node, 0);
    const y = lowering.result(node);
    const { map, count } = reducedAsMap(lowering, node, x);
    const scale = quantizeMultiplier(x.scale / y.scale);
    const multiplier = isMean ? dividedBy(scale, count) : scale;
    const range = { min: count * (x.lo - x.offset), max: count * (x.hi - x.offset) };
    const channel = checkedChannel(node, { ...range, ...multiplier }, precisionOf(y));
    const requant = lowering.requants([channel], y)[0]!;
    const spec = {
      kind: 'avgpool',
      ...singleWindow(map.shape[1]!, map.shape[2]!),
      countIncludePad: false,
      requantByCount: new Map([[count, requant]]),
      ...{ lo: y.lo, hi: y.hi },
    } as const;
    reduced(lowering, node, map, y, (v) => lowering.emit(node, [map], v, spec));
  };
}

/** REDUCE_MAX over constant axes: the largest number as it is. */
export function reduceMax(lowering: TfliteLowering, node: TfliteNode): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireSame(node, x, y);
  const { map } = reducedAsMap(lowering, node, x);
  const window = singleWindow(map.shape[1]!, map.shape[2]!);
  reduced(lowering, node, map, y, (v) => lowering.emit(node, [map], v, { kind: 'maxpool', ...window }));
}

/** REDUCE_MIN over constant axes: the largest of the numbers the other way round, turned back. */
export function reduceMin(lowering: TfliteLowering, node: TfliteNode): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireSame(node, x, y);
  const table = Int8Array.from({ length: 256 }, (_, i) => 127 - i);
  const turned = { kind: 'lookup', function: 'turned', table } as const;
  const { map } = reducedAsMap(lowering, node, x);
  const window = singleWindow(map.shape[1]!, map.shape[2]!);
  const other = lowering.emit(node, [map], lowering.inner(node, 'turned', map), turned);
  reduced(lowering, node, map, y, (v) => {
    const most = lowering.inner(node, 'most', v);
    lowering.emit(node, [other], most, { kind: 'maxpool', ...window });
    return lowering.emit(node, [most], v, turned);
  });
}

/** `QuantizedMeanOrSum`: the division goes into the multiplier (tensorflow/lite/kernels/internal/reference/reduce.h). */
function dividedBy({ multiplier, shift }: Multiplier, count: number): Multiplier {
  const bits = Math.min(Math.floor(Math.log2(count)), 32, 31 + shift);
  return { multiplier: Number((BigInt(multiplier) << BigInt(bits)) / BigInt(count)), shift: shift - bits };
}

/** The reduced axes as height and width of a map, everything else as its channels. */
function reducedAsMap(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
): { map: QuantizedValue; count: number } {
  const rank = x.shape.length;
  const axes = new Set(Array.from(lowering.integers(node, 1), (a) => (a < 0 ? a + rank : a)));
  const reduced = x.shape.map((_, k) => k).filter((k) => axes.has(k));
  const kept = x.shape.map((_, k) => k).filter((k) => !axes.has(k));
  const perm = [...reduced, ...kept];
  const count = reduced.reduce((n, k) => n * x.shape[k]!, 1);
  const size = reduced.length === 2 ? reduced.map((k) => x.shape[k]!) : [1, count];
  const shape = [1, ...size, elements(x.shape) / count];
  // [1, H, W, C] over H and W stays as it is
  if (perm.filter((k) => x.shape[k] !== 1).every((k, i, list) => i === 0 || k > list[i - 1]!)) {
    return { map: lowering.reshaped(node, x, shape, 'map'), count };
  }
  const front = lowering.inner(node, 'front', { ...x, shape: perm.map((k) => x.shape[k]!) });
  lowering.emit(node, [x], front, { kind: 'transpose', perm });
  return { map: lowering.reshaped(node, front, shape, 'map'), count };
}

/** The one pixel that is left, in the result's shape. */
function reduced(
  lowering: TfliteLowering,
  node: TfliteNode,
  map: QuantizedValue,
  y: QuantizedValue,
  compute: (y: QuantizedValue) => QuantizedValue,
): void {
  const shape = [1, 1, 1, map.shape[3]!];
  if (y.shape.join() === shape.join()) {
    compute(y);
    return;
  }
  const pixel = compute(lowering.inner(node, 'pixel', { ...y, shape }));
  lowering.emit(node, [pixel], y, { kind: 'reshape' });
}
