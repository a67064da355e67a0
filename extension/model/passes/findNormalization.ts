import type { BinaryNode, Graph, Node, NormalizeNode } from '../graph.ts';
import { elements } from '../graph.ts';
import { sameShape } from '../indexing.ts';
import { constantOperand, GraphEditor } from './editor.ts';
import { isUnclamped } from './foldAffine.ts';

/**
 * Finds (x - mean) / sqrt(mean((x - mean)²) + epsilon) over the last axis, as exporters without LayerNormalization write it, and
 * makes a normalization of it: in integers the parts lose far more. Those that nobody else reads go.
 */
export function findNormalization(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const node of graph.nodes) {
    if (node.kind !== 'div' || !isUnclamped(node.clamp)) continue;
    const found = normalizationOf(editor, node);
    if (!found) continue;
    const { name, output } = node;
    editor.replace(node, { kind: 'normalize', name, output, ...found });
  }
  return editor.finish();
}

function normalizationOf(
  editor: GraphEditor,
  { inputs: [difference, deviation] }: BinaryNode,
): Pick<NormalizeNode, 'inputs' | 'centred' | 'averaged' | 'epsilon'> | undefined {
  const root = editor.producer(deviation!);
  if (root?.kind !== 'activation' || root.fn.type !== 'sqrt') return undefined;
  const sum = editor.producer(root.inputs[0]!);
  if (sum?.kind !== 'add' || !isUnclamped(sum.clamp)) return undefined;
  const epsilon = constantOperand(editor, sum);
  if (epsilon?.constant.data.length !== 1) return undefined;
  const squares = meanOver(editor, epsilon.value);
  const square = squares === undefined ? undefined : editor.producer(squares);
  if (square?.kind !== 'mul' || !square.inputs.every((name) => name === difference)) return undefined;
  const sub = editor.producer(difference!);
  if (sub?.kind !== 'sub' || !isUnclamped(sub.clamp) || !isUnclamped(square.clamp)) return undefined;
  const [x, mean] = sub.inputs as [string, string];
  if (meanOver(editor, mean) !== x || !sameShape(editor.shapeOf(x), editor.shapeOf(difference!)))
    return undefined;
  return { inputs: [x], centred: true, averaged: true, epsilon: epsilon.constant.data[0]! };
}

/** The value that another is the mean of, over its last axis, which is kept with size 1. */
function meanOver(editor: GraphEditor, mean: string): string | undefined {
  const shape = editor.shapeOf(mean);
  const pool = through(editor, mean, 'reshape');
  const node = editor.producer(pool);
  if (node?.kind !== 'avgpool' || node.countIncludePad) return undefined;
  const front = through(editor, node.inputs[0]!, 'reshape');
  const transpose = editor.producer(front);
  if (transpose?.kind !== 'transpose') return undefined;
  const x = transpose.inputs[0]!;
  const of = editor.shapeOf(x);
  const last = of.length - 1;
  const isLastFirst = transpose.perm.every((axis, k) => axis === (k === 0 ? last : k - 1));
  const isWhole =
    node.kernel[0] * node.kernel[1] === of[last] &&
    elements(editor.shapeOf(pool)) * of[last]! === elements(of);
  return isLastFirst && isWhole && sameShape(shape, of.with(last, 1)) ? x : undefined;
}

/** What a value is made of by nodes of a kind that move nothing. */
function through(editor: GraphEditor, value: string, kind: Node['kind']): string {
  let name = value;
  for (let node = editor.producer(name); node?.kind === kind; node = editor.producer(name))
    name = node.inputs[0]!;
  return name;
}
