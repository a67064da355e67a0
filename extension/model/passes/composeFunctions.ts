import { pushAll } from '../../common/lists.ts';
import type { FunctionStep, StepOperand } from '../functions.ts';
import type { ActivationNode, BinaryNode, Graph, Node } from '../graph.ts';
import { sameShape } from '../indexing.ts';
import { GraphEditor } from './editor.ts';
import { isAffine, isUnclamped } from './foldAffine.ts';

/** Most nodes that become one function. */
const MOST_NODES = 32;

/** A node that computes each element of one of other nodes' and of constants that are one number. */
type Elementwise = ActivationNode | BinaryNode;

/** Nodes, the last first, that together compute each element of one value's. */
interface Region {
  readonly source: string;
  readonly nodes: readonly Elementwise[];
}

/**
 * Makes one function of elementwise nodes that together depend on one value, such as the Div, Erf, Add and two Mul that exporters
 * write for GELU: as one table it is faster, and rounded once. What is an affine map only is left to other passes.
 */
export function composeFunctions(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const node of graph.nodes.toReversed()) {
    if (!editor.holds(node) || !isElementwise(editor, node)) continue;
    const region = regionBefore(editor, node);
    if (!region || region.nodes.length < 2 || region.nodes.every((n) => isMap(editor, n))) continue;
    const fn = { type: 'composed', steps: stepsOf(editor, region) } as const;
    for (const inner of region.nodes.slice(1)) editor.replace(inner);
    const { name, output } = node;
    editor.replace(node, { kind: 'activation', name, inputs: [region.source], output, fn });
  }
  return editor.finish();
}

function isElementwise(editor: GraphEditor, node: Node | undefined): node is Elementwise {
  if (!node || !('clamp' in node || node.kind === 'activation')) return false;
  if ('weights' in node || (node.kind === 'activation' && node.fn.type === 'quantized')) return false;
  const shape = editor.shapeOf(node.output);
  return node.inputs.every((name) => {
    const constant = editor.constantOf(name);
    return constant ? constant.data.length === 1 : sameShape(editor.shapeOf(name), shape);
  });
}

/** a · x, or x + a */
function isMap(editor: GraphEditor, node: Elementwise): boolean {
  return (
    isAffine(node) &&
    isUnclamped(node.clamp) &&
    node.inputs.some((name) => editor.constantOf(name) !== undefined)
  );
}

/** The largest region that ends with a node; what flows within it nobody else reads. */
function regionBefore(editor: GraphEditor, end: Elementwise): Region | undefined {
  const nodes = [end];
  const taken = new Set<Node>(nodes);
  const sources = new Set(valuesOf(editor, end));
  let largest: Region | undefined;
  for (;;) {
    if (sources.size === 1) largest = { source: [...sources][0]!, nodes: [...nodes] };
    const inner = [...sources].find(
      (name) =>
        !editor.isOutput(name) &&
        editor.consumers(name).every((n) => taken.has(n)) &&
        isElementwise(editor, editor.producer(name)),
    );
    if (inner === undefined || nodes.length === MOST_NODES) return largest;
    const producer = editor.producer(inner) as Elementwise;
    nodes.push(producer);
    taken.add(producer);
    sources.delete(inner);
    for (const name of valuesOf(editor, producer)) sources.add(name);
  }
}

function valuesOf(editor: GraphEditor, node: Node): readonly string[] {
  return node.inputs.filter((name) => !editor.constantOf(name));
}

function stepsOf(editor: GraphEditor, { source, nodes }: Region): FunctionStep[] {
  const steps: FunctionStep[] = [];
  const results = new Map([[source, 0]]);
  const operand = (name: string): StepOperand => {
    const constant = editor.constantOf(name);
    return constant ? { constant: constant.data[0]! } : { result: results.get(name)! };
  };
  // a node was found behind all that read it, so that it comes before them here
  for (const node of nodes.toReversed()) {
    pushAll(steps, stepsOfNode(node, operand, steps.length));
    results.set(node.output, steps.length);
  }
  return steps;
}

/** @param before how many steps there are before */
function stepsOfNode(
  node: Elementwise,
  operand: (name: string) => StepOperand,
  before: number,
): FunctionStep[] {
  const [a, b] = node.inputs.map(operand);
  if (node.kind === 'activation') return [{ fn: node.fn, of: (a as { readonly result: number }).result }];
  const pair: FunctionStep = { pair: node.kind, of: [a!, b!] };
  if (isUnclamped(node.clamp)) return [pair];
  return [pair, { fn: { type: 'clip', ...node.clamp }, of: before + 1 }];
}
