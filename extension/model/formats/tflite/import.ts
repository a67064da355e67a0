import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { elements } from '../../graph.ts';
import type { Graph, Node, Value } from '../../graph.ts';
import type { Operand } from '../../import/operand.ts';
import { checkedElements, checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import { Dimensions } from '../../import/dimensions.ts';
import { liveNodes } from '../../import/fileNode.ts';
import { GraphImport, type Result } from '../../import/graphImport.ts';
import { importNetwork } from '../../import/importNetwork.ts';
import { damaged } from '../../import/refusal.ts';
import type { ImportOptions } from '../format.ts';
import { readConstant } from './constant.ts';
import { TfliteContext, type TfliteNode, tfliteNode } from './context.ts';
import { LSTM_STATES } from './lstm.ts';
import { SVDF_INPUTS } from './svdf.ts';
import { readTflite, type TfliteSubgraph } from './model.ts';
import type { ImportedNode, IntegerGraph } from './integers.ts';
import { isQuantized, quantizedOperator, tensorNames } from './network.ts';
import type { OperatorType } from './names.ts';
import { importerOf, refusedOf } from './supported.ts';
import type { TfliteTensor } from './tensor.ts';
import { type Variable, withoutVariables } from './variables.ts';

/**
 * Reads a TensorFlow Lite model into the IR: static shapes, constants folded, weights dequantized. Its maps are NHWC already.
 * Of one that is quantized the integers come along.
 *
 * @throws UserError 'input' when the bytes are no whole file, 'model' when the model cannot be expressed (a ModelRefusal where
 *   it can be drawn), 'usage' when a define is given: no dimension has a name
 */
export function importTflite(bytes: Uint8Array, options: ImportOptions): Graph | IntegerGraph {
  const { network, variables } = withoutVariables(readTflite(bytes));
  new Dimensions(options.defines).checkAllUsed();
  const names = tensorNames(network);
  checkNames(names);
  const named = (list: readonly number[]): string[] => list.map((k) => names[k]!);
  const outputs = named(network.outputs);
  checkInputNames(named(network.inputs));
  checkOutputNames(outputs);
  const inputs = network.inputs.filter((k) => network.tensors[k]!.data === undefined);
  const nodes = network.operators.map((operator, index) =>
    tfliteNode(operator, index, network.tensors, names),
  );
  const constants = constantsOf(
    network.tensors,
    new Set([...inputs, ...network.operators.flatMap((o) => o.outputs)]),
  );
  const { nodes: live, used } = liveNodes(
    nodes,
    named([...inputs, ...constants.keys(), ...variables.map((v) => v.state)]),
    outputs,
    writtenOf(variables, names),
  );
  const isInteger = quantizedOperator(network) !== undefined;
  const graph = new GraphImport(new Set(names), used);
  const kept = variables.filter(({ state }) => graph.isUsed(names[state]!));
  const imported = new Map<TfliteNode, ImportedNode>();
  const read = importNetwork(graph, {
    name: options.name,
    inputs: named(inputs).filter((name) => graph.isUsed(name)),
    outputs,
    nodes: live,
    refused: refusedOf(live),
    shapes: () => new Map(network.tensors.map((tensor, k) => [names[k]!, tensor.shape])),
    define: () => {
      for (const [k, data] of constants) {
        if (!graph.isUsed(names[k]!)) continue;
        graph.constant(names[k]!, readConstant(network.tensors[k]!, data, graph.budget));
      }
      for (const k of statesOf(live, network)) {
        const { shape } = network.tensors[k]!;
        const n = checkedElements(shape, say`State '${names[k]!}'`);
        graph.state({ name: names[k]!, shape }, new Float32Array(n));
      }
      for (const variable of kept) addVariable(graph, variable, network.tensors, names);
      for (const k of inputs)
        if (graph.isUsed(names[k]!)) graph.input(readInput(network.tensors[k]!, names[k]!));
    },
    importNode: (node) => {
      const ctx = new TfliteContext(graph, node);
      const before = graph.builder.nodeCount;
      const result = importerOf(node.file)!(ctx);
      if (isInteger) {
        checkShapes(ctx, network.tensors, result);
        imported.set(node.file, importedNode(graph.builder.nodesFrom(before), ctx, result, graph));
      }
      return result;
    },
  });
  return isInteger ? { ...read, integers: { network, names, nodes: live, variables: kept, imported } } : read;
}

function importedNode(
  nodes: readonly Node[],
  { inputs }: TfliteContext,
  result: Result,
  { builder }: GraphImport,
): ImportedNode {
  const nameOf = (operand: Operand | undefined): string | undefined =>
    operand && 'name' in operand ? operand.name : undefined;
  const results = 'kind' in result ? [result] : result;
  return {
    nodes,
    shapes: new Map(nodes.map(({ output }) => [output, builder.shapeOf(output)])),
    inputs: inputs.map(nameOf),
    outputs: results.map(nameOf),
    folded: results.map((operand) => (operand?.kind === 'float' ? operand : undefined)),
  };
}

/** What computes with the integers themselves trusts the shapes that the file gives to results. */
function checkShapes(ctx: TfliteContext, tensors: readonly TfliteTensor[], result: Result): void {
  const operands = 'kind' in result ? [result] : result;
  operands.forEach((operand, k) => {
    const tensor = tensors[ctx.node.operator.outputs[k] ?? -1];
    if (!operand || !tensor || tensor.shape.join() === operand.shape.join()) return;
    ctx.refuse(say`has the shape [${tensor.shape}], but computes [${operand.shape}]`);
  });
}

/** Tensors that the file holds, an empty one too. @param computed inputs and results of operators */
function constantsOf(
  tensors: readonly TfliteTensor[],
  computed: ReadonlySet<number>,
): ReadonlyMap<number, Uint8Array> {
  return new Map(
    tensors.flatMap(({ index, shape, data, isVariable }): [number, Uint8Array][] => {
      if (data) return [[index, data]];
      const isEmpty = elements(shape) === 0 && !isVariable && !computed.has(index);
      return isEmpty ? [[index, new Uint8Array()]] : [];
    }),
  );
}

/** By the names of variables' tensors, what they become. */
function writtenOf(variables: readonly Variable[], names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    variables.flatMap(({ state, written }): [string, string][] =>
      written === undefined ? [] : [[names[state]!, names[written]!]],
    ),
  );
}

function addVariable(
  graph: GraphImport,
  { state, written, initial }: Variable,
  tensors: readonly TfliteTensor[],
  names: readonly string[],
): void {
  const { shape, type, quantization } = tensors[state]!;
  const name = names[state]!;
  if (type !== 'FLOAT32' && !quantization) {
    throw new UserError(
      'model',
      say`Variable '${name}' has elements of ${type}; real numbers are supported, quantized or not.`,
      say`Build the model without this variable.`,
    );
  }
  const n = checkedElements(shape, say`Variable '${name}'`);
  const first = initial && readConstant({ ...initial, quantization }, initial.data!, graph.budget);
  const numbers = first?.kind === 'float' ? first.data : new Float32Array(n);
  const wrong = numbers.find((v) => !Number.isFinite(v));
  if (wrong !== undefined) {
    throw new UserError(
      'model',
      say`Variable '${name}' begins with ${wrong}; finite numbers are needed.`,
      say`Build the model with finite first values.`,
    );
  }
  graph.state({ name, shape }, numbers);
  graph.keep(name, written === undefined ? name : names[written]!);
}

/** Inputs that hold the states of layers. */
const STATES: Readonly<Partial<Record<OperatorType, readonly number[]>>> = {
  SVDF: [SVDF_INPUTS.state],
  UNIDIRECTIONAL_SEQUENCE_LSTM: LSTM_STATES,
};

/**
 * Tensors that hold the states of layers, and nothing else writes.
 * @throws UserError 'model' when something else reads one
 */
function statesOf(
  nodes: readonly TfliteNode[],
  { tensors, inputs, outputs }: TfliteSubgraph,
): ReadonlySet<number> {
  const made = new Set(nodes.flatMap(({ operator }) => operator.outputs));
  const states = nodes.flatMap(({ operator: { type, inputs } }) =>
    (STATES[type] ?? []).map((k) => inputs[k] ?? -1),
  );
  const given = new Set([...made, ...inputs]);
  const own = new Set(states.filter((k) => k >= 0 && tensors[k]!.data === undefined && !given.has(k)));
  const read = new Set<number>();
  for (const k of [...nodes.flatMap(({ operator }) => operator.inputs), ...outputs]) {
    if (own.has(k) && read.has(k))
      throw damaged(say`Tensor ${k} is the state of a layer, and read by another`);
    read.add(k);
  }
  return own;
}

/** An input with real numbers, be it one that its file quantizes. */
function readInput(tensor: TfliteTensor, name: string): Value {
  const { shape, type, signature } = tensor;
  if (type !== 'FLOAT32' && !isQuantized(tensor)) {
    throw new UserError(
      'model',
      say`Input '${name}' has elements of ${type}; FLOAT32 is supported.`,
      say`Convert the model with float32 inputs; GlowPort makes them int8 itself.`,
    );
  }
  const open = signature?.findIndex((d, k) => d === -1 && k > 0) ?? -1;
  if (open > 0) {
    throw new UserError(
      'model',
      say`Dimension ${open} of input '${name}' has no size.`,
      say`Convert the model with fixed sizes; only the batch may be open.`,
    );
  }
  checkedElements(shape, say`Input '${name}'`);
  return { name, shape };
}
