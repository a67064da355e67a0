import type { Graph, Node } from '../../extension/model/graph.ts';

/** The same network under other names. @param name what a value, constant or node is called now, by its old name */
export function renamed(graph: Graph, name: (old: string) => string): Graph {
  const all = <V extends { readonly name: string }>(map: ReadonlyMap<string, V>): Map<string, V> =>
    new Map([...map.values()].map((v) => [name(v.name), { ...v, name: name(v.name) }]));
  return {
    ...graph,
    inputs: graph.inputs.map((v) => ({ ...v, name: name(v.name) })),
    outputs: graph.outputs.map(name),
    values: all(graph.values),
    constants: all(graph.constants),
    nodes: graph.nodes.map(
      (n) =>
        ({ ...n, name: name(n.name), inputs: n.inputs.map(name), output: name(n.output) }) satisfies Node,
    ),
  };
}
