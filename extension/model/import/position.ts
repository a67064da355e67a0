import { say } from '../../common/errors/sentence.ts';
import type { PositionNode } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import type { FlowingPositions, Operand, Real } from './operand.ts';

/**
 * Where along an axis the largest or the smallest elements of the first operand stand.
 *
 * @param keep whether the axis stays, as one of size 1
 */
export function positionsOf(
  ctx: OperatorContext,
  how: Pick<PositionNode, 'of' | 'among'>,
  given: number,
  keep: boolean,
): Operand {
  const x = ctx.real(0);
  if (x.kind === 'float') ctx.refuse(say`works on a constant`);
  const rank = x.shape.length;
  const axis = ctx.axis(given, rank);
  const others = x.shape.map((_, k) => k).filter((k) => k !== axis);
  const rows = ctx.transpose(x, [...others, axis], '/rows');
  const shape = others.map((k) => x.shape[k]!);
  const found = ctx.emit({ kind: 'position', ...how }, [rows], shape, keep ? '/position' : '');
  return positions(keep ? ctx.reshape(found, x.shape.with(axis, 1)) : found);
}

/** Positions under another shape. */
export function reshapedPositions(
  ctx: OperatorContext,
  { name, shape: from }: FlowingPositions,
  shape: readonly number[],
  suffix: string,
  output: number,
): FlowingPositions {
  return positions(ctx.reshape({ kind: 'value', name, shape: from }, shape, suffix, output));
}

function positions(value: Real): FlowingPositions {
  if (value.kind !== 'value') throw new Error('positions of constants');
  return { ...value, kind: 'positions' };
}
