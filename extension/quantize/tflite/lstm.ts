import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import { LSTM_INPUTS, LSTM_STATES } from '../../model/formats/tflite/lstm.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import { elements } from '../../model/graph.ts';
import { precisionOf, type QDense, type QuantizedValue } from '../quantizedGraph.ts';
import { quantizeMultiplier } from './fixedPoint.ts';
import { checkedChannel, type TfliteLowering, wrong } from './lowering.ts';
import { GATE_BITS, PRODUCT } from './lstmInts.ts';
import { rows, stateOf, weightsOf } from './stateful.ts';
import { wrongBias } from './weighted.ts';

/** Units of a gate's sums. */
const SUM_SCALE = 2 ** -12;
/** The argument of tanh in 4096ths needs no multiplier but 3. */
const SUM_POWER = -12;

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM with numbers of int8 or int16, weights of int8 and a cell state of int16
 * (tensorflow/lite/micro/kernels/lstm_eval_common.cc). Scales of products are float32.
 */
export function lstm(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'UNIDIRECTIONAL_SEQUENCE_LSTM'>,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  if (options.activation !== 'TANH')
    throw wrong(node, say`has the activation ${options.activation}, where TANH is computed in integers`);
  const [hidden, cell] = [
    stateOf(lowering, node, LSTM_STATES[0], say`the hidden state`, [precisionOf(x)]),
    stateOf(lowering, node, LSTM_STATES[1], say`the cell state`, ['int16']),
  ];
  const units = elements(hidden.shape);
  const power = Math.round(Math.log2(cell.scale));
  if (2 ** power !== cell.scale || power > 0 || power < -24) {
    throw wrong(node, say`has the scale ${cell.scale} for its cell state, which is no power of two`);
  }
  const shift = power - SUM_POWER;
  const clip = Math.trunc(Math.min(32767, options.cellClip / cell.scale));
  const ratio = 2 ** (-2 * GATE_BITS) / hidden.scale;
  const product = checkedChannel(node, { min: -PRODUCT, max: PRODUCT, ...quantizeMultiplier(ratio) });
  const [requant] = lowering.requants([product], hidden);
  lowering.emit(node, [x, hidden, cell], y, {
    kind: 'tfliteLstm',
    units,
    fromInput: gates(lowering, node, x, LSTM_INPUTS.weights, LSTM_INPUTS.bias),
    fromHidden: gates(lowering, node, hidden, LSTM_INPUTS.recurrentWeights, undefined),
    addBits: 2 * GATE_BITS + power,
    stateLimit: options.cellClip > 0 ? clip : undefined,
    tanh: shift < 0 ? { multiplier: 3, shift: -shift } : { multiplier: 3 * 2 ** shift, shift: 0 },
    requant: requant!,
  });
}

/** Sums of the four gates over a vector. @param first of the operands with their weights @param bias of those with their biases */
function gates(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  first: number,
  bias: number | undefined,
): QDense {
  const weights = [0, 1, 2, 3].map((k) =>
    weightsOf(lowering, node, first + k, say`the weights ${first + k}`),
  );
  const units = lowering.tensor(node.operator.inputs[first]!).shape[0]!;
  const numbers = new Int32Array(4 * units);
  if (bias !== undefined) {
    for (const k of [0, 1, 2, 3]) numbers.set(biasOf(lowering, node, x, bias + k), k * units);
  }
  const multipliers = weights.map((w) =>
    quantizeMultiplier(Math.fround(x.scale * w.params.scale) / SUM_SCALE),
  );
  return rows(node, x, weights, numbers, multipliers, [-32768, 32767]);
}

/** @throws UserError 'model' where a bias is of another type than the sums */
function biasOf(lowering: TfliteLowering, node: TfliteNode, x: QuantizedValue, k: number): Int32Array {
  const bias = lowering.integers(node, k);
  const { type } = lowering.tensor(node.operator.inputs[k]!);
  const [numbers, needed] = x.type === 'int16' ? (['INT16', 'INT64'] as const) : (['INT8', 'INT32'] as const);
  if (type !== needed) throw wrongBias(node, type, numbers, needed);
  return bias;
}
