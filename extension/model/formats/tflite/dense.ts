import { say } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import { linear } from '../../import/linear.ts';
import type { Operand } from '../../import/operand.ts';
import type { TfliteContext } from './context.ts';
import { biasOf } from './conv.ts';
import { withActivation } from './fused.ts';

/**
 * FULLY_CONNECTED: the input, of whatever rank, is read as rows as long as the weights' [outputs, inputs]. The result is
 * [rows, outputs], or keeps the input's dimensions but the last.
 */
export function fullyConnected(ctx: TfliteContext<'FULLY_CONNECTED'>): Operand {
  const { activation, weightsFormat, keepDims } = ctx.options;
  if (weightsFormat !== 'DEFAULT')
    ctx.refuse(say`has weights in the order ${weightsFormat}, which is not read`);
  const x = ctx.real(0);
  const w = ctx.floats(1, say`the weights`);
  if (w.shape.length !== 2) ctx.refuse(say`has weights of ${w.shape.length} dimensions; 2 are needed`);
  const [outputs, inputs] = w.shape as [number, number];
  const rows = elements(x.shape) / inputs;
  if (!Number.isInteger(rows) || (keepDims && x.shape.at(-1) !== inputs)) {
    ctx.refuse(say`multiplies [${x.shape}] by weights for rows of ${inputs}`);
  }
  const bias = biasOf(ctx, outputs);
  const shape = keepDims ? [...x.shape.slice(0, -1), outputs] : [rows, outputs];
  return withActivation(ctx, activation, (suffix) => {
    const matrix = ctx.reshape(x, [rows, inputs], '/rows');
    return linear(ctx, matrix, { data: w.data, outputs, inputs }, bias, shape, suffix);
  });
}
