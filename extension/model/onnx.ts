import { UserError } from '../common/error.ts';
import { hasControls } from '../common/errors/printable.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { elements } from './graph.ts';
import type { Graph, Value } from './graph.ts';
import { GraphBuilder, unused } from './builder.ts';
import { macsOf } from './macs.ts';
import { optimize } from './passes/optimize.ts';
import { ConstantBudget, OperatorContext } from './onnx/context.ts';
import type { Operand } from './onnx/context.ts';
import { LIMITS } from './onnx/limits.ts';
import { OPERATORS } from './onnx/operators.ts';
import { decodeModel, toNumber } from './onnx/proto.ts';
import type { DimensionProto, GraphProto, ModelProto, NodeProto, ValueInfoProto } from './onnx/proto.ts';
import { checkedElements, FLOAT, readTensor, typeName } from './onnx/tensor.ts';

export interface ImportOptions {
  /** Name of the model: the file's name without its ending. */
  readonly name: string;
  /** Sizes of symbolic dimensions, as given by `--define N=1`. A batch without one is 1. */
  readonly defines?: Readonly<Record<string, number>>;
}

/**
 * Reads an ONNX model into the IR: NHWC, batch 1, static shapes, constants folded, transposes removed where they can
 * be, BatchNormalization and activations fused.
 *
 * @throws UserError 'input' when the bytes are no whole ONNX model, 'model' when the model cannot be expressed
 *   (naming node and operator), 'usage' when a define fits no dimension
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions): Graph {
  return optimize(importUnoptimized(bytes, options));
}

/** The graph as the file has it, a transpose before and after each NCHW operator; `importOnnx` without its passes. */
export function importUnoptimized(bytes: Uint8Array, options: ImportOptions): Graph {
  const model = decodeModel(bytes);
  const graph = model.graph!;
  const opset = readOpset(model);
  checkGraph(graph);
  const producers = producersOf(graph);
  const live = liveNodes(graph, producers);
  const used = new Set([...graph.output.map((o) => o.name), ...live.flatMap((n) => n.input)]);

  const builder = new GraphBuilder(namesOf(graph));
  const env = new Map<string, Operand>();
  for (const t of graph.initializer) {
    if (used.has(t.name)) env.set(t.name, readTensor(t, say`Initializer '${t.name}'`));
  }
  const inputs = graph.input.filter((i) => used.has(i.name) && !env.has(i.name));
  for (const value of readInputs(inputs, options.defines ?? {})) {
    builder.input(value);
    env.set(value.name, { kind: 'value', ...value });
  }

  const nodeNames = new Set<string>();
  const nextName = new Map<string, number>();
  const budget = new ConstantBudget();
  for (const [k, node] of live.entries()) {
    const nodeName = unused(node.name || `${node.opType}_${k}`, (n) => nodeNames.has(n), nextName);
    nodeNames.add(nodeName);
    const operands = node.input.map((name) => {
      if (name === '') return undefined;
      const operand = env.get(name);
      if (!operand) {
        throw damaged(
          say`${node.opType} node '${nodeName}' reads '${name}', which nothing before it defines`,
        );
      }
      return operand;
    });
    const importer = findImporter(node, nodeName);
    const isUsed = (name: string) => used.has(name);
    const ctx = new OperatorContext({ opset, node, nodeName, inputs: operands, builder, budget, isUsed });
    const result = importer(ctx);
    if (result.kind !== 'value') budget.spend(result.data.length);
    const output = node.output[0];
    if (output) env.set(output, result);
  }

  const inputNames = new Set(inputs.map((i) => i.name));
  for (const { name } of graph.output) defineOutput(builder, env.get(name), name, inputNames.has(name));
  const result = builder.finish(
    options.name,
    graph.output.map((o) => o.name),
  );
  checkSize(result);
  return result;
}

// ----------------------------------------------------------------------------------------------------------- the file

function damaged(what: Sentence): UserError {
  return new UserError('model', say`${what}.`, say`Export the model again: the file is damaged.`);
}

function readOpset(model: ModelProto): number {
  const entry = model.opsetImport.find((o) => o.domain === '' || o.domain === 'ai.onnx');
  const opset = entry ? toNumber(entry.version) : undefined;
  if (opset === undefined || opset < LIMITS.minOpset || opset > LIMITS.maxOpset) {
    throw new UserError(
      'model',
      say`The model uses ai.onnx operator set ${opset ?? say`of no version`}; ${LIMITS.minOpset} to ${LIMITS.maxOpset} are supported.`,
      say`Export it with another opset (torch.onnx.export: opset_version, tf2onnx: --opset), or convert it with onnx.version_converter.`,
    );
  }
  if (model.functions.length > 0) {
    throw new UserError(
      'model',
      say`The model defines ${model.functions.length} functions of its own, which are not read.`,
      say`Inline them with onnx.inliner.inline_local_functions.`,
    );
  }
  return opset;
}

function checkGraph(graph: GraphProto): void {
  if (graph.node.length > LIMITS.nodes) {
    throw new UserError(
      'model',
      say`The model has ${graph.node.length} nodes; at most ${LIMITS.nodes} are read.`,
      say`Choose a model made for a microcontroller.`,
    );
  }
  if (graph.sparseInitializer.length > 0) {
    throw new UserError(
      'model',
      say`The model has sparse weights, which are not read.`,
      say`Export it with dense weights.`,
    );
  }
  if (graph.output.length === 0) throw damaged(say`The model has no output`);
  for (const name of [...namesOf(graph), ...graph.node.map((n) => n.name)]) {
    if (name.length > LIMITS.nameLength)
      throw damaged(say`A name in the model has ${name.length} characters`);
    if (hasControls(name)) throw damaged(say`The name '${name}' in the model has control characters`);
  }
  const once = new Set<string>();
  for (const { name } of graph.output) {
    if (name === '') throw damaged(say`An output of the model has no name`);
    if (once.has(name)) throw damaged(say`The model lists output '${name}' twice`);
    once.add(name);
  }
}

/** Every name of a tensor in the file. */
function namesOf(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const list of [graph.initializer, graph.input, graph.output])
    for (const { name } of list) names.add(name);
  for (const node of graph.node) for (const name of node.output) names.add(name);
  return names;
}

/** Which node makes a tensor. ONNX wants each name defined once. */
function producersOf(graph: GraphProto): Map<string, NodeProto> {
  const initializers = new Set<string>();
  for (const { name } of graph.initializer) {
    if (initializers.has(name)) throw damaged(say`The model defines initializer '${name}' twice`);
    initializers.add(name);
  }
  const defined = new Set([...initializers, ...graph.input.map((i) => i.name)]);
  const producers = new Map<string, NodeProto>();
  for (const node of graph.node) {
    for (const name of node.output) {
      if (name === '') continue;
      if (defined.has(name)) throw damaged(say`The model defines '${name}' twice`);
      defined.add(name);
      producers.set(name, node);
    }
  }
  return producers;
}

/** The nodes some output depends on, in the file's order. */
function liveNodes(graph: GraphProto, producers: ReadonlyMap<string, NodeProto>): readonly NodeProto[] {
  const live = new Set<NodeProto>();
  const todo = graph.output.map((o) => o.name);
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const node = producers.get(name);
    if (!node || live.has(node)) continue;
    live.add(node);
    for (const input of node.input) todo.push(input);
  }
  return graph.node.filter((n) => live.has(n));
}

function findImporter(node: NodeProto, nodeName: string): (ctx: OperatorContext) => Operand {
  const own = node.domain === '' || node.domain === 'ai.onnx';
  const importer = own ? OPERATORS.get(node.opType) : undefined;
  if (importer) return importer;
  const quantized = /Quantize|QLinear|Integer$/.test(node.opType);
  throw new UserError(
    'model',
    say`Node '${nodeName}' is ${own ? node.opType : `${node.domain}.${node.opType}`}, an operator that is not supported.`,
    quantized
      ? say`Give the float32 model from before quantization: GlowPort quantizes it itself.`
      : say`Supported are ${[...OPERATORS.keys()]} of ai.onnx ${LIMITS.minOpset} to ${LIMITS.maxOpset}.`,
  );
}

// ------------------------------------------------------------------------------------------------- inputs and outputs

function readInputs(inputs: readonly ValueInfoProto[], defines: Readonly<Record<string, number>>): Value[] {
  if (inputs.length === 0) {
    throw new UserError(
      'model',
      say`No output of the model depends on an input.`,
      say`Export the model with an input.`,
    );
  }
  for (const [symbol, size] of Object.entries(defines)) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new UserError(
        'usage',
        say`The define ${symbol}=${size} is no size.`,
        say`Give a whole number from 1 on.`,
      );
    }
  }
  const symbols = new Set<string>();
  const values = inputs.map((input) => readInput(input, defines, symbols));
  const unknown = Object.keys(defines).find((symbol) => !symbols.has(symbol));
  if (unknown !== undefined) {
    const known = [...symbols].map((s) => say`'${s}'`);
    throw new UserError(
      'usage',
      say`The model has no symbolic dimension '${unknown}'.`,
      known.length > 0 ? say`It has ${known}.` : say`All its dimensions are fixed: leave the define out.`,
    );
  }
  return values;
}

function readInput(
  input: ValueInfoProto,
  defines: Readonly<Record<string, number>>,
  symbols: Set<string>,
): Value {
  const { name } = input;
  const type = input.type?.tensorType;
  if (!type)
    throw new UserError(
      'model',
      say`Input '${name}' is not a tensor.`,
      say`Export the model with tensor inputs.`,
    );
  if (type.elemType !== FLOAT) {
    throw new UserError(
      'model',
      say`Input '${name}' has elements of ${typeName(type.elemType)}; FLOAT (float32) is supported.`,
      say`Export the model with float32 inputs; GlowPort makes them int8 itself.`,
    );
  }
  if (!type.shape) {
    throw new UserError(
      'model',
      say`Input '${name}' has no shape.`,
      say`Export the model with the shapes of its inputs.`,
    );
  }
  const shape = type.shape.dim.map((d, k) => readDimension(d, k, name, defines, symbols));
  checkedElements(shape, say`Input '${name}'`);
  if (shape.length > 1 && shape[0] !== 1) {
    throw new UserError(
      'model',
      say`Input '${name}' takes a batch of ${shape[0]!}; microcontrollers take one sample at a time.`,
      say`Export the model with batch 1, or with a symbolic batch.`,
    );
  }
  return { name, shape };
}

function readDimension(
  dimension: DimensionProto,
  k: number,
  input: string,
  defines: Readonly<Record<string, number>>,
  symbols: Set<string>,
): number {
  const symbol = dimension.dimParam;
  const size = toNumber(dimension.dimValue);
  if (symbol === '' && size > 0) return size;
  if (symbol !== '') symbols.add(symbol);
  const defined = symbol !== '' && Object.hasOwn(defines, symbol) ? defines[symbol] : undefined;
  if (defined !== undefined) return defined;
  if (k === 0) return 1; // an open batch
  throw new UserError(
    'model',
    symbol === ''
      ? say`Dimension ${k} of input '${input}' has neither size nor name.`
      : say`Dimension ${k} of input '${input}' is the symbol '${symbol}', and its size is not given.`,
    symbol === '' ? say`Export the model with fixed sizes.` : { do: 'giveDimension', symbol },
  );
}

function defineOutput(
  builder: GraphBuilder,
  operand: Operand | undefined,
  name: string,
  isInput: boolean,
): void {
  if (!operand) throw damaged(say`Output '${name}' is defined by no node`);
  if (operand.kind !== 'value') {
    throw new UserError(
      'model',
      say`Output '${name}' does not depend on any input: it is a constant.`,
      say`Export the model without that output.`,
    );
  }
  if (operand.name === name && isInput) {
    throw new UserError(
      'model',
      say`Output '${name}' is an input of the model itself: nothing computes it.`,
      say`Export the model without that output.`,
    );
  }
  if (operand.name === name) return;
  builder.node({ kind: 'reshape', name, inputs: [operand.name] }, name, operand.shape);
}

/** What evaluating the graph takes: memory for all activations at once, and time. */
function checkSize(graph: Graph): void {
  let activations = 0;
  for (const { shape } of graph.values.values()) activations += elements(shape);
  const macs = graph.nodes.reduce((n, node) => n + macsOf(graph, node), 0);
  const tooMuch =
    activations > LIMITS.totalElements
      ? say`The model's activations have ${activations} elements together; at most ${LIMITS.totalElements} are handled.`
      : macs > LIMITS.macs
        ? say`The model's layers take ${macs} multiply-accumulates; at most ${LIMITS.macs} are handled.`
        : undefined;
  if (tooMuch) throw new UserError('model', tooMuch, say`Choose a model made for a microcontroller.`);
}
