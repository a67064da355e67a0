import type { DrawnEdge, DrawnNode, GraphDrawing } from '../../../webview/shared/pictures/graph.ts';
import type { ReportProblem } from '../../../webview/shared/report.ts';
import type { Sketch, SketchedTensor } from '../../model/import/sketch.ts';

/** A model that is refused, as its file has it. @param problems of its nodes, which are marked; a row each */
export function sketchDrawing(
  { name, inputs, outputs, nodes }: Sketch,
  problems: readonly ReportProblem[],
): GraphDrawing {
  const rows = new Map(problems.map(({ node }, row) => [node, row]));
  const sourceOf = new Map<string, string>();
  const drawn: DrawnNode[] = [];
  const edges: DrawnEdge[] = [];
  const connect = (tensor: string, to: string): void => {
    const from = sourceOf.get(tensor);
    if (from !== undefined) edges.push({ from, to });
  };
  inputs.forEach((input, i) => {
    const id = `in${i}`;
    sourceOf.set(input.name, id);
    drawn.push({ id, kind: 'placeholder', title: `Input ${input.name}`, lines: shapeLines(input) });
  });
  nodes.forEach((node, i) => {
    const id = `n${i}`;
    const row = rows.get(node.name);
    const marks = row === undefined ? {} : { layer: row, problem: problems[row]!.why };
    const lines = [node.name, ...shapeLines(node.outputs[0])];
    drawn.push({ id, kind: 'shape', title: node.operator, lines, ...marks });
    for (const input of node.inputs) connect(input, id);
    for (const output of node.outputs) sourceOf.set(output.name, id);
  });
  outputs.forEach((output, i) => {
    const id = `out${i}`;
    drawn.push({ id, kind: 'placeholder', title: `Output ${output.name}`, lines: shapeLines(output) });
    connect(output.name, id);
  });
  return { name, nodes: drawn, edges };
}

function shapeLines(tensor: SketchedTensor | undefined): string[] {
  return tensor?.shape && tensor.shape.length > 0 ? [tensor.shape.join('\u00d7')] : [];
}
