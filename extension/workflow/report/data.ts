import { isWide } from '../../common/wideType.ts';
import type { BoardData } from '../../board/catalogue.ts';
import { predictLatency } from '../../board/latency.ts';
import { resetFunction } from '../../bundle/header.ts';
import type { Bundle, LayerReport } from '../../bundle/bundle.ts';
import { placeGraph } from '../../bundle/graphDrawing.ts';
import type { DrawnEdge, DrawnNode, GraphDrawing } from '../../../webview/shared/pictures/graph.ts';
import { elements, shapeOf, type Graph, type Node } from '../../model/graph.ts';
import { macsOf } from '../../model/macs.ts';
import { qvalue, type QNode, type QuantizedGraph, type WeightedNode } from '../../quantize/quantizedGraph.ts';
import type { Ranges, ValueRange } from '../../quantize/ranges.ts';
import { givenPart } from '../../quantize/already.ts';
import type { GivenPart } from '../../quantize/options.ts';
import { dequantize, limits, type Precision } from '../../quantize/schemas.ts';
import type { SimulationResult } from '../../simulator/run/simulation.ts';
import type {
  AccuracyReport,
  ActivationStatistics,
  Arena,
  BoardFit,
  Histogram,
  MemoryBar,
  ModelReport,
  Quantization,
  ReportLayer,
  Tensor,
  ValueError,
  WeightStatistics,
} from '../../../webview/shared/report.ts';
import { drawnKind, floatNodes, nodeParameters, operatorText, quantizedOperators } from './nodes.ts';

/** What is known about a model; everything but the graph is optional and simply missing from the report. */
export interface ReportParts {
  readonly graph: Graph;
  readonly file?: { readonly name: string; readonly bytes?: number } | undefined;
  readonly ranges?: Ranges | undefined;
  readonly quantized?: QuantizedGraph | undefined;
  readonly bundle?: Bundle | undefined;
  /** What the model alone takes, from its object file. */
  readonly size?: { readonly flashBytes: number; readonly ramBytes: number } | undefined;
  readonly board?: BoardData | undefined;
  /** Run of the firmware with `profile`. */
  readonly simulation?: SimulationResult | undefined;
  /** Core cycles of one inference as a whole. */
  readonly cycles?: number | undefined;
  /** The activations' type, where nothing quantized on the PC tells it. */
  readonly precision?: Precision | undefined;
  /** Inference time that the firmware printed, in microseconds. */
  readonly timeUs?: number | undefined;
  readonly memory?: readonly MemoryBar[] | undefined;
  readonly accuracy?: AccuracyMeasurement | undefined;
  readonly boards?: readonly BoardFit[] | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly boardsNote?: string | undefined;
}

/** Accuracy by value name, as measureAccuracy gives it. */
export type AccuracyMeasurement = Omit<AccuracyReport, 'values'> & {
  readonly values: ReadonlyMap<string, ValueError>;
};

/** Assembles the report. Pure: reads its parts, keeps none of them. */
export function modelReport(parts: ReportParts): ModelReport {
  const { graph, quantized, bundle, board } = parts;
  const rows = layerRows(parts);
  const rowOfValue = new Map<string, number>();
  rows.forEach((row, i) => row.values.forEach((value) => rowOfValue.set(value, i)));
  const layers = rows.map((row) => row.layer);
  const sum = (pick: (layer: ReportLayer) => number | undefined): number | undefined => {
    const known = layers.map(pick).filter((n) => n !== undefined);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : undefined;
  };
  const predictedCycles = sum((l) => l.predictedCycles);
  const nodeOf = new Map(graph.nodes.map((node) => [node.output, node.name]));
  const precision = quantized
    ? activationType(quantized)
    : (parts.precision ?? bundle?.placeholders.map((p) => p.type).find((type) => !isWide(type)) ?? 'float32');
  return {
    format: 'glowport-report',
    version: 1,
    model: {
      name: graph.name,
      file: parts.file?.name,
      fileBytes: parts.file?.bytes,
      inputs: graph.inputs.map((v) => tensor(v.name, v.shape, parts)),
      outputs: graph.outputs.map((name) => tensor(name, shapeOf(graph, name), parts)),
      parameters: graph.nodes.reduce((n, node) => n + nodeParameters(node, graph), 0),
      macs: sum((l) => l.macs) ?? 0,
      // a bundle of Glow tells no layers
      compiler: bundle && (bundle.layers.length > 0 ? 'builtin' : 'glow'),
      precision,
      flashBytes: parts.size?.flashBytes,
      ramBytes: parts.size?.ramBytes ?? (bundle && bundle.mutableBytes + bundle.activationBytes),
      predictedCycles,
      measuredCycles: sum((l) => l.measuredCycles) ?? parts.cycles,
      timeUs: parts.timeUs,
      predictedTimeUs:
        board && predictedCycles !== undefined ? predictLatency(board, predictedCycles).timeUs : undefined,
    },
    board: board && { id: board.id, name: board.name, coreClockHz: board.coreClockHz },
    layers,
    memory: parts.memory ?? [],
    arena: bundle && arenaOf(bundle),
    accuracy: parts.accuracy && {
      ...parts.accuracy,
      values: [...parts.accuracy.values].map(([name, error]) => ({
        name,
        node: nodeOf.get(name) ?? name,
        layer: rowOfValue.get(name),
        error,
      })),
    },
    boards: parts.boards ?? [],
    boardsNote: parts.boardsNote,
    graph: placeGraph(drawing(graph, quantized, rowOfValue)),
    notes: [...integerNotes(graph), ...stateNotes(bundle), ...(parts.notes ?? [])],
  };
}

/** What of a network's numbers its file has fixed. */
const INTEGER_NOTES: Readonly<Record<GivenPart, readonly string[]>> = {
  none: [],
  some: [
    'The model file has a part of the network in integers: its scales and zero points are kept, those of the rest are chosen from what the samples measure.',
  ],
  all: [
    'The model file has the network in integers: its own scales and zero points are kept, no samples are needed, and the float network beside it computes with what these integers stand for.',
  ],
};

function integerNotes(graph: Graph): readonly string[] {
  return INTEGER_NOTES[givenPart(graph)];
}

function stateNotes(bundle: Bundle | undefined): string[] {
  if (!bundle || bundle.stateBytes === 0) return [];
  return [
    `The network keeps ${bundle.stateBytes} bytes of state from one inference to the next; ${resetFunction(bundle.name)}() begins anew. Results beside the PC's, and over samples, are those of a first inference.`,
  ];
}

/** The quantized graph as it is drawn in NAME.dot and NAME.svg of the bundle folder. */
export function quantizedDrawing(graph: Graph, quantized: QuantizedGraph): GraphDrawing {
  return drawing(graph, quantized, new Map());
}

/** The plan of the activations memory, or of all memory where there is no other, as the compiler made it. */
function arenaOf({ buffers, activationBytes, mutableBytes, layers }: Bundle): Arena | undefined {
  const hasPlaceholders = activationBytes === 0;
  const bytes = hasPlaceholders ? mutableBytes : activationBytes;
  return buffers && { bytes, hasPlaceholders, steps: layers.map((l) => l.name), buffers };
}

interface Row {
  readonly layer: ReportLayer;
  /** Values this row computes, the last one its output. */
  readonly values: readonly string[];
}

function layerRows(parts: ReportParts): Row[] {
  const { graph, quantized, bundle } = parts;
  const operators = quantized
    ? quantizedOperators(graph, quantized)
    : new Map(graph.nodes.map((node) => [node.output, operatorText(node, graph)]));
  const lookup: Lookup = { operators, floats: floatNodes(graph) };
  const nodes: readonly (Node | QNode)[] = quantized?.nodes ?? graph.nodes;
  // Glow's bundles tell no layers
  if (!bundle || bundle.layers.length === 0) {
    return nodes.map((node) => nodeRow([node], undefined, lookup, parts));
  }
  const groups = nodesOfLayers(bundle.layers, nodes);
  return bundle.layers.map((layer, i) => nodeRow(groups[i]!, layer, lookup, parts));
}

/**
 * Which nodes each layer of a bundle covers. A layer carries the name of its node; a node that no layer names (a reshape, a
 * pooling fused behind its convolution) belongs to the layer that computes its input.
 */
function nodesOfLayers(layers: readonly LayerReport[], nodes: readonly (Node | QNode)[]): (Node | QNode)[][] {
  const layerOf = new Map(layers.map((layer, i) => [layer.name, i]));
  const computes = new Map<string, number>();
  const groups: (Node | QNode)[][] = layers.map(() => []);
  for (const node of nodes) {
    const layer = layerOf.get(node.name) ?? computes.get(node.inputs[0] ?? '') ?? 0;
    computes.set(node.output, layer);
    groups[layer]?.push(node);
  }
  return groups;
}

/** Looked up once for all rows. */
interface Lookup {
  /** Operator text by the value a node computes. */
  readonly operators: ReadonlyMap<string, string>;
  /** Float node by the value it computes. */
  readonly floats: ReadonlyMap<string, Node>;
}

function nodeRow(
  nodes: readonly (Node | QNode)[],
  layer: LayerReport | undefined,
  { operators, floats }: Lookup,
  parts: ReportParts,
): Row {
  const { graph, quantized, ranges, accuracy, simulation } = parts;
  const first = nodes[0];
  const output = nodes.at(-1)?.output;
  const own = nodes.map((node) => floats.get(node.output)).filter((node) => node !== undefined);
  const called = layer && simulation?.symbols?.get(layer.symbol);
  const weighted = nodes.find((node) => WEIGHTED.has(node.kind));
  const value = output === undefined ? undefined : quantized?.values.get(output);
  const named = nodes.map((node) => operators.get(node.output)).filter((text) => text !== undefined);
  return {
    values: nodes.map((node) => node.output),
    layer: {
      name: layer?.name ?? first?.name ?? '',
      operator:
        (named.length > 1 ? named.filter((text) => text !== 'Reshape') : named).join(' + ') ||
        (layer?.operator ?? ''),
      inputShape: layer?.inputShape ?? (first ? valueShape(first.inputs[0]!, parts) : []),
      outputShape: layer?.outputShape ?? (output === undefined ? [] : valueShape(output, parts)),
      quantization: value && { type: value.type, scale: value.scale, offset: value.offset },
      macs: layer?.macs ?? own.reduce((n, node) => n + macsOf(graph, node), 0),
      parameters: own.reduce((n, node) => n + nodeParameters(node, graph), 0),
      constantBytes: layer?.constantBytes,
      codeBytes: layer?.codeBytes,
      predictedCycles: layer?.predictedCycles,
      measuredCycles: called && called.calls > 0 ? Math.round(called.inclusive / called.calls) : undefined,
      variant: layer?.variant,
      symbol: layer?.symbol,
      nodes: nodes.map((node) => node.name),
      weights: weighted && weightStatistics(weighted, floats.get(weighted.output), quantized),
      activation:
        output === undefined ? undefined : activationStatistics(output, ranges?.get(output), quantized),
      error: output === undefined ? undefined : accuracy?.values.get(output),
    },
  };
}

function valueShape(name: string, { graph, quantized }: ReportParts): readonly number[] {
  return quantized?.values.get(name)?.shape ?? shapeOf(graph, name);
}

function tensor(name: string, shape: readonly number[], { quantized, bundle }: ReportParts): Tensor {
  const value = quantized?.values.get(name) ?? bundle?.placeholders.find((p) => p.name === name);
  const quantization: Quantization | undefined = value && {
    type: value.type,
    scale: value.scale,
    offset: value.offset,
  };
  return { name, shape: value?.shape ?? shape, quantization };
}

/** Type of what flows between layers; float placeholders, positions and results in int32 do not count. */
function activationType(quantized: QuantizedGraph): Precision {
  for (const node of quantized.nodes) {
    const { type } = qvalue(quantized, node.output);
    if (type === 'int8' || type === 'int16') return type;
  }
  return 'int8';
}

const WEIGHT_BINS = 64;
const ACTIVATION_BINS = 64;

/** Distribution of the weights: of the float node where there is one, else of the quantized weights in real units. */
function weightStatistics(
  node: Node | QNode,
  float: Node | undefined,
  quantized: QuantizedGraph | undefined,
): WeightStatistics | undefined {
  const parts = quantized ? partsOf(node as QNode) : [];
  const scales = parts.flatMap((part) => part.weightParams.map((p) => p.scale));
  const matrices = float ? matricesOf(float) : [];
  const data = joined(matrices.length > 0 ? matrices : parts.map(realWeights));
  if (data.length === 0) return undefined;
  let min = Infinity;
  let max = -Infinity;
  let zeros = 0;
  for (const w of data) {
    if (w < min) min = w;
    if (w > max) max = w;
    if (w === 0) zeros++;
  }
  return { count: data.length, min, max, zeros, scales, histogram: histogram(data, min, max, WEIGHT_BINS) };
}

/** Kinds of operators with weights of their own, quantized or not. */
const WEIGHTED: ReadonlySet<string> = new Set<QNode['kind']>([
  'conv2d',
  'dense',
  'recurrent',
  'tfliteLstm',
  'tfliteSvdf',
]);

/** What of a quantized operator has weights. */
function partsOf(node: QNode): readonly Pick<WeightedNode, 'weights' | 'weightParams' | 'outChannels'>[] {
  if (node.kind === 'tfliteLstm') return [node.fromInput, node.fromHidden];
  if (node.kind === 'tfliteSvdf') return [node.features];
  if (node.kind === 'recurrent') return [node.fromInput, node.fromHidden, node.fromReset].filter((part) => part !== undefined); // prettier-ignore
  return node.kind === 'conv2d' || node.kind === 'dense' ? [node] : [];
}

function matricesOf(node: Node): readonly Float32Array[] {
  if (node.kind === 'recurrent') return [node.weights, node.recurrentWeights];
  return node.kind === 'conv2d' || node.kind === 'dense' ? [node.weights] : [];
}

function joined(lists: readonly Float32Array[]): Float32Array {
  const [first] = lists;
  if (first && lists.length === 1) return first;
  const all = new Float32Array(lists.reduce((n, list) => n + list.length, 0));
  lists.reduce((at, list) => (all.set(list, at), at + list.length), 0);
  return all;
}

function realWeights(node: Pick<WeightedNode, 'weights' | 'weightParams' | 'outChannels'>): Float32Array {
  const perChannel = node.weights.length / node.outChannels;
  return Float32Array.from(node.weights, (w, i) => {
    const params = node.weightParams[Math.floor(i / perChannel)] ?? node.weightParams[0]!;
    return w * params.scale;
  });
}

/** Counts of equal bins over [min, max]. */
export function histogram(data: ArrayLike<number>, min: number, max: number, bins: number): Histogram {
  const counts = new Array<number>(bins).fill(0);
  const scale = max > min ? bins / (max - min) : 0;
  for (let i = 0; i < data.length; i++)
    counts[Math.min(bins - 1, Math.floor((data[i]! - min) * scale))]! += 1;
  return { min, max, counts };
}

function activationStatistics(
  name: string,
  range: ValueRange | undefined,
  quantized: QuantizedGraph | undefined,
): ActivationStatistics | undefined {
  if (!range) return undefined;
  const value = quantized?.values.get(name);
  const representable =
    value && value.type !== 'float32' && value.type !== 'index32' ? limits(value.type) : undefined;
  return {
    min: range.min,
    max: range.max,
    histogram: { min: range.min, max: range.max, counts: rebin(range.histogram, ACTIVATION_BINS) },
    representable:
      value && representable
        ? { min: dequantize(representable.qmin, value), max: dequantize(representable.qmax, value) }
        : undefined,
  };
}

/** Sums neighbouring bins; the number of bins must be a multiple of the new one, as 512 and 64 are. */
function rebin(counts: ArrayLike<number>, bins: number): number[] {
  const result = new Array<number>(bins).fill(0);
  for (let i = 0; i < counts.length; i++) {
    result[Math.min(bins - 1, Math.floor((i * bins) / counts.length))]! += counts[i]!;
  }
  return result;
}

function drawing(
  graph: Graph,
  quantized: QuantizedGraph | undefined,
  rowOfValue: ReadonlyMap<string, number>,
): GraphDrawing {
  const shape = (name: string): readonly number[] =>
    quantized?.values.get(name)?.shape ?? shapeOf(graph, name);
  const lines = (name: string): string[] => {
    const value = quantized?.values.get(name);
    const dimensions = shape(name).join('\u00d7');
    if (!value) return [dimensions];
    if (value.type === 'float32') return [`${dimensions} float32`];
    return [`${dimensions} ${value.type}`, `scale ${shortReal(value.scale)}, offset ${value.offset}`];
  };
  const operators = quantized && quantizedOperators(graph, quantized);
  const sourceOf = new Map<string, string>();
  const nodes: DrawnNode[] = [];
  const edges: DrawnEdge[] = [];
  const inputs = quantized?.inputs ?? graph.inputs.map((v) => v.name);
  inputs.forEach((name, i) => {
    const id = `in${i}`;
    sourceOf.set(name, id);
    nodes.push({ id, kind: 'placeholder', title: `Input ${name}`, lines: lines(name) });
  });
  const states = quantized?.states ?? graph.states;
  states.forEach(({ name }, i) => {
    const id = `s${i}`;
    sourceOf.set(name, id);
    nodes.push({ id, kind: 'placeholder', title: `State ${name}`, lines: lines(name) });
  });
  const constants: ReadonlyMap<string, unknown> = quantized?.constants ?? graph.constants;
  (quantized?.nodes ?? graph.nodes).forEach((node, i) => {
    const id = `n${i}`;
    const layer = rowOfValue.get(node.output);
    const title = operators?.get(node.output) ?? operatorText(node as Node, graph);
    const name = node.name === '' || node.name === title ? [] : [node.name];
    nodes.push({
      id,
      kind: drawnKind(node.kind),
      title,
      lines: [...name, ...lines(node.output)],
      ...(layer === undefined ? {} : { layer }),
    });
    for (const input of node.inputs) {
      const from = sourceOf.get(input);
      if (from !== undefined) edges.push({ from, to: id });
      else if (constants.has(input)) {
        const constant = `c${nodes.length}`;
        nodes.push({
          id: constant,
          kind: 'placeholder',
          title: 'Constant',
          lines: [input, `${elements(shape(input))} elements`],
        });
        edges.push({ from: constant, to: id });
      }
    }
    sourceOf.set(node.output, id);
  });
  (quantized?.outputs ?? graph.outputs).forEach((name, i) => {
    const id = `out${i}`;
    nodes.push({ id, kind: 'placeholder', title: `Output ${name}`, lines: lines(name) });
    const from = sourceOf.get(name);
    if (from !== undefined) edges.push({ from, to: id });
  });
  states.forEach(({ name, written }, i) => {
    const from = written === undefined ? undefined : sourceOf.get(written);
    if (from === undefined) return;
    const id = `kept${i}`;
    nodes.push({ id, kind: 'placeholder', title: `Next state ${name}`, lines: lines(name) });
    edges.push({ from, to: id });
  });
  return { name: graph.name, nodes, edges };
}

/** Four significant digits, without an exponent where it can be. */
function shortReal(value: number): string {
  return String(Number(value.toPrecision(4)));
}
