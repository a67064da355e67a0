import { sameShape } from '../indexing.ts';
import type { Graph } from '../graph.ts';
import { GraphEditor } from './editor.ts';

/**
 * Drops what does nothing: reshapes to the same shape, reshapes of reshapes, gathers of gathers, reshapes in front of a dense layer (it
 * reads any shape flat), clips without limits, and nodes that no output depends on.
 */
export function clean(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const old of graph.nodes) {
    if (!editor.holds(old) && !editor.producer(old.output)) continue;
    const node = editor.producer(old.output)!;
    const from = node.inputs[0]!;
    const before = editor.producer(from);
    if ((node.kind === 'reshape' || node.kind === 'dense') && before?.kind === 'reshape') {
      editor.replace(node, { ...node, inputs: [before.inputs[0]!] });
    }
    if (node.kind === 'gather' && before?.kind === 'gather') {
      const indices = node.indices.map((list, k) => list.map((i) => before.indices[k]![i]!));
      editor.replace(node, { ...node, inputs: before.inputs, indices });
    }
    const now = editor.producer(old.output)!;
    const idle =
      (now.kind === 'reshape' && sameShape(editor.shapeOf(now.inputs[0]!), editor.shapeOf(now.output))) ||
      (now.kind === 'activation' &&
        now.fn.type === 'clip' &&
        now.fn.min === -Infinity &&
        now.fn.max === Infinity);
    if (idle && !editor.isOutput(now.output)) editor.redirect(now.output, now.inputs[0]!);
  }
  return editor.finish();
}
