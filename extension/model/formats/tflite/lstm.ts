import { say, type Sentence } from '../../../common/errors/sentence.ts';
import { type CandidateFunction, elements } from '../../graph.ts';
import type { FloatConstant, Operand } from '../../import/operand.ts';
import { type Direction, recurrentLayer } from '../../import/recurrent.ts';
import { BATCH_OF_ONE } from '../../import/refusal.ts';
import type { TfliteContext } from './context.ts';
import type { FusedActivation } from './names.ts';

/** Inputs of UNIDIRECTIONAL_SEQUENCE_LSTM; four gates of each kind: input, forget, candidate, output. */
export const LSTM_INPUTS = {
  weights: 1,
  recurrentWeights: 5,
  peepholes: 9,
  bias: 12,
  projection: 16,
  norms: 20,
} as const;
/** Inputs that hold the state between two inferences: the hidden state, and the cell state. */
export const LSTM_STATES = [18, 19] as const;

const FUNCTIONS: Readonly<Partial<Record<FusedActivation, CandidateFunction>>> = {
  NONE: { type: 'linear' },
  RELU: { type: 'relu' },
  TANH: { type: 'tanh' },
};

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM: all hidden states of one sample, [1, time, units], or with the time first. Its states live between
 * inferences, until they are reset, unless the file has zeros in their place.
 */
export function sequenceLstm(ctx: TfliteContext<'UNIDIRECTIONAL_SEQUENCE_LSTM'>): Operand {
  const { activation, cellClip, timeMajor } = ctx.options;
  const absent = (first: number, count: number): boolean =>
    ctx.inputs.slice(first, first + count).every((operand) => operand === undefined);
  if (!absent(LSTM_INPUTS.peepholes, 3)) ctx.refuse(say`has peepholes, which are not supported`);
  if (!absent(LSTM_INPUTS.projection, 2)) ctx.refuse(say`projects its hidden state, which is not supported`);
  if (!absent(LSTM_INPUTS.norms, 4)) ctx.refuse(say`normalizes its gates, which is not supported`);
  if (!ctx.inputs[LSTM_INPUTS.weights]) ctx.refuse(say`couples its input and forget gates`);
  const states = LSTM_STATES.map((k) => ctx.real(k));
  const fixed = states.flatMap((s) => (s.kind === 'float' ? [s] : []));
  const bothKept = say`Convert the model with variables for both states.`;
  if (fixed.length === 0) for (const k of LSTM_STATES) ctx.state(k, say`its state`);
  if (fixed.some(({ data }) => data.some((v) => v !== 0)))
    ctx.refuse(say`begins with a state that is not zero`);
  if (fixed.length === 1) {
    ctx.refuse(say`keeps one of its states and has a constant for the other`, bothKept);
  }
  // an inference in integers begins where the last one ended
  if (fixed.length > 0 && ctx.node.result?.type !== 'FLOAT32')
    ctx.refuse(say`has constants for its states, which only an LSTM of real numbers may have`, bothKept);
  const candidate = FUNCTIONS[activation];
  if (!candidate) ctx.refuse(say`has the activation ${activation}; TANH, RELU and NONE are supported`);

  const x = ctx.real(0);
  if (x.shape.length !== 3) ctx.refuse(say`reads a tensor of ${x.shape.length} dimensions; 3 are needed`);
  const [batch, time] = timeMajor ? [x.shape[1]!, x.shape[0]!] : [x.shape[0]!, x.shape[1]!];
  if (batch !== 1) ctx.refuse(say`reads a batch of ${batch} sequences; one is supported`, BATCH_OF_ONE);
  const features = x.shape[2]!;
  const units = ctx.floats(LSTM_INPUTS.weights, say`the weights`).shape[0] ?? 0;
  const gates = (first: number, what: Sentence, shape: readonly number[]): Float32Array => {
    const parts = [0, 1, 2, 3].map((k) => ctx.floats(first + k, say`${what} ${k}`));
    const other = parts.find((part) => part.shape.join() !== shape.join());
    if (other) ctx.refuse(say`has ${what} of the shape [${other.shape}]; [${shape}] is needed`);
    return joined(parts);
  };
  const bias = gates(LSTM_INPUTS.bias, say`biases`, [units]);
  const direction: Direction = {
    cell: 'lstm',
    units,
    weights: gates(LSTM_INPUTS.weights, say`weights`, [units, features]),
    recurrentWeights: gates(LSTM_INPUTS.recurrentWeights, say`recurrent weights`, [units, units]),
    bias,
    recurrentBias: new Float32Array(bias.length),
    gate: { type: 'sigmoid' },
    candidate,
    outputFunction: candidate,
    ...(cellClip > 0 ? { cellClip } : {}),
    resetAfter: false,
    backward: false,
  };
  if (states.some(({ shape }) => elements(shape) !== units))
    ctx.refuse(say`has states that do not fit its ${units} units`);
  const rows = ctx.reshape(x, [1, time, features], '/rows');
  const kept = fixed.length > 0 ? [] : states;
  const all = recurrentLayer(ctx, rows, direction, 'inTime', timeMajor ? '/sequence' : '', kept);
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
