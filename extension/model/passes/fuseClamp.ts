import type { Clamp, Graph, Node } from '../graph.ts';
import { GraphEditor } from './editor.ts';

/**
 * Fuses ReLU and Clip into the layer before it (conv2d, dense, add, mul and the like, another clip). A clip moves upwards through
 * what only picks or moves elements (max pooling, reshape, transpose, gather) to get there: it commutes with those.
 */
export function fuseClamp(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const node of graph.nodes) {
    if (node.kind !== 'activation' || node.fn.type !== 'clip' || !editor.holds(node)) continue;
    const { min, max } = node.fn;
    const layer = layerAbove(editor, node.inputs[0]!);
    if (!layer) continue;
    const from = node.inputs[0]!;
    if (layer.kind === 'activation') {
      if (layer.fn.type !== 'clip') continue;
      editor.replace(layer, { ...layer, fn: { type: 'clip', ...clampOf(layer.fn, { min, max }) } });
    } else if ('clamp' in layer) {
      editor.replace(layer, { ...layer, clamp: clampOf(layer.clamp, { min, max }) });
    }
    // The value before the clip takes its name: it is the clipped one now.
    const last = editor.producer(from)!;
    editor.replace(last, { ...last, output: node.output });
    editor.replace(node);
  }
  return editor.finish();
}

/** The layer a clip of this value can be fused into: everything on the way is read by the next node only. */
function layerAbove(editor: GraphEditor, value: string): Node | undefined {
  let name = value;
  while (editor.isPrivate(name)) {
    const node = editor.producer(name);
    switch (node?.kind) {
      case 'conv2d':
      case 'convTranspose2d':
      case 'dense':
      case 'add':
      case 'mul':
      case 'sub':
      case 'div':
      case 'max':
      case 'min':
      case 'prelu':
        return node;
      case 'activation':
        return node.fn.type === 'clip' ? node : undefined;
      case 'maxpool':
      case 'reshape':
      case 'transpose':
      case 'gather':
        name = node.inputs[0]!;
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** clip(clip(x, first), second) as one clip. */
export function clampOf(first: Clamp, second: Clamp): Clamp {
  const clip = (v: number) => Math.min(Math.max(v, second.min), second.max);
  return { min: clip(first.min), max: clip(first.max) };
}
