import type { DrawnKind, GraphDrawing } from '../../webview/shared/pictures/graph.ts';

const FILL: Readonly<Record<DrawnKind, string>> = {
  placeholder: '#f3f3f3',
  convolution: '#d6e8fa',
  dense: '#d9f0dd',
  pool: '#fbe6d0',
  activation: '#f8d7da',
  arithmetic: '#e9defa',
  shape: '#e8e8e8',
};

/** The graph in Graphviz' DOT language: `dot -Tsvg NAME.dot` draws it. */
export function graphvizDot(drawing: GraphDrawing): string {
  const number = new Map(drawing.nodes.map((node, i) => [node.id, i]));
  const nodes = drawing.nodes.map((node, i) => {
    const label = [node.title, ...node.lines].map(escapeDot).join('\\n');
    const shape = node.kind === 'placeholder' ? ', shape=ellipse' : '';
    return `  n${i} [label="${label}", fillcolor="${FILL[node.kind]}"${shape}];`;
  });
  const edges = drawing.edges.map((edge) => `  n${number.get(edge.from)} -> n${number.get(edge.to)};`);
  return [
    `digraph "${escapeDot(drawing.name)}" {`,
    '  rankdir=TB;',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

/** Text for a double-quoted DOT string: backslashes would start an escape, control characters would break the line. */
function escapeDot(text: string): string {
  return (
    text
      // halves of surrogate pairs, which UTF-8 has no bytes for
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // eslint-disable-next-line no-control-regex -- control characters are what must not reach the file
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
      .replace(/\\/g, '\\\\')
      .replace(/"/g, '\\"')
  );
}
