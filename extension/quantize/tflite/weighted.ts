import type { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { singleWindow } from '../../model/window.ts';
import { elements } from '../../model/graph.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { FusedActivation, TensorType } from '../../model/formats/tflite/names.ts';
import { precisionOf, type QuantizedValue, type WeightedNode } from '../quantizedGraph.ts';
import type { QuantParams } from '../schemas.ts';
import { quantizeMultiplier } from './fixedPoint.ts';
import { checkedChannel, importedOf, type TfliteLowering, wrong } from './lowering.ts';
import { sumRanges } from '../sums.ts';
import { wideRequants } from './wide.ts';

/** CONV_2D. Weights: [out, height, width, in / groups]. */
export function conv2d(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'CONV_2D'>,
): void {
  convolve(
    lowering,
    node,
    weightsOf(lowering, node, 0, (w) => w),
    options.activation,
  );
}

/** DEPTHWISE_CONV_2D. Weights: [1, height, width, in · multiplier], the outputs of a channel side by side. */
export function depthwiseConv2d(
  lowering: TfliteLowering,
  node: TfliteNode,
  { inputs, options }: TfliteOperator<'DEPTHWISE_CONV_2D'>,
): void {
  const [, height, width, outChannels] = lowering.tensor(inputs[1]!).shape as [
    number,
    number,
    number,
    number,
  ];
  const taps = height * width;
  const weights = weightsOf(lowering, node, 3, (w) => {
    const ordered = new Int32Array(w.length);
    for (let t = 0; t < taps; t++)
      for (let k = 0; k < outChannels; k++) ordered[k * taps + t] = w[t * outChannels + k]!;
    return ordered;
  });
  convolve(lowering, node, weights, options.activation);
}

/** The window and the groups are those of the graph of real numbers. */
function convolve(
  lowering: TfliteLowering,
  node: TfliteNode,
  weights: Weights,
  activation: FusedActivation,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node, activation);
  const { kernel, strides, dilations, pads, groups, bias } = importedOf(lowering, node, 'conv2d');
  const spec = layer(lowering, node, x, y, weights, bias.length);
  lowering.emit(node, [x], y, { kind: 'conv2d', ...spec, kernel, strides, dilations, pads, groups });
}

/** FULLY_CONNECTED: a dense layer for one row of inputs, a 1x1 convolution over the rows when there are several. */
export function fullyConnected(
  lowering: TfliteLowering,
  node: TfliteNode,
  operator: TfliteOperator<'FULLY_CONNECTED'>,
): void {
  const x = lowering.operand(node, 0);
  const [outputs, inputs] = lowering.tensor(operator.inputs[1]!).shape as [number, number];
  const weights = weightsOf(lowering, node, 0, (w) => w);
  const rows = elements(x.shape) / inputs;
  const y = lowering.result(node, operator.options.activation);
  if (rows === 1) {
    lowering.emit(node, [x], y, { kind: 'dense', ...layer(lowering, node, x, y, weights, outputs) });
    return;
  }
  const matrix = lowering.reshaped(node, x, [1, 1, rows, inputs], 'rows');
  const spec = {
    kind: 'conv2d',
    ...layer(lowering, node, x, y, weights, outputs),
    ...singleWindow(1, 1),
    groups: 1,
  } as const;
  const shape = [1, 1, rows, outputs];
  if (y.shape.join() === shape.join()) lowering.emit(node, [matrix], y, spec);
  else {
    const map = lowering.emit(node, [matrix], lowering.inner(node, 'map', { ...y, shape }), spec);
    lowering.emit(node, [map], y, { kind: 'reshape' });
  }
}

/** Weights without their zero points, by output channel, and their parameters. */
export interface Weights {
  readonly numbers: Int16Array;
  readonly params: readonly QuantParams[];
}

/** @param dimension of the output channels @param order brings the output channels to the front */
export function weightsOf(
  lowering: TfliteLowering,
  node: TfliteNode,
  dimension: number,
  order: (weights: Int32Array) => Int32Array,
): Weights {
  const tensor = lowering.tensor(node.operator.inputs[1] ?? -1);
  const stored = lowering.integers(node, 1);
  const channels = tensor.shape[dimension]!;
  const { quantization, type } = tensor;
  if (!quantization || (type !== 'INT8' && type !== 'UINT8')) {
    throw wrong(node, say`has weights of ${type}; int8 and uint8 are computed exactly`);
  }
  const { scales, zeroPoints } = quantization;
  if (scales.length !== 1 && scales.length !== channels) {
    throw wrong(node, say`has ${scales.length} scales for ${channels} output channels`);
  }
  const params = Array.from({ length: channels }, (_, k) => ({
    scale: scales[k] ?? scales[0]!,
    offset: zeroPoints[k] ?? zeroPoints[0]!,
  }));
  if (params.some((p) => !(p.scale >= 0 && Number.isFinite(p.scale)) || Math.abs(p.offset) > 255)) {
    throw wrong(node, say`has weights with a scale or a zero point that is none`);
  }
  const ordered = order(stored);
  const taps = ordered.length / channels;
  const numbers = Int16Array.from(ordered, (w, i) => w - params[Math.floor(i / taps)]!.offset);
  return { numbers, params: scales.length === 1 ? params.slice(0, 1) : params };
}

/** Weights, bias and requantization of a layer. */
function layer(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  y: QuantizedValue,
  weights: Weights,
  outChannels: number,
): Omit<WeightedNode, 'name' | 'inputs' | 'output'> {
  return requantized(lowering, node, x, y, weights, biasOf(lowering, node, outChannels, 2));
}

/** What sums begin with, and what they are computed in: of int64 ones the requantization is another. */
export interface Bias {
  readonly numbers: Int32Array;
  readonly sums: 'int32' | 'int64';
}

/** @param k where the bias is among the operands; zeros where it is left out */
export function biasOf(lowering: TfliteLowering, node: TfliteNode, outChannels: number, k: number): Bias {
  const numbers = lowering.has(node, k) ? lowering.integers(node, k) : new Int32Array(outChannels);
  if (numbers.length === outChannels) return { numbers, sums: sumsOf(lowering, node, k) };
  throw wrong(node, say`has ${numbers.length} bias values for ${outChannels} outputs`);
}

/** A bias of another type than a layer's numbers ask for. */
export function wrongBias(
  node: TfliteNode,
  type: TensorType,
  numbers: TensorType,
  needed: TensorType,
): UserError {
  return wrong(node, say`has a bias of ${type}, where its numbers of ${numbers} need one of ${needed}`);
}

/** Weights of int8 and numbers of int16 are summed up in int64, but for operators that may have a bias of int32 (conv.cc, fully_connected.cc). */
function sumsOf(lowering: TfliteLowering, node: TfliteNode, k: number): Bias['sums'] {
  const { operator } = node;
  if (lowering.tensor(operator.outputs[0]!).type !== 'INT16') return 'int32';
  const mayChoose = operator.type === 'CONV_2D' || operator.type === 'FULLY_CONNECTED';
  const given = lowering.has(node, k) ? lowering.tensor(operator.inputs[k]!).type : undefined;
  if (given === 'INT32' && !mayChoose) {
    throw wrongBias(node, 'INT32', 'INT16', 'INT64');
  }
  return mayChoose && (given ?? operator.options.biasType) === 'INT32' ? 'int32' : 'int64';
}

/**
 * Scale of x · scale of the weights in float64 (PopulateConvolutionQuantizationParams, tensorflow/lite/kernels/kernel_util.cc); for a
 * FULLY_CONNECTED with one scale in float32 (GetQuantizedConvolutionMultipler there, CalculateOpDataFullyConnected in
 * tensorflow/lite/micro/kernels/fully_connected_common.cc).
 */
function productScale(node: TfliteNode, scale: number, ofWeights: number, scales: number): number {
  const product = scale * ofWeights;
  return node.type === 'FULLY_CONNECTED' && scales === 1 ? Math.fround(product) : product;
}

/** Weights with their bias and requantization. */
export function requantized(
  lowering: TfliteLowering,
  node: TfliteNode,
  x: QuantizedValue,
  y: QuantizedValue,
  { numbers, params }: Weights,
  { numbers: bias, sums }: Bias,
): Omit<WeightedNode, 'name' | 'inputs' | 'output'> {
  const outChannels = bias.length;
  const channels = sumRanges(numbers, bias, x).map((range, k) => {
    const { scale } = params[k] ?? params[0]!;
    return { ...range, ...quantizeMultiplier(productScale(node, x.scale, scale, params.length) / y.scale) };
  });
  const requant =
    sums === 'int64'
      ? wideRequants(node, channels)
      : lowering.requants(
          channels.map((c) => checkedChannel(node, c, precisionOf(y))),
          y,
        );
  return { weights: numbers, weightParams: params, bias, requant, outChannels, lo: y.lo, hi: y.hi };
}
