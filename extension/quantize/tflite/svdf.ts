import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import { SVDF_INPUTS } from '../../model/formats/tflite/svdf.ts';
import type { AccRange } from '../requantize.ts';
import { limits } from '../schemas.ts';
import { rangeOfAll, sumRanges } from '../sums.ts';
import { quantizeMultiplier } from './fixedPoint.ts';
import { checkedChannel, type TfliteLowering, wrong } from './lowering.ts';
import { paramsOf, rows, stateOf, weightsOf } from './stateful.ts';

/**
 * SVDF with numbers of int8, and a memory and weights of time of int16 or int8 (tensorflow/lite/micro/kernels/svdf_common.cc). All
 * scales' quotients are float32. Its activation is what saturation to int8 leaves. What is new in a memory of int8 is saturated behind
 * its zero point, as in newer versions; older ones let it wrap around.
 */
export function svdf(lowering: TfliteLowering, node: TfliteNode, { options }: TfliteOperator<'SVDF'>): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  if (x.type !== 'int8' || y.type !== 'int8')
    throw wrong(node, say`has numbers of INT16; it is computed exactly in int8 only`);
  const state = stateOf(lowering, node, SVDF_INPUTS.state, say`its memory`, ['int8', 'int16']);
  const time = paramsOf(lowering, node, SVDF_INPUTS.time, say`the weights of time`, ['int8', 'int16']);
  const [filters, memory] = lowering.tensor(node.operator.inputs[SVDF_INPUTS.time]!).shape as [
    number,
    number,
  ];
  const weights = Int16Array.from(lowering.integers(node, SVDF_INPUTS.time));
  const features = weightsOf(lowering, node, SVDF_INPUTS.features, say`the weights of features`);
  const units = filters / options.rank;
  const bias = lowering.has(node, SVDF_INPUTS.bias)
    ? lowering.integers(node, SVDF_INPUTS.bias)
    : new Int32Array(units);
  const first = quantizeMultiplier(quotient(x.scale, features.params.scale, state.scale));
  const second = quantizeMultiplier(quotient(state.scale, time.scale, y.scale));
  const channel = { ...wrapped(sumRanges(weights, bias, state)), ...second };
  const [requant] = lowering.requants([second.shift > 0 ? checkedChannel(node, channel) : channel], y);
  lowering.emit(node, [x, state], y, {
    kind: 'tfliteSvdf',
    features: rows(node, x, [features], new Int32Array(filters), [first], [state.lo, state.hi]),
    memory,
    weights,
    bias,
    requant: requant!,
    lo: -128,
    hi: 127,
  });
}

/** What the sums of all units can become: any number where one of them does not fit 32 bits, in which it wraps around. */
function wrapped(ranges: readonly AccRange[]): AccRange {
  const range = rangeOfAll(ranges);
  const { qmin: min, qmax: max } = limits('int32');
  return range.min >= min && range.max <= max ? range : { min, max };
}

/** a · b / c in float32. */
function quotient(a: number, b: number, c: number): number {
  return Math.fround(Math.fround(a * b) / c);
}
