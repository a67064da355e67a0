import { say, type Sentence } from '../../../../common/errors/sentence.ts';
import type { ActivationFunction } from '../../../functions.ts';
import { NO_CLAMP } from '../../../graph.ts';
import { hardSigmoidOf, logSoftmaxOver, powered, softmaxOver } from '../../../import/activation.ts';
import { sloped } from '../../../import/arithmetic.ts';
import { type Operand, type Real, scalar } from '../../../import/operand.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { field, type JsonObject } from '../json.ts';

type Apply = (ctx: KerasContext, x: Real) => Real;

function of(fn: ActivationFunction): Apply {
  return (ctx, x) => ctx.emit({ kind: 'activation', fn }, [x], x.shape);
}

function hardSigmoid(ctx: KerasContext, x: Real): Real {
  return ctx.version >= 3 ? hardSigmoidOf(ctx, x, 1 / 6, 0.5, '') : hardSigmoidOf(ctx, x, 0.2, 0.5, '');
}

/** SELU's constants, as Keras has them. */
const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 } as const;

/** Activations by the names that Keras has for them; `hard_sigmoid` is another function from Keras 3 on. */
const ACTIVATIONS: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['linear', (_, x) => x],
  ['relu', of({ type: 'clip', min: 0, max: Infinity })],
  ['relu6', of({ type: 'clip', min: 0, max: 6 })],
  ['leaky_relu', of({ type: 'leakyRelu', alpha: 0.2 })],
  ['sigmoid', of({ type: 'sigmoid' })],
  ['tanh', of({ type: 'tanh' })],
  ['hard_tanh', of({ type: 'clip', min: -1, max: 1 })],
  ['hard_sigmoid', hardSigmoid],
  ['hard_silu', of({ type: 'hardSwish' })],
  ['hard_swish', of({ type: 'hardSwish' })],
  ['silu', of({ type: 'silu' })],
  ['swish', of({ type: 'silu' })],
  ['elu', of({ type: 'elu', alpha: 1 })],
  ['selu', of({ type: 'selu', ...SELU })],
  ['celu', of({ type: 'celu', alpha: 1 })],
  ['gelu', of({ type: 'gelu' })],
  ['mish', of({ type: 'mish' })],
  ['exponential', of({ type: 'exp' })],
  ['softplus', of({ type: 'softplus' })],
  ['softsign', of({ type: 'softsign' })],
  ['squareplus', of({ type: 'squareplus' })],
  ['log_sigmoid', of({ type: 'logSigmoid' })],
  ['tanh_shrink', of({ type: 'tanhShrink' })],
  ['soft_shrink', of({ type: 'shrink', lambda: 0.5, bias: 0.5 })],
  ['hard_shrink', of({ type: 'shrink', lambda: 0.5, bias: 0 })],
  ['sparse_plus', of({ type: 'sparsePlus' })],
  ['sparse_sigmoid', (ctx, x) => hardSigmoidOf(ctx, x, 0.5, 0.5, '')],
  ['log_softmax', (ctx, x) => logSoftmaxOver(ctx, x, x.shape.length - 1)],
  ['softmax', (ctx, x) => softmaxOver(ctx, x, x.shape.length - 1)],
]);

/** The names of all activations. */
export const activationNames: readonly string[] = [...ACTIVATIONS.keys()];

/** Why an Activation layer cannot be computed; undefined when it can. */
export function activationProblem({ config }: { readonly config: JsonObject }): Sentence | undefined {
  const name = field(config, 'activation');
  if (typeof name !== 'string') return say`its function is no name`;
  return ACTIVATIONS.has(name) ? undefined : say`its function ${name} is not computed`;
}

/** Activation, by its function's name. */
export function activation(ctx: KerasContext): Operand {
  return ACTIVATIONS.get(ctx.string('activation', 'linear'))!(ctx, ctx.input);
}

/** A function of its own class or operation. */
export function named(name: string): LayerImporter {
  return (ctx) => ACTIVATIONS.get(name)!(ctx, ctx.input);
}

/** x to a power. */
export function toPower(exponent: number): LayerImporter {
  return (ctx) => powered(ctx, ctx.input, exponent);
}

/** A function of an operation of Keras, which has no name among the activations. */
export function functionOf(fn: ActivationFunction): LayerImporter {
  return (ctx) => of(fn)(ctx, ctx.input);
}

/** ReLU with a limit, a threshold and a slope below it. */
export function relu(ctx: KerasContext): Operand {
  const x = ctx.input;
  const slope = ctx.number('negative_slope', 0);
  const max = ctx.optionalNumber('max_value') ?? Infinity;
  const threshold = ctx.number('threshold', 0);
  if (max < 0) ctx.refuse(say`has a max_value of ${max}`);
  if (threshold === 0 && slope === 0) return of({ type: 'clip', min: 0, max })(ctx, x);
  if (threshold === 0 && max === Infinity) return of({ type: 'leakyRelu', alpha: slope })(ctx, x);
  return of({ type: 'relu', threshold, slope, max })(ctx, x);
}

/** LeakyReLU; its slope is called alpha before Keras 3. */
export function leakyRelu(ctx: KerasContext): Operand {
  const alpha = ctx.optionalNumber('negative_slope') ?? ctx.number('alpha', 0.3);
  return of({ type: 'leakyRelu', alpha })(ctx, ctx.input);
}

/** ELU, of one parameter. */
export function elu(ctx: KerasContext): Operand {
  return of({ type: 'elu', alpha: ctx.number('alpha', 1) })(ctx, ctx.input);
}

/** ThresholdedReLU of Keras 2: x above theta, else 0. */
export function thresholdedRelu(ctx: KerasContext): Operand {
  return of({ type: 'thresholdedRelu', alpha: ctx.number('theta', 1) })(ctx, ctx.input);
}

/** PReLU: a learned slope for each element, or shared along some axes; max(x, 0) + slope · min(x, 0). */
export function prelu(ctx: KerasContext): Operand {
  const x = ctx.input;
  const shared = new Set(ctx.numbers('shared_axes') ?? []);
  const shape = x.shape.slice(1).map((d, k) => (shared.has(k + 1) ? 1 : d));
  const [slopes] = ctx.weights([shape]);
  return sloped(ctx, x, ctx.constant([1, ...shape], slopes!));
}

/** Softmax over one axis. */
export function softmax(ctx: KerasContext): Operand {
  const x = ctx.input;
  const axes = ctx.numbers('axis') ?? [-1];
  if (axes.length !== 1) ctx.refuse(say`is over ${axes.length} axes together; one is supported`);
  const axis = ctx.axis(axes[0]!, x.shape.length);
  if (axis === 0) ctx.refuse(say`is over the batch`);
  return softmaxOver(ctx, x, axis);
}

/** Rescaling: x · scale + offset. */
export function rescaling(ctx: KerasContext): Operand {
  const x = ctx.input;
  const channels = x.shape.at(-1)!;
  const perChannel = (name: string, fallback: number) => {
    const list = ctx.numbers(name) ?? [fallback];
    if (list.length !== 1 && list.length !== channels) {
      ctx.refuse(say`has ${list.length} numbers for ${name}; one, or ${channels}, are needed`);
    }
    return list.length === 1 ? scalar(list[0]!) : ctx.constant([channels], Float32Array.from(list));
  };
  const scaled = ctx.emit({ kind: 'mul', clamp: NO_CLAMP }, [x, perChannel('scale', 1)], x.shape, '/scaled');
  return ctx.emit({ kind: 'add', clamp: NO_CLAMP }, [scaled, perChannel('offset', 0)], x.shape);
}
