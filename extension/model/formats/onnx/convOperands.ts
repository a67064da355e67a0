import { say } from '../../../common/errors/sentence.ts';
import { toNhwc } from '../../import/nchw.ts';
import type { FloatConstant, Real } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';

/** What Conv and ConvTranspose read. */
export interface ConvOperands {
  /** Dimensions of the input: 3 (1D) or 4 (2D). */
  readonly rank: number;
  /** NHWC */
  readonly input: Real;
  /** Constant, of as many dimensions. */
  readonly w: FloatConstant;
  readonly groups: number;
  /** @throws UserError 'model' */
  readonly refuseGroups: () => never;
}

export function convOperands(ctx: OnnxContext): ConvOperands {
  const x = ctx.real(0);
  const rank = x.shape.length;
  const input = toNhwc(ctx, x);
  const w = ctx.floats(1, say`the weights`);
  if (w.shape.length !== rank) ctx.refuse(say`has weights [${w.shape}] for an input of ${rank} dimensions`);
  const groups = ctx.int('group', 1);
  const refuseGroups = (): never =>
    ctx.refuse(
      say`has weights [${w.shape}] in ${groups} groups, which do not fit ${input.shape[3]!} input channels`,
    );
  return { rank, input, w, groups, refuseGroups };
}

/** The constant bias, zeros where there is none. */
export function convBias(ctx: OnnxContext, outputs: number): Float32Array {
  const bias = ctx.inputs[2] ? ctx.floats(2, say`the bias`).data : new Float32Array(outputs);
  if (bias.length !== outputs) ctx.refuse(say`has ${bias.length} bias values for ${outputs} output channels`);
  return bias;
}
