import { say } from '../../../common/errors/sentence.ts';
import * as blocks from '../../import/blocks.ts';
import { fromNhwc, toNhwc } from '../../import/nchw.ts';
import type { Operand, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** [N, C, H, W] */
const RANK = 4;

/** SpaceToDepth of maps [1, C, H, W]. */
export function spaceToDepth(ctx: OnnxContext): Operand {
  const y = blocks.spaceToDepth(ctx, mapOf(ctx), ctx.int('blocksize', 0), '/nhwc');
  return fromNhwc(ctx, y, RANK);
}

const ORDERS: Readonly<Record<string, blocks.BlockOrder>> = { DCR: 'blocks first', CRD: 'channels first' };

/** DepthToSpace of maps [1, C, H, W]. */
export function depthToSpace(ctx: OnnxContext): Operand {
  const x = mapOf(ctx);
  const mode = ctx.string('mode', 'DCR');
  const order = ORDERS[mode];
  if (!order) ctx.refuse(say`has the mode '${mode}'; DCR and CRD are supported`);
  const y = blocks.depthToSpace(ctx, x, ctx.int('blocksize', 0), order, '/nhwc');
  return fromNhwc(ctx, y, RANK);
}

/** The operand in NHWC. Neither operator is defined for a 1D map, which convolutions read. */
function mapOf(ctx: OnnxContext): Real {
  const x = ctx.real(0);
  blocks.requireMap(ctx, x);
  return toNhwc(ctx, x);
}
