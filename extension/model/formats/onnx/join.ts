import { say } from '../../../common/errors/sentence.ts';
import { gathered, mirrored, MIRRORS } from '../../import/gather.ts';
import { concatenated, padded } from '../../import/join.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

export function concat(ctx: OnnxContext): Operand {
  return concatenated(ctx, ctx.int('axis', 1));
}

/** Pad with a constant or with the tensor's own elements: attributes before opset 11, inputs from then on, axes from opset 18. */
export function pad(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const rank = x.shape.length;
  const mode = ctx.string('mode', 'constant');
  const mirror = MIRRORS.find((name) => name === mode && name !== 'symmetric');
  if (mode !== 'constant' && !mirror) ctx.refuse(say`pads in mode '${mode}', which is not known`);
  const asInputs = ctx.opset >= 11;
  const list = asInputs ? ctx.optionalInts(1, say`the pads`) : ctx.ints('pads');
  const value = (asInputs ? ctx.optionalScalar(2, say`the padding value`) : ctx.float('value', 0)) ?? 0;
  const axes = (ctx.optionalInts(3, say`the axes`) ?? x.shape.map((_, k) => k)).map((a) => ctx.axis(a, rank));
  if (!list || list.length !== 2 * axes.length)
    ctx.refuse(say`has ${list?.length ?? 0} pads for ${axes.length} dimensions`);
  const pads = x.shape.map((): [number, number] => [0, 0]);
  axes.forEach((a, k) => {
    pads[a] = [list[k]!, list[k + axes.length]!];
  });
  if (!mirror) return padded(ctx, x, pads, value);
  return gathered(
    ctx,
    x,
    x.shape.map((d, k) => mirrored(ctx, mirror, d, pads[k]!)),
  );
}
