import { say } from '../../../common/errors/sentence.ts';
import type { ActivationFunction } from '../../functions.ts';
import { activated } from '../../import/activation.ts';
import type { Operand } from '../../import/operand.ts';
import type { TfliteContext } from './context.ts';
import type { FusedActivation } from './names.ts';

/** What a fused activation computes; null for nothing, undefined for one that no runtime has. */
export const FUSED = {
  NONE: null,
  RELU: { type: 'clip', min: 0, max: Infinity },
  RELU_N1_TO_1: { type: 'clip', min: -1, max: 1 },
  RELU6: { type: 'clip', min: 0, max: 6 },
  TANH: { type: 'tanh' },
  SIGN_BIT: undefined,
} as const satisfies Readonly<Record<FusedActivation, ActivationFunction | null | undefined>>;

/**
 * An operator with the activation that is fused into it; passes make a clamp of one that is a clip.
 * @param compute gets the suffix of what it emits last
 */
export function withActivation(
  ctx: TfliteContext,
  activation: FusedActivation,
  compute: (suffix: string) => Operand,
): Operand {
  const fn = FUSED[activation];
  if (fn === undefined) ctx.refuse(say`has the activation ${activation} behind it, which is not supported`);
  if (fn === null) return compute('');
  const y = compute('/linear');
  if (y.kind === 'positions') ctx.refusePositions();
  if (y.kind === 'int') ctx.refuse(say`has the activation ${activation} behind integers`);
  return activated(ctx, y, fn);
}
