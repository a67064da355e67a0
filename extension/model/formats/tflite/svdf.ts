import { say } from '../../../common/errors/sentence.ts';
import { elements, NO_CLAMP } from '../../graph.ts';
import { NO_PADS } from '../../window.ts';
import type { Operand, Real } from '../../import/operand.ts';
import type { TfliteContext } from './context.ts';
import { withActivation } from './fused.ts';

/** Inputs of SVDF; the last lives between inferences. */
export const SVDF_INPUTS = { features: 1, time: 2, bias: 3, state: 4 } as const;

/**
 * SVDF: each filter remembers what it made of the last inputs, [filters, memory]; a unit is the sum of `rank` filters' memories,
 * weighted. The memory lives between inferences.
 */
export function svdf(ctx: TfliteContext<'SVDF'>): Operand {
  const { rank, activation } = ctx.options;
  const x = ctx.real(0);
  const weights = ctx.floats(SVDF_INPUTS.features, say`the weights of features`);
  const time = ctx.floats(SVDF_INPUTS.time, say`the weights of time`);
  const { name, shape: stored } = ctx.state(SVDF_INPUTS.state, say`its memory`);
  const state = { kind: 'value', name, shape: stored } as const;
  const [filters, features] = weights.shape as [number, number];
  const [timeFilters, memory] = time.shape as [number, number];
  const units = filters / rank;
  if (
    weights.shape.length !== 2 ||
    time.shape.length !== 2 ||
    timeFilters !== filters ||
    !(rank > 0 && Number.isInteger(units)) ||
    elements(x.shape) !== features ||
    elements(state.shape) !== filters * memory
  ) {
    ctx.refuse(say`has weights that do not fit its input [${x.shape}], its rank of ${rank} and its state`);
  }
  const bias = ctx.inputs[SVDF_INPUTS.bias]
    ? ctx.floats(SVDF_INPUTS.bias, say`the bias`).data
    : new Float32Array(units);
  if (bias.length !== units) ctx.refuse(say`has ${bias.length} bias values for ${units} units`);
  const row = ctx.reshape(x, [1, features], '/row');
  const dense = {
    kind: 'dense',
    weights: weights.data,
    bias: new Float32Array(filters),
    clamp: NO_CLAMP,
  } as const;
  const newest = ctx.reshape(ctx.emit(dense, [row], [1, filters], '/features'), [1, filters, 1], '/newest');
  const all = remembered(ctx, ctx.reshape(state, [1, filters, memory], '/before'), newest);
  ctx.keep(state, all);
  return withActivation(ctx, activation, (suffix) => {
    const map = ctx.reshape(all, [1, 1, 1, filters * memory], '/map');
    const summed = ctx.emit(
      {
        ...{ kind: 'conv2d', weights: time.data, bias, groups: units, clamp: NO_CLAMP, kernel: [1, 1] },
        ...{ strides: [1, 1], dilations: [1, 1], pads: NO_PADS },
      },
      [map],
      [1, 1, 1, units],
      '/sum',
    );
    return ctx.reshape(summed, [1, units], suffix);
  });
}

/** The newest number of each filter behind the others, the oldest left out. */
function remembered(ctx: TfliteContext<'SVDF'>, before: Real, newest: Real): Real {
  const [, filters, memory] = before.shape as [number, number, number];
  if (memory === 1) return newest;
  const indices = [
    Int32Array.of(0),
    Int32Array.from({ length: filters }, (_, i) => i),
    Int32Array.from({ length: memory - 1 }, (_, i) => i + 1),
  ];
  const older = ctx.emit({ kind: 'gather', indices }, [before], [1, filters, memory - 1], '/older');
  return ctx.emit({ kind: 'concat', axis: 2 }, [older, newest], [1, filters, memory], '/memory');
}
