/** The way from a model's NC[H]W to the IR's NHWC and back. Layers that are NHWC themselves need none of it. */
import { say } from '../../common/errors/sentence.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';
import { BATCH_OF_ONE } from './refusal.ts';

/** The operand as [1, H, W, C]; a 1D map [1, C, L] becomes one of height 1. Undone by `fromNhwc`. */
export function toNhwc(ctx: OperatorContext, x: Real): Real {
  const rank = x.shape.length;
  if (rank !== 3 && rank !== 4) {
    ctx.refuse(
      say`works on a tensor of ${rank} dimensions; 1D and 2D maps, [1, C, L] and [1, C, H, W], are supported`,
    );
  }
  if (x.shape[0] !== 1)
    ctx.refuse(
      say`works on a batch of ${x.shape[0]!}; microcontrollers take one sample at a time`,
      BATCH_OF_ONE,
    );
  const [, channels, length] = x.shape as [number, number, number];
  const flat = rank === 3 ? ctx.reshape(x, [1, channels, 1, length], '/in') : x;
  return ctx.transpose(flat, [0, 2, 3, 1], '/in');
}

/** An NHWC result back in the order of the model; `rank` is that of the operand given to `toNhwc`. */
export function fromNhwc(ctx: OperatorContext, y: Real, rank: number): Real {
  const back = ctx.transpose(y, [0, 3, 1, 2], rank === 4 ? '' : '/row');
  if (rank === 4) return back;
  const [, channels, , length] = back.shape as [number, number, number, number];
  return ctx.reshape(back, [1, channels, length]);
}
