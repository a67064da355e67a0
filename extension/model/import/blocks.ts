/** Blocks of pixels as channels of one, and back, in NHWC: a map is cut into dimensions of its own, which change places. */
import { say } from '../../common/errors/sentence.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';

/** Where a pixel of a block stands among the channels: in front of them, or behind. */
export type BlockOrder = 'blocks first' | 'channels first';

/** [N, H, W, C] -> [N, H / b, W / b, b · b · C], the pixels of a block in front of its channels. @param b pixels along a side */
export function spaceToDepth(ctx: OperatorContext, x: Real, b: number, suffix = ''): Real {
  const [n, h, w, c] = mapOf(ctx, x, b);
  if (h % b !== 0 || w % b !== 0)
    ctx.refuse(say`cuts [${x.shape}] into blocks of ${b}, which leaves some over`);
  const cut = ctx.reshape(x, [n, h / b, b, w / b, b, c], '/cut');
  const moved = ctx.transpose(cut, [0, 1, 3, 2, 4, 5], '/blocks');
  return ctx.reshape(moved, [n, h / b, w / b, b * b * c], suffix);
}

/** [N, H, W, b · b · C] -> [N, H · b, W · b, C]. @param b pixels along a side of a block */
export function depthToSpace(ctx: OperatorContext, x: Real, b: number, order: BlockOrder, suffix = ''): Real {
  const [n, h, w, all] = mapOf(ctx, x, b);
  if (all % (b * b) !== 0) ctx.refuse(say`makes blocks of ${b} from ${all} channels, which leaves some over`);
  const c = all / (b * b);
  const isFirst = order === 'blocks first';
  const cut = ctx.reshape(x, isFirst ? [n, h, w, b, b, c] : [n, h, w, c, b, b], '/cut');
  const moved = ctx.transpose(cut, isFirst ? [0, 1, 3, 2, 4, 5] : [0, 1, 4, 2, 5, 3], '/blocks');
  return ctx.reshape(moved, [n, h * b, w * b, c], suffix);
}

/** Refuses what is no map of blocks: a tensor of other than four dimensions, in whatever order. */
export function requireMap(ctx: OperatorContext, { shape }: Real): void {
  if (shape.length !== 4) ctx.refuse(say`works on a tensor of ${shape.length} dimensions; 4 are needed`);
}

function mapOf(ctx: OperatorContext, x: Real, b: number): [number, number, number, number] {
  requireMap(ctx, x);
  const { shape } = x;
  if (!Number.isInteger(b) || b < 1 || b > 65_535) ctx.refuse(say`has blocks of ${b}`);
  return [shape[0]!, shape[1]!, shape[2]!, shape[3]!];
}
