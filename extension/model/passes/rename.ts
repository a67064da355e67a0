import type { Graph, Node } from '../graph.ts';
import { ownName } from '../builder.ts';

/** The graph with values renamed; names that the map does not hold stay. The map must not make two values one. */
export function renameValues(
  graph: Graph,
  names: ReadonlyMap<string, string>,
  outputs: readonly string[] = graph.outputs.map((o) => names.get(o) ?? o),
): Graph {
  const to = (name: string) => names.get(name) ?? name;
  const nodes = graph.nodes.map((n): Node => ({ ...n, inputs: n.inputs.map(to), output: to(n.output) }));
  const renamed = <T extends { name: string }>(m: ReadonlyMap<string, T>) =>
    new Map([...m.values()].map((v) => [to(v.name), { ...v, name: to(v.name) }]));
  return {
    ...graph,
    inputs: graph.inputs.map((v) => ({ ...v, name: to(v.name) })),
    outputs,
    states: graph.states.map((s) => ({ ...s, name: to(s.name), written: s.written && to(s.written) })),
    values: renamed(graph.values),
    constants: renamed(graph.constants),
    nodes,
  };
}

/**
 * Gives values the model's own names back: importing an NCHW operator calls its NHWC result `X@nhwc`, and once the
 * transpose to `X` is gone, `X` is free again.
 */
export function restoreNames(graph: Graph): Graph {
  const names = new Map<string, string>();
  const taken = new Set([...graph.values.keys(), ...graph.constants.keys()]);
  for (const { output } of graph.nodes) {
    const own = ownName(output);
    if (own === output || taken.has(own)) continue;
    taken.add(own);
    names.set(output, own);
  }
  return renameValues(graph, names);
}
