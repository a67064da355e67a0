import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
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
  sum,
  swish,
  tanh,
} from './elementwise.ts';
import { ofNode, TfliteLowering, wrong } from './lowering.ts';
import { concatenation, moved, pack, pad, reshape, transpose } from './move.ts';
import { averagePool, maxPool, mean, reduceMax } from './pool.ts';
import { lstm } from './lstm.ts';
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
  AVERAGE_POOL_2D: averagePool,
  BROADCAST_TO: moved,
  CONCATENATION: concatenation,
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  DEQUANTIZE: (lowering, node) => lowering.dequantized(node),
  ELU: elu,
  EXPAND_DIMS: reshape,
  FULLY_CONNECTED: fullyConnected,
  GATHER: moved,
  HARD_SWISH: swish,
  LEAKY_RELU: leakyRelu,
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
  READ_VARIABLE: (lowering, node) => lowering.same(node),
  REDUCE_MAX: reduceMax,
  RELU: relu,
  RELU6: relu6,
  RESHAPE: reshape,
  RESIZE_NEAREST_NEIGHBOR: moved,
  REVERSE_V2: moved,
  RSQRT: rsqrt,
  SLICE: moved,
  SOFTMAX: softmax,
  SPLIT: moved,
  SPLIT_V: moved,
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

/** Those that are computed in int16, too. */
const IN_INT16: ReadonlySet<string> = new Set<IntegerOperator>([
  ...(['BROADCAST_TO', 'CONCATENATION', 'DEQUANTIZE', 'EXPAND_DIMS', 'GATHER', 'MIRROR_PAD', 'PACK', 'PAD'] as const),
  ...(['PADV2', 'READ_VARIABLE', 'RESHAPE', 'RESIZE_NEAREST_NEIGHBOR', 'REVERSE_V2', 'SLICE', 'SPLIT', 'SPLIT_V', 'SQUEEZE'] as const),
  ...(['STRIDED_SLICE', 'TILE', 'TRANSPOSE', 'UNPACK'] as const),
]); // prettier-ignore

/** Those whose numbers are int8, but what they keep, or are told, may be int16: they look at each type themselves. */
const MIXED: ReadonlySet<string> = new Set<IntegerOperator>(['SVDF', 'UNIDIRECTIONAL_SEQUENCE_LSTM']);

/** Shapes are static: what computes them has nothing to do. */
const OF_SHAPES: ReadonlySet<string> = new Set(['INT32', 'INT64', 'BOOL']);

/**
 * The quantized graph of a network whose file has it in integers, with the file's own parameters: it computes what TensorFlow Lite
 * Micro's reference kernels compute, bit for bit. Float placeholders at the ends are quantized ones here.
 *
 * @throws UserError 'model' for operators and types that are not computed so
 */
export function tfliteIntegers(
  { name, inputs, outputs, integers }: IntegerGraph,
  rounding: Rounding = 'exact',
): QuantizedGraph {
  const { network, nodes, variables } = integers;
  refuseUnsupported(integers);
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
    if (result === undefined || computesShapes(node, network)) continue;
    const from = node.operator.inputs[0] ?? -1;
    if (node.type === 'QUANTIZE' && lowering.isFloat(from)) {
      lowering.quantized(node);
    } else {
      refuseInt16(node, network);
      const lower = OPERATORS[node.type as IntegerOperator] as Lower;
      ofNode(node, () => lower(lowering, node, node.operator));
    }
  }
  for (const { state, written } of variables) lowering.keep(state, written ?? state);
  return lowering.finish(
    name,
    inputs.map((i) => i.name),
    outputs,
  );
}

function computesShapes({ type, operator }: TfliteNode, { tensors }: IntegerNetwork['network']): boolean {
  const result = tensors[operator.outputs[0] ?? -1];
  return type !== 'QUANTIZE' && result !== undefined && OF_SHAPES.has(result.type);
}

/** @throws UserError 'model' for an operator on int16 numbers that is computed in int8 only */
function refuseInt16(node: TfliteNode, { tensors }: IntegerNetwork['network']): void {
  const { inputs, outputs } = node.operator;
  if (
    IN_INT16.has(node.type) ||
    MIXED.has(node.type) ||
    ![...inputs, ...outputs].some((k) => tensors[k]?.type === 'INT16')
  )
    return;
  throw wrong(node, say`has numbers of INT16; it is computed exactly in int8 only`);
}

function refuseUnsupported({ nodes, network }: IntegerNetwork): void {
  const known = new Set<string>(INTEGER_OPERATORS);
  const others = nodes.filter((n) => !computesShapes(n, network) && !known.has(n.type));
  if (others.length === 0) return;
  const types = [...new Set(others.map((n) => n.type))];
  throw new UserError(
    'model',
    types.length === 1
      ? say`The model is quantized, and has an operator that is not computed in integers yet: ${types} (operator ${others[0]!.index}).`
      : say`The model is quantized, and has ${types.length} operators that are not computed in integers yet: ${types}.`,
    say`Give the float32 model from before quantization: GlowPort quantizes it itself.`,
  );
}
