import { say } from '../../common/errors/sentence.ts';
import { CELL_GATES, type RecurrentNode } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';

/** One direction of a recurrent layer, its rows in the IR's order. */
export type Direction = Omit<RecurrentNode, 'kind' | 'name' | 'inputs' | 'output' | 'sequence'>;

/**
 * Rows of a matrix, or numbers of a bias, with the blocks of the gates in another order.
 * @param order for each gate of the IR, the place of its block in the file
 */
export function gatesInOrder(data: Float32Array, order: readonly number[]): Float32Array {
  const size = data.length / order.length;
  const result = new Float32Array(data.length);
  order.forEach((from, to) => result.set(data.subarray(from * size, (from + 1) * size), to * size));
  return result;
}

/** Adds what both biases can share into the first: all but what a GRU's reset is multiplied with. */
export function joinBiases(
  { cell, units, resetAfter }: Pick<Direction, 'cell' | 'units' | 'resetAfter'>,
  bias: Float32Array,
  recurrentBias: Float32Array,
): Pick<Direction, 'bias' | 'recurrentBias'> {
  const kept = cell === 'gru' && resetAfter ? 2 * units : CELL_GATES[cell] * units;
  return {
    bias: bias.map((b, i) => (i < kept ? b + recurrentBias[i]! : b)),
    recurrentBias: recurrentBias.map((b, i) => (i < kept ? 0 : b)),
  };
}

/**
 * Adds a recurrent layer over x, [1, time, features].
 * @param states what it begins with and keeps (RecurrentNode); none: it begins with zeros
 * @returns [1, time, units], or [1, units] of the time step that is computed last
 */
export function recurrentLayer(
  ctx: OperatorContext,
  x: Real,
  direction: Direction,
  sequence: RecurrentNode['sequence'],
  suffix: string,
  states: readonly Real[] = [],
): Real {
  const [batch, time, features] = x.shape;
  if (x.shape.length !== 3 || batch !== 1)
    ctx.refuse(say`reads a tensor [${x.shape}]; one sample of time steps and features is needed`);
  const { units, cell } = direction;
  const rows = CELL_GATES[cell] * units;
  if (
    direction.weights.length !== rows * features! ||
    direction.recurrentWeights.length !== rows * units ||
    direction.bias.length !== rows ||
    direction.recurrentBias.length !== rows
  ) {
    ctx.refuse(
      say`has weights that do not fit its ${units} units and the ${features!} features of its input`,
    );
  }
  const shape = sequence === 'last' ? [1, units] : [1, time!, units];
  return ctx.emit({ kind: 'recurrent', ...direction, sequence }, [x, ...states], shape, suffix);
}
