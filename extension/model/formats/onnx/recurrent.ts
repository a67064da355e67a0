import { say } from '../../../common/errors/sentence.ts';
import { CELL_GATES, type CandidateFunction, type RecurrentNode } from '../../graph.ts';
import type { Result } from '../../import/graphImport.ts';
import type { FloatConstant, Real } from '../../import/operand.ts';
import { type Direction, gatesInOrder, joinBiases, recurrentLayer } from '../../import/recurrent.ts';
import { BATCH_OF_ONE } from '../../import/refusal.ts';
import type { OnnxContext, OperatorImporter } from './context.ts';

type Cell = RecurrentNode['cell'];

/** For each gate of the IR its place in the file: LSTM has input, output, forget, candidate. */
const ORDER: Readonly<Record<Cell, readonly number[]>> = { lstm: [0, 2, 3, 1], gru: [0, 1, 2], rnn: [0] };

/** What is used where a node names no activations. */
const DEFAULTS: Readonly<Record<Cell, readonly string[]>> = {
  lstm: ['Sigmoid', 'Tanh', 'Tanh'],
  gru: ['Sigmoid', 'Tanh'],
  rnn: ['Tanh'],
};

/** Inputs of the three operators; only LSTM has the last two. */
const INPUT = {
  weights: 1,
  recurrentWeights: 2,
  bias: 3,
  lengths: 4,
  hidden: 5,
  cell: 6,
  peepholes: 7,
} as const;

const ONE_BY_ONE = say`Export the network with a state of zeros: it is not kept between inferences.`;

/**
 * GRU, LSTM and RNN of one sample, from a state of zeros. Y is [time, directions, 1, units], Y_h [directions, 1, units], with
 * layout 1 the batch comes first in each.
 */
export function recurrent(cell: Cell): OperatorImporter {
  return (ctx): Result => {
    refuseOptions(ctx, cell);
    const batchFirst = ctx.int('layout', 0) === 1;
    const x = inputRows(ctx, batchFirst);
    const directions = readDirections(ctx, cell, x.shape[2]!);
    refuseStates(ctx, x.shape[1]!);
    const units = directions[0]!.units;
    const count = directions.length;
    const [, time] = x.shape as [number, number];
    const all = (sequence: RecurrentNode['sequence'], name: string): Real =>
      joined(ctx, directions.map((d) => recurrentLayer(ctx, x, d, sequence, suffixOf(d, count, name)))); // prettier-ignore
    return [
      ctx.outputUsed(0)
        ? ctx.reshape(
            all('inTime', '/sequence'),
            batchFirst ? [1, time, count, units] : [time, count, 1, units],
          )
        : undefined,
      ctx.outputUsed(1)
        ? ctx.reshape(all('last', '/last'), batchFirst ? [1, count, units] : [count, 1, units], '/hidden')
        : undefined,
    ];
  };
}

function suffixOf({ backward }: Direction, count: number, name: string): string {
  if (count === 1) return name;
  return name + (backward ? 'Backward' : 'Forward');
}

/** Units of both directions side by side. */
function joined(ctx: OnnxContext, parts: readonly Real[]): Real {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const axis = first!.shape.length - 1;
  const shape = first!.shape.map((d, k) => (k === axis ? d * parts.length : d));
  return ctx.emit({ kind: 'concat', axis }, parts, shape, '/directions');
}

/** The input as [1, time, features]. */
function inputRows(ctx: OnnxContext, batchFirst: boolean): Real {
  const x = ctx.real(0);
  if (x.shape.length !== 3) ctx.refuse(say`reads a tensor of ${x.shape.length} dimensions; 3 are needed`);
  const [batch, time] = batchFirst ? x.shape : [x.shape[1]!, x.shape[0]!];
  if (batch !== 1) {
    ctx.refuse(
      say`reads a batch of ${batch!} sequences; microcontrollers take one sample at a time`,
      BATCH_OF_ONE,
    );
  }
  return ctx.reshape(x, [1, time!, x.shape[2]!], '/rows');
}

function refuseOptions(ctx: OnnxContext, cell: Cell): void {
  if (ctx.has('clip') && ctx.float('clip', 0) !== 0) ctx.refuse(say`clips what its functions are given`);
  if (cell === 'lstm' && ctx.int('input_forget', 0) !== 0)
    ctx.refuse(say`couples its input and forget gates`);
  if (ctx.outputUsed(2)) {
    ctx.refuse(say`is asked for its last cell state`, say`Export the network without that output.`);
  }
}

/** Lengths must be that of the input, the first state zeros, peepholes none. @param time steps of the input */
function refuseStates(ctx: OnnxContext, time: number): void {
  const lengths = ctx.optionalInts(INPUT.lengths, say`the lengths of its sequences`);
  if (lengths?.some((n) => n !== time)) {
    ctx.refuse(say`reads ${lengths} of ${time} time steps; all are needed`);
  }
  for (const [k, what] of [
    [INPUT.hidden, say`hidden state`],
    [INPUT.cell, say`cell state`],
  ] as const) {
    const state = ctx.inputs[k];
    if (!state) continue;
    if (!('data' in state)) ctx.refuse(say`is given its first ${what} at run time`, ONE_BY_ONE);
    if (state.data.some((v) => v !== 0)) ctx.refuse(say`begins with a ${what} that is not zero`, ONE_BY_ONE);
  }
  const peepholes = ctx.inputs[INPUT.peepholes];
  if (peepholes && (!('data' in peepholes) || peepholes.data.some((v) => v !== 0))) {
    ctx.refuse(say`has peepholes, which are not supported`);
  }
}

function readDirections(ctx: OnnxContext, cell: Cell, features: number): Direction[] {
  const direction = ctx.string('direction', 'forward');
  const names = ['forward', 'reverse', 'bidirectional'];
  if (!names.includes(direction)) ctx.refuse(say`has the direction '${direction}'; ${names} are known`);
  const backward = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
  const gates = CELL_GATES[cell];
  const recurrentWeights = ctx.floats(INPUT.recurrentWeights, say`the recurrent weights`);
  const units = recurrentWeights.shape.at(-1) ?? 0;
  if (ctx.has('hidden_size') && ctx.int('hidden_size', units) !== units) {
    ctx.refuse(say`has ${units} units in its weights and ${ctx.int('hidden_size', 0)} in its attributes`);
  }
  const rows = gates * units;
  const part = (t: FloatConstant, size: number, k: number): Float32Array => {
    if (t.data.length !== size * backward.length) {
      ctx.refuse(
        say`has weights [${t.shape}], which do not fit ${backward.length} directions of ${units} units`,
      );
    }
    return t.data.subarray(k * size, (k + 1) * size);
  };
  const weights = ctx.floats(INPUT.weights, say`the weights`);
  const bias = ctx.inputs[INPUT.bias] ? ctx.floats(INPUT.bias, say`the biases`) : undefined;
  const functions = readFunctions(ctx, cell, backward.length);
  const inOrder = (data: Float32Array): Float32Array => gatesInOrder(data, ORDER[cell]);
  return backward.map((isBackward, k) => {
    const shared = { cell, units, resetAfter: ctx.int('linear_before_reset', 0) !== 0 };
    const biases = bias ? part(bias, 2 * rows, k) : new Float32Array(2 * rows);
    return {
      ...shared,
      weights: inOrder(part(weights, rows * features, k)),
      recurrentWeights: inOrder(part(recurrentWeights, rows * units, k)),
      ...joinBiases(shared, inOrder(biases.subarray(0, rows)), inOrder(biases.subarray(rows))),
      ...functions[k]!,
      backward: isBackward,
    };
  });
}

type Functions = Pick<Direction, 'gate' | 'candidate' | 'outputFunction'>;

/** The functions of each direction: those of gates, candidate and, of an LSTM, its output. */
function readFunctions(ctx: OnnxContext, cell: Cell, count: number): Functions[] {
  const size = DEFAULTS[cell].length;
  const given = ctx.strings('activations');
  const names =
    given && given.length > 0 ? given : Array.from({ length: count }, () => DEFAULTS[cell]).flat();
  if (names.length !== count * size) {
    ctx.refuse(say`names ${names.length} activations; ${count * size} are needed`);
  }
  // numbers go to those functions that have one, in order
  const [alphas, betas] = [ctx.floatList('activation_alpha') ?? [], ctx.floatList('activation_beta') ?? []];
  let next = 0;
  const functions = names.map((name): CandidateFunction => {
    switch (name.toLowerCase()) {
      case 'sigmoid':
        return { type: 'sigmoid' };
      case 'tanh':
        return { type: 'tanh' };
      case 'relu':
        return { type: 'relu' };
      case 'hardsigmoid':
        return { type: 'hardSigmoid', alpha: alphas[next] ?? 0.2, beta: betas[next++] ?? 0.5 };
      default:
        ctx.refuse(say`has the activation ${name}; Sigmoid, HardSigmoid, Tanh and Relu are supported`);
    }
  });
  return Array.from({ length: count }, (_, d) => {
    const own = functions.slice(d * size, (d + 1) * size);
    const gate = cell === 'rnn' ? { type: 'sigmoid' as const } : own[0]!;
    if (gate.type !== 'sigmoid' && gate.type !== 'hardSigmoid') {
      ctx.refuse(say`has ${names[d * size]!} for its gates; Sigmoid and HardSigmoid are supported`);
    }
    const candidate = cell === 'rnn' ? own[0]! : own[1]!;
    return { gate, candidate, outputFunction: own[2] ?? candidate };
  });
}
