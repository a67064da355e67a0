import { say } from '../../common/errors/sentence.ts';
import type { OperatorContext } from './context.ts';
import { type Along, gathered, listed, sliced } from './gather.ts';
import type { Operand } from './operand.ts';
import { withShape } from './reshape.ts';

/** What stands between the brackets of numpy's x[...]: an element, a slice, a new axis, or all axes that nothing else is for. */
export type Index =
  | { readonly at: number }
  | { readonly start: number | undefined; readonly stop: number | undefined; readonly step: number }
  | 'new'
  | 'ellipsis';

/** x[indices] as numpy has it; negative numbers count from the end. */
export function indexed(ctx: OperatorContext, x: Operand, indices: readonly Index[]): Operand {
  const rank = x.shape.length;
  const used = indices.filter((index) => typeof index !== 'string').length;
  if (used > rank) ctx.refuse(say`cuts ${used} dimensions of [${x.shape}]`);
  if (indices.filter((index) => index === 'ellipsis').length > 1) ctx.refuse(say`has two ellipses`);
  const along: (Along | undefined)[] = [];
  const shape: number[] = [];
  const whole = (count: number): void => {
    for (let n = count; n > 0; n--) shape.push(x.shape[along.push(undefined) - 1]!);
  };
  for (const index of indices) {
    const size = x.shape[along.length]!;
    if (index === 'ellipsis') whole(rank - used);
    else if (index === 'new') shape.push(1);
    else if ('at' in index) along.push(listed(ctx, size, [index.at]));
    else {
      const cut = sliced(ctx, size, index.start, index.stop, index.step);
      along.push(cut);
      shape.push(cut.size);
    }
  }
  whole(rank - along.length);
  const keepsAxes = indices.every((index) => index === 'ellipsis' || (index !== 'new' && 'step' in index));
  return withShape(ctx, gathered(ctx, x, along, { suffix: keepsAxes ? '' : '/gather' }), shape);
}
