import { say } from '../../../common/errors/sentence.ts';
import { batchNormalized } from '../../import/affine.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

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
  return batchNormalized(ctx, x, 1, { scale, offset, mean, variance, epsilon: ctx.float('epsilon', 1e-5) });
}
