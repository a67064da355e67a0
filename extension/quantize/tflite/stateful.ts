import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { QDense, QuantizedValue } from '../quantizedGraph.ts';
import { limits, type Precision, type QuantParams } from '../schemas.ts';
import { sumRanges } from '../sums.ts';
import type { Multiplier } from './fixedPoint.ts';
import { checkedChannel, checkedParams, PRECISION_OF, type TfliteLowering, wrong } from './lowering.ts';
import { alwaysExact } from './requant.ts';
import { wideRequants } from './wide.ts';

/** Scale and zero point of an operand with one of each, and its type. @param what names it: "the cell state" */
export function paramsOf(
  lowering: TfliteLowering,
  node: TfliteNode,
  k: number,
  what: Sentence,
  types: readonly Precision[],
): QuantParams & { readonly type: Precision } {
  const tensor = lowering.tensor(node.operator.inputs[k] ?? -1);
  const { type, quantization } = tensor;
  const found = type === 'INT8' || type === 'INT16' ? PRECISION_OF[type] : undefined;
  if (!found || !types.includes(found) || quantization?.scales.length !== 1) {
    throw wrong(
      node,
      say`has numbers of ${type} for ${what}, or not one scale; ${types} with one scale is computed exactly`,
    );
  }
  const params = checkedParams(node, tensor, found, what);
  if (found === 'int16' && params.offset !== 0)
    throw wrong(node, say`has the zero point ${params.offset} for ${what}`);
  return { type: found, ...params };
}

/** The state that an operand holds: zeros at first. */
export function stateOf(
  lowering: TfliteLowering,
  node: TfliteNode,
  k: number,
  what: Sentence,
  types: readonly Precision[],
): QuantizedValue {
  const params = paramsOf(lowering, node, k, what, types);
  const index = node.operator.inputs[k]!;
  const { qmin: lo, qmax: hi } = limits(params.type);
  const { shape } = lowering.tensor(index);
  return lowering.state({ name: lowering.nameOf(index), shape, ...params, lo, hi });
}

/** Weights of int8 and one scale as they are. */
export function weightsOf(
  lowering: TfliteLowering,
  node: TfliteNode,
  k: number,
  what: Sentence,
): { readonly numbers: Int16Array; readonly params: QuantParams } {
  const params = paramsOf(lowering, node, k, what, ['int8']);
  if (params.offset !== 0) throw wrong(node, say`has the zero point ${params.offset} for ${what}`);
  return { numbers: Int16Array.from(lowering.integers(node, k)), params };
}

/**
 * Rows of weights with a multiplier each, requantized as TensorFlow Lite does, whose results stay inside of a node. Of numbers of int16
 * the sums are int64.
 */
export function rows(
  node: TfliteNode,
  x: QuantizedValue,
  weights: readonly { readonly numbers: Int16Array; readonly params: QuantParams }[],
  bias: Int32Array,
  multipliers: readonly Multiplier[],
  [lo, hi]: readonly [number, number],
): QDense {
  const numbers = Int16Array.from(weights.flatMap((w) => Array.from(w.numbers)));
  const perBlock = bias.length / weights.length;
  const channels = sumRanges(numbers, bias, x).map((range, k) => ({
    ...range,
    ...multipliers[Math.floor(k / perBlock)]!,
  }));
  return {
    ...{ kind: 'dense', name: node.name, inputs: [], output: '' },
    weights: numbers,
    weightParams: Array.from(bias, (_, k) => weights[Math.floor(k / perBlock)]!.params),
    bias,
    requant:
      x.type === 'int16'
        ? wideRequants(node, channels)
        : alwaysExact(channels.map((channel) => checkedChannel(node, channel))),
    outChannels: bias.length,
    lo,
    hi,
  };
}
