import { leastOf as leastOfFunction } from '../functions.ts';
import type { Conv2dNode, Graph, Node, PadNode, PoolNode } from '../graph.ts';
import { allTaps, isPadded, type Pads } from '../window.ts';
import { GraphEditor } from './editor.ts';

/** Folds a pad of the two spatial dimensions into the convolution or pooling behind it, where that is exact. */
export function foldPad(graph: Graph): Graph {
  const editor = new GraphEditor(graph);
  for (const node of graph.nodes) {
    if (node.kind !== 'pad' || !editor.holds(node) || !isSpatial(node)) continue;
    // Every reader must take it, or the padded map is needed anyway.
    const readers = editor.consumers(node.output);
    const folded = readers.map((r) => fold(editor, node, r));
    if (editor.isOutput(node.output) || !folded.every((f) => f !== undefined)) continue;
    readers.forEach((r, k) => editor.replace(r, folded[k]!));
  }
  return editor.finish();
}

function isSpatial({ pads }: PadNode): boolean {
  return pads.length === 4 && [pads[0]!, pads[3]!].every(([before, after]) => before + after === 0);
}

function fold(editor: GraphEditor, pad: PadNode, reader: Node): Node | undefined {
  const inputs = [pad.inputs[0]!];
  switch (reader.kind) {
    case 'conv2d':
      return pad.value === 0 ? { ...reader, inputs, pads: sum(pad, reader) } : undefined;
    case 'avgpool': {
      if (pad.value !== 0 || (isPadded(reader) && !reader.countIncludePad)) return undefined;
      return { ...reader, inputs, pads: sum(pad, reader), countIncludePad: true };
    }
    case 'maxpool':
      return neverWins(editor, pad, reader) ? { ...reader, inputs, pads: sum(pad, reader) } : undefined;
    default:
      return undefined;
  }
}

function sum({ pads: [, y, x] }: PadNode, { pads }: Conv2dNode | PoolNode): Pads {
  return {
    top: pads.top + y![0],
    left: pads.left + x![0],
    bottom: pads.bottom + y![1],
    right: pads.right + x![1],
  };
}

/**
 * Padding of a maximum pooling counts as nothing. A padding value does so too when no element is below it (zeros
 * around a ReLU's output) and every window holds an element.
 */
function neverWins(editor: GraphEditor, pad: PadNode, reader: PoolNode): boolean {
  const window = { ...reader, pads: sum(pad, reader) };
  const [, height, width] = editor.shapeOf(pad.inputs[0]!) as [number, number, number];
  const [, outHeight, outWidth] = editor.shapeOf(reader.output) as [number, number, number];
  const ranges = [...allTaps(window, 0, outHeight, height), ...allTaps(window, 1, outWidth, width)];
  if (ranges.some(({ from, to }) => from === to)) return false;
  return pad.value <= leastOf(editor, pad.inputs[0]!);
}

/** Operators whose results are elements of their input. */
const PICKS: ReadonlySet<Node['kind']> = new Set(['maxpool', 'reshape', 'transpose', 'gather']);

/** A bound no element of the value is below. */
function leastOf(editor: GraphEditor, value: string): number {
  let node = editor.producer(value);
  while (node && PICKS.has(node.kind)) {
    node = editor.producer(node.inputs[0]!);
  }
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
      return node.clamp.min;
    case 'activation':
      return leastOfFunction(node.fn);
    case 'softmax':
      return 0;
    default:
      return -Infinity;
  }
}
