import { say } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import type { Graph, Node, Shape } from '../../graph.ts';
import type { FloatConstant } from '../../import/operand.ts';
import { damaged } from '../../import/refusal.ts';
import { INTEGER_READERS, SIZES } from './constant.ts';
import type { TfliteNode } from './context.ts';
import type { TfliteSubgraph } from './model.ts';
import type { Variable } from './variables.ts';
import type { TfliteTensor } from './tensor.ts';

/** Operators whose int8 and uint8 numbers are computed exactly (quantize/tflite/network.ts), beside those on shapes. */
export const INTEGER_OPERATORS = [
  ...(['ABS', 'ADD', 'ARG_MAX', 'ARG_MIN', 'AVERAGE_POOL_2D', 'BROADCAST_TO', 'CONCATENATION', 'CONV_2D', 'DEPTH_TO_SPACE', 'DEPTHWISE_CONV_2D'] as const),
  ...(['DEQUANTIZE', 'ELU', 'EXPAND_DIMS', 'FULLY_CONNECTED', 'GATHER', 'HARD_SWISH', 'LEAKY_RELU', 'LOG_SOFTMAX', 'LOGISTIC'] as const),
  ...(['MAX_POOL_2D', 'MAXIMUM', 'MEAN', 'MINIMUM', 'MIRROR_PAD', 'MUL', 'PACK', 'PAD', 'PADV2', 'PRELU', 'QUANTIZE'] as const),
  ...(['READ_VARIABLE', 'REDUCE_MAX', 'REDUCE_MIN', 'RELU', 'RELU6', 'RESHAPE', 'RESIZE_BILINEAR', 'RESIZE_NEAREST_NEIGHBOR', 'REVERSE_V2'] as const),
  ...(['RSQRT', 'SLICE', 'SOFTMAX', 'SPACE_TO_DEPTH', 'SPLIT', 'SPLIT_V', 'SQUARED_DIFFERENCE', 'SQUEEZE', 'STRIDED_SLICE'] as const),
  ...(['SUB', 'SUM', 'SVDF', 'TANH', 'TILE', 'TRANSPOSE', 'TRANSPOSE_CONV', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'UNPACK'] as const),
] as const; // prettier-ignore

export type IntegerOperator = (typeof INTEGER_OPERATORS)[number];

/** Those that are computed in int16, too: of symmetric numbers, which TensorFlow Lite takes no zero point off, or of any. */
export const INT16_OPERATORS: Readonly<Partial<Record<IntegerOperator, 'symmetric' | 'any'>>> = {
  ...all('symmetric', ['ABS', 'ADD', 'AVERAGE_POOL_2D', 'CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'LEAKY_RELU']),
  ...all('symmetric', ['LOGISTIC', 'MEAN', 'MUL', 'PRELU', 'RELU', 'RELU6', 'SUB', 'SUM', 'TANH', 'TRANSPOSE_CONV']),
  ...all('symmetric', ['UNIDIRECTIONAL_SEQUENCE_LSTM']),
  ...all('any', ['BROADCAST_TO', 'CONCATENATION', 'DEQUANTIZE', 'EXPAND_DIMS', 'GATHER', 'MAX_POOL_2D', 'MAXIMUM']),
  ...all('any', ['MINIMUM', 'MIRROR_PAD', 'PACK', 'PAD', 'PADV2', 'QUANTIZE', 'READ_VARIABLE', 'REDUCE_MAX', 'RESHAPE', 'REVERSE_V2']),
  ...all('any', ['RESIZE_NEAREST_NEIGHBOR', 'SLICE', 'SOFTMAX', 'SPLIT', 'SPLIT_V', 'SQUEEZE', 'STRIDED_SLICE']),
  ...all('any', ['TILE', 'TRANSPOSE', 'UNPACK']),
}; // prettier-ignore

function all<T>(value: T, names: readonly IntegerOperator[]): Partial<Record<IntegerOperator, T>> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** A network that its file has in integers. The graph is the same network in real numbers. */
export interface IntegerGraph extends Graph {
  readonly integers: IntegerNetwork;
}

/** What computes with the integers themselves needs: see quantize/tflite/. */
export interface IntegerNetwork {
  readonly network: TfliteSubgraph;
  /** By the tensors' indices: the values' names in the graph. */
  readonly names: readonly string[];
  /** The operators that some output depends on, in their order. */
  readonly nodes: readonly TfliteNode[];
  readonly variables: readonly Variable[];
  /** What became of each in the graph, before any pass. */
  readonly imported: ReadonlyMap<TfliteNode, ImportedNode>;
}

/** An operator as nodes of the IR. */
export interface ImportedNode {
  readonly nodes: readonly Node[];
  /** Shapes of what they define. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Names of the values that the operator reads and makes, in its order; undefined for constants and for what is left out. */
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly (string | undefined)[];
  /** Results that are constants, for nothing else goes into them; in the same order. */
  readonly folded: readonly (FloatConstant | undefined)[];
}

export function isIntegerGraph(graph: Graph): graph is IntegerGraph {
  return 'integers' in graph;
}

/** Whether numbers of int16 flow through a network. */
export function hasInt16({ integers: { network, nodes } }: IntegerGraph): boolean {
  return nodes.some(({ operator }) => operator.outputs.some((k) => network.tensors[k]?.type === 'INT16'));
}

/** The integers that a tensor holds; undefined for one that is computed. @throws UserError 'model' on other types */
export function integersOf(tensor: TfliteTensor): Int32Array | undefined {
  const { data, type, shape } = tensor;
  if (!data) return undefined;
  const read = INTEGER_READERS[type];
  const count = elements(shape);
  if (!read || tensor.sparsity || data.length !== count * SIZES[type]!) {
    throw damaged(say`Tensor ${tensor.index}, '${tensor.name}', holds no integers that can be computed with`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Int32Array.from({ length: count }, (_, i) => {
    const q = read(view, i);
    if (q === (q | 0)) return q;
    throw damaged(say`Tensor ${tensor.index}, '${tensor.name}', holds ${q}, which does not fit 32 bits`);
  });
}
