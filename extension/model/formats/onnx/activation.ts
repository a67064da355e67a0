import { say } from '../../../common/errors/sentence.ts';
import { activated, hardSigmoidOf, overLast } from '../../import/activation.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** The largest finite float32. */
const FLOAT_MAX = 3.4028234663852886e38;

export function relu(ctx: OnnxContext): Operand {
  return activated(ctx, ctx.real(0), { type: 'clip', min: 0, max: Infinity });
}

/** Clip: limits are attributes before opset 11, constant inputs from then on. */
export function clip(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const asInputs = ctx.opset >= 11;
  const min =
    (asInputs ? ctx.optionalScalar(1, say`the lower limit`) : ctx.float('min', -Infinity)) ?? -Infinity;
  const max =
    (asInputs ? ctx.optionalScalar(2, say`the upper limit`) : ctx.float('max', Infinity)) ?? Infinity;
  if (Number.isNaN(min) || Number.isNaN(max)) ctx.refuse(say`has a limit that is not a number`);
  // Exporters write float32's largest number for "no limit".
  const low = min <= -FLOAT_MAX ? -Infinity : min;
  const high = max >= FLOAT_MAX ? Infinity : max;
  if (low > FLOAT_MAX || high < -FLOAT_MAX) ctx.refuse(say`has a limit that leaves no finite number`);
  // ONNX: min(max, max(min, x)), so the upper limit wins when they cross.
  return activated(ctx, x, { type: 'clip', min: Math.min(low, high), max: high });
}

export function leakyRelu(ctx: OnnxContext): Operand {
  return activated(ctx, ctx.real(0), { type: 'leakyRelu', alpha: finite(ctx, 'alpha', 0.01) });
}

export function elu(ctx: OnnxContext): Operand {
  return activated(ctx, ctx.real(0), { type: 'elu', alpha: finite(ctx, 'alpha', 1) });
}

export function celu(ctx: OnnxContext): Operand {
  const alpha = finite(ctx, 'alpha', 1);
  if (alpha === 0) ctx.refuse(say`has alpha ${alpha}`);
  return activated(ctx, ctx.real(0), { type: 'celu', alpha });
}

/** Constants of float32, as the operator's definition has them. */
const SELU = { alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875 } as const;

export function selu(ctx: OnnxContext): Operand {
  const [alpha, gamma] = [finite(ctx, 'alpha', SELU.alpha), finite(ctx, 'gamma', SELU.gamma)];
  return activated(ctx, ctx.real(0), { type: 'selu', alpha, gamma });
}

export function thresholdedRelu(ctx: OnnxContext): Operand {
  return activated(ctx, ctx.real(0), { type: 'thresholdedRelu', alpha: finite(ctx, 'alpha', 1) });
}

export function shrink(ctx: OnnxContext): Operand {
  const [lambda, bias] = [finite(ctx, 'lambd', 0.5), finite(ctx, 'bias', 0)];
  return activated(ctx, ctx.real(0), { type: 'shrink', lambda, bias });
}

export function gelu(ctx: OnnxContext): Operand {
  const approximate = ctx.string('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') ctx.refuse(say`is approximated by '${approximate}'`);
  return activated(ctx, ctx.real(0), { type: approximate === 'tanh' ? 'geluTanh' : 'gelu' });
}

function finite(ctx: OnnxContext, name: string, fallback: number): number {
  const value = ctx.float(name, fallback);
  if (!Number.isFinite(value)) ctx.refuse(say`has ${name} ${value}`);
  return value;
}

/** max(0, min(1, alpha·x + beta)) */
export function hardSigmoid(ctx: OnnxContext): Operand {
  return hardSigmoidOf(ctx, ctx.real(0), ctx.float('alpha', 0.2), ctx.float('beta', 0.5), '');
}

/** Softmax and LogSoftmax: over one axis from opset 13 on; before, over all dimensions from `axis` to the last together. */
export function softmax(kind: 'softmax' | 'logSoftmax'): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const x = ctx.real(0);
    const rank = x.shape.length;
    const coerced = ctx.opset < 13;
    const axis = ctx.axis(ctx.int('axis', coerced ? 1 : -1), rank);
    if (coerced && axis !== rank - 1) {
      const split = (a: number, b: number) => x.shape.slice(a, b).reduce((n, d) => n * d, 1);
      const flat = ctx.reshape(x, [split(0, axis), split(axis, rank)], '/rows');
      return ctx.reshape(ctx.emit({ kind }, [flat], flat.shape, '/softmax'), x.shape);
    }
    return overLast(ctx, x, [axis], { kind });
  };
}
