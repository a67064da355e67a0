import type { Graph } from '../graph.ts';

/** Arrays of numbers by name. */
export type Floats = ReadonlyMap<string, Float32Array>;

/** What the next inference finds of each state. @param values of the one that has ended (evaluate) */
export function statesAfter(graph: Graph, values: Floats): Map<string, Float32Array> {
  return new Map(
    graph.states.map(({ name, written = name }) => [
      name,
      (values.get(written) ?? graph.constants.get(written)?.data)!,
    ]),
  );
}
