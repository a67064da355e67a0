import { say } from '../../../common/errors/sentence.ts';
import * as blocks from '../../import/blocks.ts';
import { fromNhwc, toNhwc } from '../../import/nchw.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** SpaceToDepth of maps [1, C, H, W]. */
export function spaceToDepth(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const y = blocks.spaceToDepth(ctx, toNhwc(ctx, x), ctx.int('blocksize', 0), '/nhwc');
  return fromNhwc(ctx, y, x.shape.length);
}

const ORDERS: Readonly<Record<string, blocks.BlockOrder>> = { DCR: 'blocks first', CRD: 'channels first' };

/** DepthToSpace of maps [1, C, H, W]. */
export function depthToSpace(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const mode = ctx.string('mode', 'DCR');
  const order = ORDERS[mode];
  if (!order) ctx.refuse(say`has the mode '${mode}'; DCR and CRD are supported`);
  const y = blocks.depthToSpace(ctx, toNhwc(ctx, x), ctx.int('blocksize', 0), order, '/nhwc');
  return fromNhwc(ctx, y, x.shape.length);
}
