import { say } from '../../../common/errors/sentence.ts';
import { positionsOf } from '../../import/position.ts';
import type { Operand } from '../../import/operand.ts';
import type { TfliteContext } from './context.ts';

/** ARG_MAX and ARG_MIN: the first of several, along the axis that the second operand says. */
export function position(of: 'max' | 'min'): (ctx: TfliteContext<'ARG_MAX' | 'ARG_MIN'>) => Operand {
  return (ctx) => {
    const axes = ctx.ints(1, say`the axis`);
    if (axes.length !== 1) ctx.refuse(say`has ${axes.length} numbers for the axis; one is needed`);
    return positionsOf(ctx, { of, among: 'first' }, axes[0]!, false);
  };
}
