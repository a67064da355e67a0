import { say } from '../../../common/errors/sentence.ts';
import { activated, logSoftmaxOver } from '../../import/activation.ts';
import { binary } from '../../import/arithmetic.ts';
import { normalized } from '../../import/normalize.ts';
import { scalar } from '../../import/operand.ts';
import type { Operand } from '../../import/operand.ts';
import type { OperatorImporter, TfliteContext } from './context.ts';
import { withActivation } from './fused.ts';
import { rangeOf } from './network.ts';

/** ADD, SUB, MUL and DIV with their fused activations. @param compute of import/arithmetic.ts */
export function arithmetic(
  compute: (ctx: TfliteContext, suffix: string) => Operand,
): OperatorImporter<'ADD' | 'SUB' | 'MUL' | 'DIV'> {
  return (ctx) => withActivation(ctx, ctx.options.activation, (suffix) => compute(ctx, suffix));
}

export function leakyRelu(ctx: TfliteContext<'LEAKY_RELU'>): Operand {
  const { alpha } = ctx.options;
  if (!Number.isFinite(alpha)) ctx.refuse(say`has alpha ${alpha}`);
  return activated(ctx, ctx.real(0), { type: 'leakyRelu', alpha });
}

export function gelu(ctx: TfliteContext<'GELU'>): Operand {
  return activated(ctx, ctx.real(0), { type: ctx.options.approximate ? 'geluTanh' : 'gelu' });
}

/** SOFTMAX over the last axis, of beta · x. */
export function softmax(ctx: TfliteContext<'SOFTMAX'>): Operand {
  const x = ctx.real(0);
  const { beta } = ctx.options;
  if (!Number.isFinite(beta)) ctx.refuse(say`has beta ${beta}`);
  if (x.shape.length === 0) ctx.refuse(say`works on a scalar`);
  const scaled = beta === 1 ? x : binary(ctx, 'mul', x, scalar(beta), '/beta');
  return ctx.emit({ kind: 'softmax' }, [scaled], x.shape);
}

/** LOG_SOFTMAX over the last axis. */
export function logSoftmax(ctx: TfliteContext): Operand {
  const x = ctx.real(0);
  if (x.shape.length === 0) ctx.refuse(say`works on a scalar`);
  return logSoftmaxOver(ctx, x, x.shape.length - 1);
}

/** What the square of a length is at least, before something is divided by it. */
const LEAST_SQUARE = 1e-12;

/** L2_NORMALIZATION over the last axis. */
export function l2Normalization(ctx: TfliteContext<'L2_NORMALIZATION'>): Operand {
  const x = ctx.real(0);
  if (x.shape.length === 0) ctx.refuse(say`works on a scalar`);
  const how = { axes: [x.shape.length - 1], centred: false, averaged: false, epsilon: LEAST_SQUARE };
  return withActivation(ctx, ctx.options.activation, (suffix) => normalized(ctx, x, how, {}, suffix));
}

/** DEQUANTIZE of constants, which are real numbers already, and of a network's input. */
export function dequantize(ctx: TfliteContext): Operand {
  return ctx.real(0);
}

/** QUANTIZE of a network's output: what the integers cannot hold is cut off, and nothing rounded. */
export function quantize(ctx: TfliteContext): Operand {
  const x = ctx.real(0);
  const range = ctx.node.result && rangeOf(ctx.node.result);
  return range ? activated(ctx, x, { type: 'clip', ...range }) : x;
}

/** DENSIFY of constants, which are dense already. */
export function densify(ctx: TfliteContext): Operand {
  return ctx.floats(0, say`sparse weights`);
}

/** CAST between integers of the model, and from them to float32; positions stay whole numbers, whatever they are called. */
export function cast(ctx: TfliteContext): Operand {
  const x = ctx.operand(0);
  if (x.kind === 'positions') return x;
  const to = ctx.node.result?.type;
  if (to === 'FLOAT32') {
    return x.kind === 'int' ? { kind: 'float', shape: x.shape, data: Float32Array.from(x.data) } : x;
  }
  if (to !== 'INT32' && to !== 'INT64') {
    ctx.refuse(say`converts to ${to ?? say`nothing`}; FLOAT32, and constant INT32 and INT64 are supported`);
  }
  if (x.kind === 'value')
    ctx.refuse(say`converts a computed tensor to ${to ?? say`nothing`}; only float32 tensors flow`);
  return { kind: 'int', shape: x.shape, data: Array.from(x.data, Math.trunc) };
}
