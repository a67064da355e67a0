import { say } from '../../common/errors/sentence.ts';
import type { PairFunction } from '../functions.ts';
import { NO_CLAMP } from '../graph.ts';
import { broadcastOffsets, broadcastShape, sameShape } from '../indexing.ts';
import { activated, powered } from './activation.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import { scalar } from './operand.ts';
import type { IntConstant, Operand, Real } from './operand.ts';

/** a + b of the first two operands, real or integer. */
export function sum(ctx: OperatorContext, suffix = ''): Operand {
  return onIntegers(ctx, (a, b) => a + b) ?? binary(ctx, 'add', ctx.real(0), ctx.real(1), suffix);
}

/** a · b of the first two operands, real or integer. */
export function product(ctx: OperatorContext, suffix = ''): Operand {
  return onIntegers(ctx, (a, b) => a * b) ?? binary(ctx, 'mul', ctx.real(0), ctx.real(1), suffix);
}

/** a - b of the first two operands, real or integer. */
export function difference(ctx: OperatorContext, suffix = ''): Operand {
  return onIntegers(ctx, (a, b) => a - b) ?? differenceOf(ctx, ctx.real(0), ctx.real(1), suffix);
}

/** a - b; a constant is added with the other sign, so that passes can fold it. */
export function differenceOf(ctx: OperatorContext, a: Real, b: Real, suffix = ''): Real {
  if (b.kind === 'float') return binary(ctx, 'add', a, { ...b, data: b.data.map((v) => -v) }, suffix);
  if (a.kind === 'value') return binary(ctx, 'sub', a, b, suffix);
  return binary(ctx, 'add', a, binary(ctx, 'mul', b, scalar(-1), '/negated'), suffix);
}

/** a / b of the first two operands, real or integer; by a constant as a · (1 / b). */
export function quotient(ctx: OperatorContext, suffix = ''): Operand {
  const integers = onIntegers(ctx, (a, b) => {
    if (b === 0) ctx.refuse(say`divides an integer by zero`);
    return Math.trunc(a / b);
  });
  if (integers) return integers;
  const [a, b] = [ctx.real(0), ctx.real(1)];
  if (b.kind === 'float') {
    if (b.data.includes(0)) ctx.refuse(say`divides by zero`);
    return binary(ctx, 'mul', a, { ...b, data: b.data.map((v) => 1 / v) }, suffix);
  }
  if (a.kind === 'value' || a.data.length !== 1) return binary(ctx, 'div', a, b, suffix);
  return binary(ctx, 'mul', a, activated(ctx, b, { type: 'reciprocal' }, '/reciprocal'), suffix);
}

/** The greater or the smaller of all operands, real or integer, element by element. */
export function extremeOfAll(kind: 'max' | 'min'): (ctx: OperatorContext) => Operand {
  return (ctx) => {
    const integers = ctx.inputs.length === 2 ? onIntegers(ctx, Math[kind]) : undefined;
    if (integers) return integers;
    const last = ctx.inputs.length - 1;
    let result = ctx.real(0);
    for (let k = 1; k <= last; k++) {
      result = extremeOf(ctx, kind, result, ctx.real(k), k < last ? `/${kind}_${k}` : '');
    }
    return result;
  };
}

/** The greater or the smaller of two; of a tensor and one number it is a clip. */
function extremeOf(ctx: OperatorContext, kind: 'max' | 'min', a: Real, b: Real, suffix = ''): Real {
  const [x, limit] = b.kind === 'float' ? [a, b] : [b, a];
  const isScalar = limit.kind === 'float' && limit.data.length === 1 && limit.shape.length <= x.shape.length;
  if (!isScalar || x.kind === 'float' || !Number.isFinite(limit.data[0]))
    return binary(ctx, kind, a, b, suffix);
  const clip =
    kind === 'max' ? { min: limit.data[0]!, max: Infinity } : { min: -Infinity, max: limit.data[0]! };
  return activated(ctx, x, { type: 'clip', ...clip }, suffix);
}

/**
 * x, where it is below zero times a slope.
 * @param slope broadcasts to the shape of x
 */
export function sloped(ctx: OperatorContext, x: Real, slope: Real): Real {
  if (!sameShape(broadcastShape(slope.shape, x.shape) ?? [], x.shape)) {
    ctx.refuse(say`has slopes [${slope.shape}] for a tensor [${x.shape}]`);
  }
  if (slope.kind === 'float' && x.kind === 'value' && slope.data.every((v) => v === slope.data[0])) {
    const alpha = slope.data[0]!;
    if (!Number.isFinite(alpha)) ctx.refuse(say`has a slope of ${alpha}`);
    return activated(ctx, x, { type: 'leakyRelu', alpha });
  }
  return binary(ctx, 'prelu', x, slope);
}

/** The first two operands' (a - b)². */
export function squaredDifference(ctx: OperatorContext): Operand {
  return powered(ctx, differenceOf(ctx, ctx.real(0), ctx.real(1), '/difference'), 2);
}

/** The sum of all operands, one after the other as runtimes add them; one alone is passed on. */
export function sumOfAll(ctx: OperatorContext): Operand {
  const last = ctx.inputs.length - 1;
  let total = ctx.real(0);
  for (let k = 1; k <= last; k++) {
    total = binary(ctx, 'add', total, ctx.real(k), k < last ? `/sum_${k}` : '');
  }
  return total;
}

/** Two operands element by element, broadcast to each other. */
export function binary(ctx: OperatorContext, kind: PairFunction, a: Real, b: Real, suffix = ''): Real {
  return ctx.emit({ kind, clamp: NO_CLAMP }, [a, b], common(ctx, a.shape, b.shape), suffix);
}

/** The shape that both broadcast to. */
export function common(ctx: OperatorContext, a: readonly number[], b: readonly number[]): number[] {
  const shape = broadcastShape(a, b);
  if (!shape) ctx.refuse(say`cannot combine [${a}] with [${b}]`);
  return shape;
}

/** Shape arithmetic of the first two operands: the result when both are integers, undefined when neither is. */
export function onIntegers(
  ctx: OperatorContext,
  fn: (a: number, b: number) => number,
): IntConstant | undefined {
  const a = ctx.operand(0);
  const b = ctx.operand(1);
  if (a.kind !== 'int' && b.kind !== 'int') return undefined;
  if (a.kind !== 'int' || b.kind !== 'int') ctx.refuse(say`mixes integers with real numbers`);
  const shape = common(ctx, a.shape, b.shape);
  checkedElements(shape, say`A tensor of integers`);
  const ia = broadcastOffsets(a.shape, shape);
  const ib = broadcastOffsets(b.shape, shape);
  return { kind: 'int', shape, data: Array.from(ia, (p, i) => fn(a.data[p]!, b.data[ib[i]!]!)) };
}
