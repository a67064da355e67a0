import { say } from '../../common/errors/sentence.ts';
import { elements } from '../graph.ts';
import type { Shape } from '../graph.ts';
import { overLast } from './activation.ts';
import { binary } from './arithmetic.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';

/** What is normalized together, and how. */
export interface Normalization {
  /** Axes whose elements belong together, counted from the front, in order. */
  readonly axes: readonly number[];
  /** Whether the mean is taken away before. */
  readonly centred: boolean;
  /** Whether the divisor is the root of the squares' mean, and not of their sum. */
  readonly averaged: boolean;
  readonly epsilon: number;
}

/** A factor and an offset behind a normalization, which broadcast to its shape; passes fold them into a layer behind. */
export interface Affine {
  readonly factor?: Real | undefined;
  readonly offset?: Real | undefined;
}

/** x normalized, times a factor, plus an offset. */
export function normalized(
  ctx: OperatorContext,
  x: Real,
  { axes, ...how }: Normalization,
  affine: Affine = {},
  suffix = '',
): Real {
  checkEpsilon(ctx, how.epsilon);
  const spec = { kind: 'normalize', ...how } as const;
  const y = overLast(ctx, x, axes, spec, affine.factor || affine.offset ? '/plain' : suffix);
  return withAffine(ctx, y, affine, suffix);
}

/**
 * Channels in groups, each normalized with all that lies over it.
 * @param axis of the channels
 */
export function groupNormalized(
  ctx: OperatorContext,
  x: Real,
  axis: number,
  groups: number,
  epsilon: number,
  affine: Affine,
): Real {
  checkEpsilon(ctx, epsilon);
  const channels = x.shape[axis]!;
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    ctx.refuse(say`has ${groups} groups of ${channels} channels`);
  }
  const apart: Shape = x.shape.toSpliced(axis, 1, groups, channels / groups);
  const axes = apart.map((_, k) => k).filter((k) => k > 0 && k !== axis);
  const spec = { kind: 'normalize', centred: true, averaged: true, epsilon } as const;
  const y = overLast(ctx, ctx.reshape(x, apart, '/groups'), axes, spec, '/plain');
  return withAffine(ctx, ctx.reshape(y, x.shape, affine.factor || affine.offset ? '/together' : ''), affine);
}

function withAffine(ctx: OperatorContext, y: Real, { factor, offset }: Affine, suffix = ''): Real {
  const scaled = factor ? binary(ctx, 'mul', y, factor, offset ? '/scaled' : suffix) : y;
  return offset ? binary(ctx, 'add', scaled, offset, suffix) : scaled;
}

/** A list of numbers, one a channel, as a tensor that broadcasts along the other axes. */
export function alongAxis(ctx: OperatorContext, list: Real, rank: number, axis: number): Real {
  const shape = new Array<number>(rank).fill(1).with(axis, elements(list.shape));
  if (list.kind === 'float') return { ...list, shape };
  return ctx.reshape(list, shape, '/along');
}

function checkEpsilon(ctx: OperatorContext, epsilon: number): void {
  if (!(epsilon >= 0) || !Number.isFinite(epsilon)) ctx.refuse(say`has epsilon ${epsilon}`);
}
