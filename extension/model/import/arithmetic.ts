import { say } from '../../common/errors/sentence.ts';
import { NO_CLAMP } from '../graph.ts';
import { broadcastOffsets, broadcastShape } from '../indexing.ts';
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

/** a - b of the first two operands, as a + (-1)·b. */
export function difference(ctx: OperatorContext, suffix = ''): Operand {
  const integers = onIntegers(ctx, (a, b) => a - b);
  if (integers) return integers;
  const b = ctx.real(1);
  return binary(ctx, 'add', ctx.real(0), binary(ctx, 'mul', b, scalar(-1), '/negated'), suffix);
}

/** a / b of the first two operands for constant b, as a · (1 / b). */
export function quotient(ctx: OperatorContext, suffix = ''): Operand {
  const integers = onIntegers(ctx, (a, b) => {
    if (b === 0) ctx.refuse(say`divides an integer by zero`);
    return Math.trunc(a / b);
  });
  if (integers) return integers;
  const b = ctx.real(1);
  if (b.kind !== 'float') ctx.refuse(say`divides by a computed tensor; only constant divisors are supported`);
  if (b.data.includes(0)) ctx.refuse(say`divides by zero`);
  return binary(ctx, 'mul', ctx.real(0), { ...b, data: b.data.map((v) => 1 / v) }, suffix);
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

export function binary(ctx: OperatorContext, kind: 'add' | 'mul', a: Real, b: Real, suffix = ''): Real {
  return ctx.emit({ kind, clamp: NO_CLAMP }, [a, b], common(ctx, a.shape, b.shape), suffix);
}

function common(ctx: OperatorContext, a: readonly number[], b: readonly number[]): number[] {
  const shape = broadcastShape(a, b);
  if (!shape) ctx.refuse(say`cannot combine [${a}] with [${b}]`);
  return shape;
}

/** Shape arithmetic: the result when both operands are integers, undefined when neither is. */
function onIntegers(ctx: OperatorContext, fn: (a: number, b: number) => number): IntConstant | undefined {
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
