import type { ActivationNode, Graph, Node } from '../graph.ts';
import { type GivenParams, sameParams } from '../params.ts';
import type { ActivationFunction } from '../functions.ts';
import { GraphEditor } from './editor.ts';
import { isUnclamped } from './foldAffine.ts';

/** A node after which a value has only the numbers that the file's integers stand for. */
interface QuantizedNode extends ActivationNode {
  readonly fn: Extract<ActivationFunction, { readonly type: 'quantized' }>;
}

const PICKS: ReadonlySet<Node['kind']> = new Set(['maxpool', 'reshape', 'transpose', 'gather']);

/** Whether a node's results are numbers of its input, or 0, so that it commutes with rounding. */
function picks(node: Node): boolean {
  return PICKS.has(node.kind) || (node.kind === 'pad' && node.value === 0);
}

/** Whether a node is computed in its input's parameters, whatever its result is quantized with: that is another step. */
function isInterpolation(node: Node): boolean {
  return node.kind === 'resize';
}

function isQuantizedNode(node: Node | undefined): node is QuantizedNode {
  return node?.kind === 'activation' && node.fn.type === 'quantized';
}

/** Parameters of values, by their names: all the numbers of each are such as these represent. */
type Held = Map<string, GivenParams>;

/** What inputs and constants hold before any node computes. */
function heldAtFirst({ inputs, constants }: Graph): Held {
  return new Map(
    [...inputs, ...constants.values()].flatMap(({ name, params }) => (params ? [[name, params]] : [])),
  );
}

/** Parameters that a node's result has because all its operands have them. */
function passedOn(node: Node, held: Held): GivenParams | undefined {
  if (!picks(node) && node.kind !== 'concat') return undefined;
  const [first, ...others] = node.inputs.map((input) => held.get(input));
  return others.every((other) => sameParams(other, first)) ? first : undefined;
}

/**
 * Drops quantizations of what is quantized with the same parameters already, behind operators that only move numbers; exporters
 * write one behind each of them.
 */
export function dropRepeatedParams(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  const held = heldAtFirst(graph);
  for (const { output } of graph.nodes) {
    const node = editor.producer(output)!;
    const params = isQuantizedNode(node) ? paramsOf(node) : passedOn(node, held);
    if (params) held.set(output, params);
    if (!isQuantizedNode(node) || editor.isOutput(output)) continue;
    const [from] = node.inputs as [string];
    if (!sameParams(held.get(from), params)) continue;
    editor.redirect(output, from);
    editor.replace(node);
  }
  return editor.finish();
}

function paramsOf({ fn: { scale, offset } }: QuantizedNode): GivenParams {
  return { scale, offset };
}

/**
 * Gives values the parameters that the file quantizes them with, in place of a node that does: then what computes a value rounds
 * straight to them. A value that something reads in another way keeps its real numbers.
 */
export function pinParams(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  const wanted = wantedParams(editor);
  const held = heldAtFirst(graph);
  for (const { name } of graph.inputs) {
    const params = held.get(name) ?? agreedParams(editor, name, wanted);
    if (params) pin(editor, held, name, params);
  }
  for (const { output } of editor.nodes()) {
    const node = editor.producer(output)!;
    if (isQuantizedNode(node)) {
      const params = paramsOf(node);
      pin(editor, held, output, params);
      if (sameParams(held.get(node.inputs[0]!), params)) dropped(editor, node);
      continue;
    }
    const passed = isInterpolation(node) ? held.get(node.inputs[0]!) : passedOn(node, held);
    // a concat's operands of other parameters are requantized on the way
    const params = picks(node) || isInterpolation(node) ? passed : (wanted.get(output) ?? passed);
    if (!params) continue;
    pin(editor, held, output, params);
    saturate(editor, node, params);
  }
  return editor.finish();
}

function pin(editor: GraphEditor, held: Held, value: string, params: GivenParams): void {
  held.set(value, params);
  editor.pin(value, params);
}

/**
 * What nodes' results are quantized with by all that reads them, where that is one way. One that is quantized in two is computed
 * for each: rounding to the first would be seen in the second.
 */
function wantedParams(editor: GraphEditor): Held {
  const wanted: Held = new Map();
  for (const node of editor.nodes().toReversed()) {
    if (!isQuantizedNode(node)) splitWants(editor, node, wanted);
    const params = agreedParams(editor, node.output, wanted);
    if (params) wanted.set(node.output, params);
  }
  return wanted;
}

/** What a node quantizes the value with that it reads, at once or behind operators that only move it; undefined: it does not. */
function wantOf(reader: Node, wanted: Held): GivenParams | undefined {
  if (isQuantizedNode(reader)) return paramsOf(reader);
  return picks(reader) || reader.kind === 'concat' ? wanted.get(reader.output) : undefined;
}

/** What all that reads a value quantizes it with; undefined where they do not agree. */
function agreedParams(editor: GraphEditor, value: string, wanted: Held): GivenParams | undefined {
  if (editor.isOutput(value)) return undefined;
  const [first, ...others] = editor.consumers(value).map((reader) => wantOf(reader, wanted));
  return others.every((other) => sameParams(other, first)) ? first : undefined;
}

/**
 * Makes two nodes of one whose result is quantized in two ways, and not read otherwise. No more than two, so that a graph at most
 * doubles, whatever its file has.
 */
function splitWants(editor: GraphEditor, node: Node, wanted: Held): void {
  // a recurrent layer may keep states, which are there once
  if (editor.isOutput(node.output) || node.kind === 'recurrent' || isInterpolation(node)) return;
  const readers = editor.consumers(node.output).map((reader) => ({ reader, want: wantOf(reader, wanted) }));
  const first = readers[0]?.want;
  const second = readers.find(({ want }) => !sameParams(want, first))?.want;
  if (!first || !second || !readers.every(({ want }) => sameParams(want, first) || sameParams(want, second)))
    return;
  const twin = editor.twin(node);
  wanted.set(twin.output, second);
  for (const { reader, want } of readers) {
    if (sameParams(want, second)) editor.rewire(reader, node.output, twin.output);
  }
}

/**
 * Quantizers leave a ReLU out where integers saturate as it does: then its real numbers do so here, too. Others that saturate
 * are taken for numbers that quantization loses.
 */
function saturate(editor: GraphEditor, node: Node, { scale, offset }: GivenParams): void {
  if (!('clamp' in node) || !isUnclamped(node.clamp) || (offset !== -128 && offset !== 127)) return;
  editor.replace(node, { ...node, clamp: { min: scale * (-128 - offset), max: scale * (127 - offset) } });
}

/** Takes a node out that does nothing any more. An output keeps its name: its value takes it, or is copied. */
function dropped(editor: GraphEditor, node: QuantizedNode): void {
  const { name, inputs, output } = node;
  const [from] = inputs as [string];
  const producer = editor.producer(from);
  if (!editor.isOutput(output)) {
    editor.redirect(output, from);
    editor.replace(node);
  } else if (producer && !editor.isOutput(from)) {
    const params = editor.paramsOf(from);
    editor.replace(node);
    editor.redirect(from, output);
    editor.replace(producer, { ...producer, output });
    if (params) editor.pin(output, params);
  } else {
    editor.replace(node, { kind: 'reshape', name, inputs, output });
  }
}
