import { say } from '../../../common/errors/sentence.ts';
import type { CandidateFunction } from '../../graph.ts';
import type { FloatConstant, Operand } from '../../import/operand.ts';
import { type Direction, recurrentLayer } from '../../import/recurrent.ts';
import { BATCH_OF_ONE } from '../../import/refusal.ts';
import type { TfliteContext } from './context.ts';
import type { FusedActivation } from './names.ts';

/** Inputs of UNIDIRECTIONAL_SEQUENCE_LSTM; four gates of each kind: input, forget, candidate, output. */
const INPUT = { weights: 1, recurrentWeights: 5, peepholes: 9, bias: 12, projection: 16, norms: 20 } as const;
/** Inputs that hold the state between two inferences: the hidden state, and the cell state. */
export const LSTM_STATES = [18, 19] as const;

const FUNCTIONS: Readonly<Partial<Record<FusedActivation, CandidateFunction>>> = {
  NONE: { type: 'linear' },
  RELU: { type: 'relu' },
  TANH: { type: 'tanh' },
};

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM that computes in float: all hidden states of one sample, [1, time, units], or with the time first.
 * Each inference begins with a state of zeros, as the network did in training; TensorFlow Lite keeps it until it is told to reset.
 */
export function sequenceLstm(ctx: TfliteContext<'UNIDIRECTIONAL_SEQUENCE_LSTM'>): Operand {
  const { activation, cellClip, projectionClip, timeMajor } = ctx.options;
  const absent = (first: number, count: number): boolean =>
    ctx.inputs.slice(first, first + count).every((operand) => operand === undefined);
  if (cellClip > 0 || projectionClip > 0) ctx.refuse(say`clips its states`);
  if (!absent(INPUT.peepholes, 3)) ctx.refuse(say`has peepholes, which are not supported`);
  if (!absent(INPUT.projection, 2)) ctx.refuse(say`projects its hidden state, which is not supported`);
  if (!absent(INPUT.norms, 4)) ctx.refuse(say`normalizes its gates, which is not supported`);
  if (!ctx.inputs[INPUT.weights]) ctx.refuse(say`couples its input and forget gates`);
  if (LSTM_STATES.some((k) => ctx.floats(k, say`its first state`).data.some((v) => v !== 0)))
    ctx.refuse(say`begins with a state that is not zero`);
  const candidate = FUNCTIONS[activation];
  if (!candidate) ctx.refuse(say`has the activation ${activation}; TANH, RELU and NONE are supported`);

  const x = ctx.real(0);
  if (x.shape.length !== 3) ctx.refuse(say`reads a tensor of ${x.shape.length} dimensions; 3 are needed`);
  const [batch, time] = timeMajor ? [x.shape[1]!, x.shape[0]!] : [x.shape[0]!, x.shape[1]!];
  if (batch !== 1) ctx.refuse(say`reads a batch of ${batch} sequences; one is supported`, BATCH_OF_ONE);
  const features = x.shape[2]!;
  const units = ctx.floats(INPUT.weights, say`the weights`).shape[0] ?? 0;
  const gates = (first: number, what: string): Float32Array =>
    joined([0, 1, 2, 3].map((k) => ctx.floats(first + k, say`${what} ${k}`)));
  const bias = gates(INPUT.bias, 'bias');
  const direction: Direction = {
    cell: 'lstm',
    units,
    weights: gates(INPUT.weights, 'weights'),
    recurrentWeights: gates(INPUT.recurrentWeights, 'recurrent weights'),
    bias,
    recurrentBias: new Float32Array(bias.length),
    gate: { type: 'sigmoid' },
    candidate,
    outputFunction: candidate,
    resetAfter: false,
    backward: false,
  };
  const rows = ctx.reshape(x, [1, time, features], '/rows');
  const all = recurrentLayer(ctx, rows, direction, 'inTime', timeMajor ? '/sequence' : '');
  return ctx.reshape(all, timeMajor ? [time, 1, units] : [1, time, units]);
}

function joined(parts: readonly FloatConstant[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, { data }) => n + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}
