import { say } from '../../../common/errors/sentence.ts';
import { binary } from '../../import/arithmetic.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

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
