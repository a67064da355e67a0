import type { QNode, QuantizedGraph } from '../../quantize/quantizedGraph.ts';

/** How states are kept in the buffers of a program. */
export interface StateBuffers {
  /** States that the only operator that reads them brings up to date. */
  readonly updated: ReadonlySet<string>;
  /** Buffers whose values are kept: no operator may swallow them. */
  readonly kept: ReadonlySet<string>;
  /** States that others become as they were before: to be saved before anything is copied. */
  readonly saved: ReadonlySet<string>;
  /** What is copied at the end of an inference, from buffer to state; from one that is saved, what it was before. */
  readonly copies: readonly StateCopy[];
}

interface StateCopy {
  readonly from: string;
  readonly to: string;
}

/**
 * Decides where what becomes of states is written: into the state itself where nothing reads the old one any more when the new one is
 * written; else it has memory of its own, and is copied at the end.
 *
 * @param root the buffer of each value; values that are written into a state get the state's
 * @param needsBorder whether an operator reads its input with a border: then there are copies of it, of the old state or the new one
 */
export function placeStates(
  graph: QuantizedGraph,
  root: Map<string, string>,
  needsBorder: (node: QNode) => boolean,
): StateBuffers {
  const names = new Set(graph.states.map((s) => s.name));
  const ends = new Set([...graph.inputs, ...graph.outputs, ...graph.constants.keys()]);
  const written = graph.states.flatMap(({ name, written }) =>
    written === undefined ? [] : [{ to: name, from: root.get(written)! }],
  );
  const saved = new Set(written.filter(({ to, from }) => from !== to && names.has(from)).map((w) => w.from));
  const copies: StateCopy[] = [];
  const kept = new Set<string>();
  const moved = new Map<string, string>();
  for (const { to, from } of written) {
    if (from === to) continue;
    const place = moved.get(from) ?? from;
    const isFree = place === from && !names.has(from) && !ends.has(from) && !saved.has(to);
    if (isFree && isReadBefore(graph, root, to, from, needsBorder)) {
      for (const [value, buffer] of root) if (buffer === from) root.set(value, to);
      moved.set(from, to);
    } else copies.push({ from: place, to });
    kept.add(moved.get(from) ?? from);
  }
  const updated = new Set(graph.states.filter((s) => s.written === undefined).map((s) => s.name));
  return { updated, kept, saved, copies };
}

/** Whether all that reads one buffer runs before another is written, and neither is read with a border. */
function isReadBefore(
  { nodes }: QuantizedGraph,
  root: ReadonlyMap<string, string>,
  read: string,
  written: string,
  needsBorder: (node: QNode) => boolean,
): boolean {
  const reads = (node: QNode, buffer: string): boolean => node.inputs.some((i) => root.get(i) === buffer);
  const writer = nodes.findIndex((n) => n.kind !== 'reshape' && root.get(n.output) === written);
  if (writer < 0) return false;
  // a pooling may be computed with the operator before it
  const before = nodes.findIndex((n) => nodes[writer]!.inputs.includes(n.output));
  const first = nodes[writer]!.kind === 'maxpool' && before >= 0 ? before : writer;
  return nodes.every((node, i) => {
    // within one buffer it reads nothing; between two it is a copy, where it stands
    if (node.kind === 'reshape' && root.get(node.inputs[0]!) === root.get(node.output)) return true;
    const isReader = reads(node, read);
    return !(isReader && i >= first) && !((isReader || reads(node, written)) && needsBorder(node));
  });
}
