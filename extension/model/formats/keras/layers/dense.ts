import { say } from '../../../../common/errors/sentence.ts';
import { linear, outputsFirst } from '../../../import/linear.ts';
import type { Operand } from '../../../import/operand.ts';
import type { KerasContext } from '../context.ts';

/** Dense: its kernel is [inputs, units] and takes the last axis; the others are samples of their own. */
export function dense(ctx: KerasContext): Operand {
  const x = ctx.input;
  const inputs = x.shape.at(-1);
  if (inputs === undefined || x.shape.length < 2) {
    ctx.refuse(say`works on a tensor of ${x.shape.length} dimensions; 2 or more are needed`);
  }
  const [units] = ctx.sizes('units', 1, 1) as [number];
  const useBias = ctx.bool('use_bias', true);
  const [kernel, bias] = ctx.weights([[inputs, units], ...(useBias ? [[units]] : [])]);
  const weights = outputsFirst(ctx.constant([inputs, units], kernel!), false);
  return linear(ctx, x, weights, bias ?? new Float32Array(units), [...x.shape.slice(0, -1), units], '');
}
