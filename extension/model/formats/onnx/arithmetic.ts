import { NO_CLAMP } from '../../graph.ts';
import { say } from '../../../common/errors/sentence.ts';
import { broadcastOffsets, broadcastShape } from '../../indexing.ts';
import { checkedElements } from '../../import/checks.ts';
import { scalar } from '../../import/operand.ts';
import type { IntConstant, Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

export function add(ctx: OnnxContext): Operand {
  return onIntegers(ctx, (a, b) => a + b) ?? binary(ctx, 'add', ctx.real(0), ctx.real(1));
}

export function mul(ctx: OnnxContext): Operand {
  return onIntegers(ctx, (a, b) => a * b) ?? binary(ctx, 'mul', ctx.real(0), ctx.real(1));
}

/** a - b as a + (-1)·b. */
export function sub(ctx: OnnxContext): Operand {
  const integers = onIntegers(ctx, (a, b) => a - b);
  if (integers) return integers;
  const b = ctx.real(1);
  return binary(ctx, 'add', ctx.real(0), binary(ctx, 'mul', b, scalar(-1), '/negated'));
}

/** The sum of any number of tensors, one after the other as onnxruntime adds them; one alone is passed on. */
export function sum(ctx: OnnxContext): Operand {
  const last = ctx.inputs.length - 1;
  let total = ctx.real(0);
  for (let k = 1; k <= last; k++) {
    total = binary(ctx, 'add', total, ctx.real(k), k < last ? `/sum_${k}` : '');
  }
  return total;
}

/** a / b for constant b, as a · (1 / b). */
export function div(ctx: OnnxContext): Operand {
  const integers = onIntegers(ctx, (a, b) => {
    if (b === 0) ctx.refuse(say`divides an integer by zero`);
    return Math.trunc(a / b);
  });
  if (integers) return integers;
  const b = ctx.real(1);
  if (b.kind !== 'float') ctx.refuse(say`divides by a computed tensor; only constant divisors are supported`);
  if (b.data.includes(0)) ctx.refuse(say`divides by zero`);
  return binary(ctx, 'mul', ctx.real(0), { ...b, data: b.data.map((v) => 1 / v) });
}

function binary(ctx: OnnxContext, kind: 'add' | 'mul', a: Real, b: Real, suffix = ''): Real {
  return ctx.emit({ kind, clamp: NO_CLAMP }, [a, b], common(ctx, a.shape, b.shape), suffix);
}

function common(ctx: OnnxContext, a: readonly number[], b: readonly number[]): number[] {
  const shape = broadcastShape(a, b);
  if (!shape) ctx.refuse(say`cannot combine [${a}] with [${b}]`);
  return shape;
}

/** Shape arithmetic: the result when both operands are integers, undefined when neither is. */
function onIntegers(ctx: OnnxContext, fn: (a: number, b: number) => number): IntConstant | undefined {
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

/**
 * BatchNormalization in inference form, (x - mean) / sqrt(variance + epsilon) · scale + offset, as a multiplication and
 * an addition per channel; passes fold them into a neighbouring layer.
 */
export function batchNormalization(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const channels = x.shape[1];
  if (channels === undefined) ctx.refuse(say`works on a tensor without channels`);
  if (ctx.int('training_mode', 0) !== 0 || [1, 2, 3, 4].some((k) => ctx.outputUsed(k))) {
    ctx.refuse(say`is in training mode`, say`Export the model in evaluation mode.`);
  }
  if (ctx.opset < 9 && ctx.int('spatial', 1) === 0)
    ctx.refuse(say`normalizes every element by itself (spatial=0)`);
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((k) => {
    const { data } = ctx.floats(k, say`its parameters`);
    if (data.length !== channels) ctx.refuse(say`has ${data.length} parameters for ${channels} channels`);
    return data;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const epsilon = ctx.float('epsilon', 1e-5);
  const factor = variance.map((v, c) => scale[c]! / Math.sqrt(v + epsilon));
  const rest = factor.map((f, c) => offset[c]! - mean[c]! * f);
  if (![...factor, ...rest].every(Number.isFinite))
    ctx.refuse(say`has parameters that do not give finite numbers`);
  const shape = [1, channels, ...x.shape.slice(2).map(() => 1)];
  const scaled = binary(ctx, 'mul', x, { kind: 'float', shape, data: factor }, '/scaled');
  return binary(ctx, 'add', scaled, { kind: 'float', shape, data: rest });
}
