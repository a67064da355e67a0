import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import {
  INTEGER_OPERATORS,
  type IntegerGraph,
  type IntegerNetwork,
  type IntegerOperator,
} from '../../model/formats/tflite/integers.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { OperatorType } from '../../model/formats/tflite/names.ts';
import type { Rounding } from '../options.ts';
import type { QuantizedGraph } from '../quantizedGraph.ts';
import {
  abs,
  elu,
  extreme,
  leakyRelu,
  logistic,
  mul,
  prelu,
  relu,
  relu6,
  requantize,
  rsqrt,
  softmax,
  squaredDifference,
  sum,
  swish,
  tanh,
} from './elementwise.ts';
import { checkInt16 } from './int16.ts';
import { ofNode, TfliteLowering } from './lowering.ts';
import { concatenation, moved, pack, pad, reshape, transpose } from './move.ts';
import { lstm } from './lstm.ts';
import { averagePool, maxPool, mean, reduceMax, reduceMin } from './pool.ts';
import { position } from './position.ts';
import { drawable, IntegerRefusals } from './refusals.ts';
import { resizeBilinear } from './resize.ts';
import { logSoftmax } from './rows.ts';
import { svdf } from './svdf.ts';
import { transposeConv } from './transposeConv.ts';
import { conv2d, depthwiseConv2d, fullyConnected } from './weighted.ts';

type Lower<K extends OperatorType = OperatorType> = (
  lowering: TfliteLowering,
  node: TfliteNode,
  operator: TfliteOperator<K>,
) => void;

/** Every operator whose integers are computed exactly as TensorFlow Lite Micro does. */
const OPERATORS: { readonly [K in IntegerOperator]: Lower<K> } = {
  ABS: abs,
  ADD: sum(false),
  ARG_MAX: position('max'),
  ARG_MIN: position('min'),
  AVERAGE_POOL_2D: averagePool,
  BROADCAST_TO: moved,
  CONCATENATION: concatenation,
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  DEPTH_TO_SPACE: moved,
  DEQUANTIZE: (lowering, node) => lowering.dequantized(node),
  ELU: elu,
  EXPAND_DIMS: reshape,
  FULLY_CONNECTED: fullyConnected,
  GATHER: moved,
  HARD_SWISH: swish,
  LEAKY_RELU: leakyRelu,
  LOG_SOFTMAX: logSoftmax,
  LOGISTIC: logistic,
  MAX_POOL_2D: maxPool,
  MAXIMUM: extreme('max'),
  MEAN: mean(true),
  MINIMUM: extreme('min'),
  MIRROR_PAD: moved,
  MUL: mul,
  PACK: pack,
  PAD: pad,
  PADV2: pad,
  PRELU: prelu,
  QUANTIZE: requantize,
  READ_VARIABLE: (lowering, node) => lowering.read(node),
  REDUCE_MAX: reduceMax,
  REDUCE_MIN: reduceMin,
  RELU: relu,
  RELU6: relu6,
  RESHAPE: reshape,
  RESIZE_BILINEAR: resizeBilinear,
  RESIZE_NEAREST_NEIGHBOR: moved,
  REVERSE_V2: moved,
  RSQRT: rsqrt,
  SLICE: moved,
  SOFTMAX: softmax,
  SPACE_TO_DEPTH: moved,
  SPLIT: moved,
  SPLIT_V: moved,
  SQUARED_DIFFERENCE: squaredDifference,
  SQUEEZE: reshape,
  STRIDED_SLICE: moved,
  SUB: sum(true),
  SUM: mean(false),
  SVDF: svdf,
  TANH: tanh,
  TILE: moved,
  TRANSPOSE: transpose,
  TRANSPOSE_CONV: transposeConv,
  UNIDIRECTIONAL_SEQUENCE_LSTM: lstm,
  UNPACK: moved,
};

const OF_SHAPES: ReadonlySet<string> = new Set(['INT32', 'INT64', 'BOOL']);

/**
 * The quantized graph of a network whose file has it in integers, with the file's own parameters: it computes what TensorFlow Lite
 * Micro's reference kernels compute, bit for bit. Float placeholders at the ends are quantized ones here.
 *
 * @throws ModelRefusal of all nodes whose operators or types are not computed so
 */
export function tfliteIntegers(graph: IntegerGraph, rounding: Rounding = 'exact'): QuantizedGraph {
  return drawable(graph, () => lowered(graph, rounding));
}

function lowered({ name, inputs, outputs, integers }: IntegerGraph, rounding: Rounding): QuantizedGraph {
  const { network, nodes, variables } = integers;
  const refusals = new IntegerRefusals();
  const lowering = new TfliteLowering(integers, rounding);
  const quantizers = new Map(
    nodes.filter((n) => n.type === 'QUANTIZE').map((n) => [n.operator.inputs[0]!, n.operator.outputs[0]!]),
  );
  for (const k of network.inputs) {
    const input = lowering.nameOf(k);
    if (!inputs.some((i) => i.name === input)) continue;
    lowering.input(input, lowering.isFloat(k) ? (quantizers.get(k) ?? k) : k);
  }
  for (const { state, initial } of variables) lowering.variable(state, initial);
  for (const node of nodes) {
    const [result] = node.operator.outputs;
    if (result === undefined || computesShapes(node, integers)) continue;
    const lower = lowererOf(lowering, node);
    refusals.of(node, lower && (() => ofNode(node, () => lower(lowering, node, node.operator))));
  }
  refusals.check();
  for (const { state, written } of variables) lowering.keep(state, written ?? state);
  return lowering.finish(
    name,
    inputs.map((i) => i.name),
    outputs,
  );
}

/** Shapes are static: what computes them has nothing to do. Positions are integers, too, and flow. */
function computesShapes(node: TfliteNode, { network, imported }: IntegerNetwork): boolean {
  const result = network.tensors[node.operator.outputs[0] ?? -1];
  if (!result || !OF_SHAPES.has(result.type)) return false;
  return imported.get(node)!.outputs.every((name) => name === undefined);
}

/** What lowers a node; undefined for an operator that is not supported. */
function lowererOf(lowering: TfliteLowering, { type, operator }: TfliteNode): Lower | undefined {
  if (type === 'QUANTIZE' && lowering.isFloat(operator.inputs[0] ?? -1)) return (l, n) => l.quantized(n);
  if (!INTEGER_OPERATORS.some((known) => known === type)) return undefined;
  const lower = OPERATORS[type as IntegerOperator] as Lower;
  return (l, node, o) => {
    checkInt16(l, node);
    lower(l, node, o);
  };
}
