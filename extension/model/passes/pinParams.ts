import type { ActivationNode, Graph, Node } from '../graph.ts';
import type { GivenParams } from '../params.ts';
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

function isQuantizedNode(node: Node | undefined): node is QuantizedNode {
  return node?.kind === 'activation' && node.fn.type === 'quantized';
}

function isSame(a: GivenParams, b: GivenParams): boolean {
  return a.scale === b.scale && a.offset === b.offset;
}

/**
 * Drops quantizations of what is quantized with the same parameters already, behind operators that only move numbers; exporters
 * write one behind each of them.
 */
export function dropRepeatedParams(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const { output } of graph.nodes) {
    const node = editor.producer(output);
    if (!isQuantizedNode(node) || editor.isOutput(output)) continue;
    const [from] = node.inputs as [string];
    if (!isQuantizedBy(editor, from, node.fn)) continue;
    editor.redirect(output, from);
    editor.replace(node);
  }
  return editor.finish();
}

/** Whether a value holds numbers of these parameters only. */
function isQuantizedBy(editor: GraphEditor, value: string, params: GivenParams): boolean {
  const known = editor.paramsOf(value);
  if (known) return isSame(known, params);
  const node = editor.producer(value);
  if (isQuantizedNode(node)) return isSame(node.fn, params);
  if (!node) return false;
  const moves = picks(node) || node.kind === 'concat';
  return moves && node.inputs.every((input) => isQuantizedBy(editor, input, params));
}

/**
 * Gives values the parameters that the file quantizes them with, in place of a node that does: then what computes a value rounds
 * straight to them. A value that is quantized in two ways keeps a node for the second.
 */
export function pinParams(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const { output } of graph.nodes) {
    const node = editor.producer(output);
    if (!isQuantizedNode(node)) continue;
    const { scale, offset } = node.fn;
    const params = { scale, offset };
    if (pinBefore(editor, node.inputs[0]!, params)) dropped(editor, node);
    else editor.pin(output, params);
  }
  return editor.finish();
}

/**
 * Pins what a value's numbers are computed by: up through operators that only move them.
 * @returns whether they have these parameters now
 */
function pinBefore(editor: GraphEditor, value: string, params: GivenParams): boolean {
  const known = editor.paramsOf(value);
  if (known) return isSame(known, params);
  const node = editor.producer(value);
  if (node && picks(node)) return pinBefore(editor, node.inputs[0]!, params);
  // operands of other parameters are requantized on the way
  if (node?.kind === 'concat') for (const input of node.inputs) pinBefore(editor, input, params);
  editor.pin(value, params);
  if (node) saturate(editor, node, params);
  return true;
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
