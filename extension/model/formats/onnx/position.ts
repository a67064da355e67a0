import { positionsOf } from '../../import/position.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** ArgMax and ArgMin. */
export function position(of: 'max' | 'min'): (ctx: OnnxContext) => Operand {
  return (ctx) => {
    const among = ctx.int('select_last_index', 0) === 0 ? 'first' : 'last';
    return positionsOf(ctx, { of, among }, ctx.int('axis', 0), ctx.int('keepdims', 1) !== 0);
  };
}
