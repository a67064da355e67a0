import { say } from '../../../../common/errors/sentence.ts';
import { CELL_GATES, type CandidateFunction, NO_CLAMP, type RecurrentNode } from '../../../graph.ts';
import { outputsFirst } from '../../../import/linear.ts';
import { type Operand, type Real, scalar } from '../../../import/operand.ts';
import { type Direction, joinBiases, recurrentLayer } from '../../../import/recurrent.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { field, isObject, type Json, text } from '../json.ts';
import { functionName } from '../names.ts';

type Cell = RecurrentNode['cell'];

/** Cells of the classes that Bidirectional may be around. */
const CELLS: ReadonlyMap<string, Cell> = new Map<string, Cell>([
  ['GRU', 'gru'],
  ['LSTM', 'lstm'],
  ['SimpleRNN', 'rnn'],
]);

/** GRU, LSTM and SimpleRNN; Keras has their gates in the IR's order. */
export function recurrent(cell: Cell): LayerImporter {
  return (ctx) => {
    const x = ctx.input;
    const { shapes, build } = described(ctx, cell, x);
    const backward = ctx.bool('go_backwards', false);
    const direction = build(ctx.weights(shapes, true), backward);
    return recurrentLayer(ctx, x, direction, ctx.bool('return_sequences', false) ? 'asComputed' : 'last', '');
  };
}

/** A recurrent layer forward and one backward; the sequence of the latter is turned round. */
export function bidirectional(ctx: KerasContext): Operand {
  const x = ctx.input;
  const { layer, backward_layer: other } = ctx.node.config;
  const ahead = half(ctx, x, layer);
  const back = other ? half(ctx, x, other) : { ...ahead, goesBackwards: true };
  if (ahead.goesBackwards || !back.goesBackwards) {
    ctx.refuse(say`is around layers of which the first goes backwards, or the second does not`);
  }
  if (ahead.isSequence !== back.isSequence) ctx.refuse(say`returns a sequence in one direction only`);
  const weights = ctx.weights([...ahead.shapes, ...back.shapes], true);
  const sequence = ahead.isSequence ? 'inTime' : 'last';
  const forward = ahead.build(weights.slice(0, ahead.shapes.length), false);
  const backward = back.build(weights.slice(ahead.shapes.length), true);
  return merged(
    ctx,
    recurrentLayer(ctx, x, forward, sequence, '/forward'),
    recurrentLayer(ctx, x, backward, sequence, '/backward'),
  );
}

/** A layer in a Bidirectional one. */
interface Half extends Description {
  readonly isSequence: boolean;
  readonly goesBackwards: boolean;
}

function half(ctx: KerasContext, x: Real, wrapped: Json | undefined): Half {
  const type = text(wrapped, 'class_name') ?? '';
  const cell = CELLS.get(type);
  const config = field(wrapped, 'config');
  if (!cell || !isObject(config)) {
    ctx.refuse(say`is around a layer of the class '${type}'; ${[...CELLS.keys()]} are supported`);
  }
  const own = ctx.within(config);
  return {
    ...described(own, cell, x),
    isSequence: own.bool('return_sequences', false),
    goesBackwards: own.bool('go_backwards', false),
  };
}

function merged(ctx: KerasContext, a: Real, b: Real): Operand {
  // null stands for no merging at all
  const mode = ctx.node.config['merge_mode'] === null ? 'none' : ctx.string('merge_mode', 'concat');
  const { shape } = a;
  const last = shape.length - 1;
  const binary = (kind: 'add' | 'mul', operands: readonly Real[], suffix = ''): Real =>
    ctx.emit({ kind, clamp: NO_CLAMP }, operands, shape, suffix);
  if (b.shape[last] !== shape[last] && mode !== 'concat') ctx.refuse(say`merges other numbers of units`);
  switch (mode) {
    case 'concat': {
      const both = shape.map((d, k) => (k === last ? d + b.shape[last]! : d));
      return ctx.emit({ kind: 'concat', axis: last }, [a, b], both);
    }
    case 'sum':
      return binary('add', [a, b]);
    case 'mul':
      return binary('mul', [a, b]);
    case 'ave':
      return binary('mul', [binary('add', [a, b], '/sum'), scalar(0.5)]);
    default:
      ctx.refuse(say`has the merge mode '${mode}'; concat, sum, mul and ave are supported`);
  }
}

/** Shapes of a layer's weights, and the direction that they make. */
interface Description {
  readonly shapes: readonly (readonly number[])[];
  build(weights: readonly Float32Array[], backward: boolean): Direction;
}

function described(ctx: KerasContext, cell: Cell, x: Real): Description {
  const features = x.shape[2];
  if (features === undefined || x.shape.length !== 3) {
    ctx.refuse(say`works on a tensor of ${x.shape.length} dimensions; 3 are needed`);
  }
  refuseOptions(ctx);
  const [units] = ctx.sizes('units', 1, 1) as [number];
  const rows = CELL_GATES[cell] * units;
  const useBias = ctx.bool('use_bias', true);
  const resetAfter = cell === 'gru' && ctx.bool('reset_after', false);
  const candidate = functionOf(ctx, 'activation', 'tanh');
  const gate =
    cell === 'rnn' ? ({ type: 'sigmoid' } as const) : functionOf(ctx, 'recurrent_activation', 'sigmoid');
  if (gate.type !== 'sigmoid' && gate.type !== 'hardSigmoid') {
    ctx.refuse(say`has the recurrent_activation ${gate.type}; sigmoid and hard_sigmoid are supported`);
  }
  const shapes = [[features, rows], [units, rows], ...(useBias ? [resetAfter ? [2, rows] : [rows]] : [])];
  const build = (weights: readonly Float32Array[], backward: boolean): Direction => {
    const [kernel, recurrentKernel, bias] = weights;
    const first = bias?.subarray(0, rows) ?? new Float32Array(rows);
    const second = bias && resetAfter ? bias.subarray(rows) : new Float32Array(rows);
    return {
      cell,
      units,
      weights: outputsFirst(ctx.constant([features, rows], kernel!), false).data,
      recurrentWeights: outputsFirst(ctx.constant([units, rows], recurrentKernel!), false).data,
      ...joinBiases({ cell, units, resetAfter }, first, second),
      gate,
      candidate,
      outputFunction: candidate,
      resetAfter,
      backward,
    };
  };
  return { shapes, build };
}

function refuseOptions(ctx: KerasContext): void {
  if (ctx.bool('stateful', false)) {
    ctx.refuse(
      say`keeps its state from one sample to the next, and no state is kept between inferences`,
      say`Build it with stateful=False, with all time steps in one input.`,
    );
  }
  if (ctx.bool('time_major', false)) ctx.refuse(say`has time before the batch`);
}

/** A function by its name in Keras; `hard_sigmoid` is another one from Keras 3 on. */
function functionOf(ctx: KerasContext, option: string, fallback: string): CandidateFunction {
  const name = functionName(field(ctx.node.config, option) ?? fallback);
  switch (name) {
    case 'tanh':
    case 'relu':
    case 'linear':
    case 'sigmoid':
      return { type: name };
    case 'hard_sigmoid':
      return { type: 'hardSigmoid', alpha: ctx.version >= 3 ? 1 / 6 : 0.2, beta: 0.5 };
    default:
      ctx.refuse(say`has the ${option} ${name}; tanh, sigmoid, hard_sigmoid, relu and linear are supported`);
  }
}
