import type { Graph } from './graph.ts';
import { shapeOf } from './graph.ts';

/** The values that hold positions (PositionNode), and of how many elements each of them is one. */
export function positionValues(graph: Graph): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { kind, inputs, output } of graph.nodes) {
    const [from] = inputs as [string];
    if (kind === 'position') values.set(output, shapeOf(graph, from).at(-1)!);
    const count = kind === 'reshape' ? values.get(from) : undefined;
    if (count !== undefined) values.set(output, count);
  }
  return values;
}

/** What each output's numbers tell how far they are from others: itself, or for positions the values that they are found among. */
export function measuredOutputs(graph: Graph): string[] {
  const makers = new Map(graph.nodes.map((node) => [node.output, node]));
  const positions = positionValues(graph);
  return graph.outputs.map((output) => {
    let name = output;
    while (positions.has(name)) name = makers.get(name)!.inputs[0]!;
    return name;
  });
}
