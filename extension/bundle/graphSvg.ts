import {
  BOX_PADDING,
  LINE_HEIGHT,
  LINE_SIZE,
  TITLE_SIZE,
  boxText,
  placeGraph,
  type GraphDrawing,
  type PlacedEdge,
  type PlacedGraph,
  type PlacedNode,
} from './graphDrawing.ts';
import { coordinate, svg, svgText, type SvgElement } from './svg.ts';

/**
 * The placed graph as a picture: one <g class="node KIND"> a node with `data-layer` where it has a row in the layer
 * table. Colours come from classes only, so that a webview can theme them.
 */
export function graphPicture(graph: PlacedGraph): SvgElement {
  return svg('g', { class: 'graph' }, [...graph.edges.map(edgePicture), ...graph.nodes.map(nodePicture)]);
}

function nodePicture(node: PlacedNode): SvgElement {
  const text = boxText(node);
  const left = node.x + BOX_PADDING + 4;
  return svg('g', { class: `node ${node.kind}`, 'data-id': node.id, 'data-layer': node.layer }, [
    svg('rect', {
      class: 'box',
      x: node.x,
      y: node.y,
      width: node.width,
      height: node.height,
      rx: node.kind === 'placeholder' ? 12 : 4,
    }),
    svg('rect', { class: 'mark', x: node.x + 5, y: node.y + 6, width: 3, height: node.height - 12, rx: 1.5 }),
    svg('text', { class: 'title', x: left, y: node.y + 7 + TITLE_SIZE, 'font-size': TITLE_SIZE }, [
      text.title,
    ]),
    ...text.lines.map((line, i) =>
      svg(
        'text',
        {
          class: 'line',
          x: left,
          y: node.y + 7 + TITLE_SIZE + (i + 1) * LINE_HEIGHT,
          'font-size': LINE_SIZE,
        },
        [line],
      ),
    ),
    svg('title', {}, [[node.title, ...node.lines].join(', ')]),
  ]);
}

const ARROW = 5;

function edgePicture(edge: PlacedEdge): SvgElement {
  const last = edge.points.at(-1);
  const first = edge.points[0];
  if (!last || !first) return svg('g', { class: 'edge' });
  return svg('g', { class: 'edge' }, [
    svg('path', { class: 'wire', d: curve(edge.points) }),
    svg('path', {
      class: 'arrow',
      d: `M${coordinate(last.x - ARROW)} ${coordinate(last.y - ARROW - 2)}h${2 * ARROW}l${-ARROW} ${ARROW + 2}z`,
    }),
  ]);
}

/** A smooth line through the points of a route: straight ends, quadratic bends around the inner points. */
function curve(points: readonly { x: number; y: number }[]): string {
  const at = (x: number, y: number): string => `${coordinate(x)} ${coordinate(y)}`;
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${at(first.x, first.y)}`;
  for (let i = 0; i + 1 < rest.length; i++) {
    const p = rest[i]!;
    const next = rest[i + 1]!;
    path += `Q${at(p.x, p.y)} ${at((p.x + next.x) / 2, (p.y + next.y) / 2)}`;
  }
  const end = rest.at(-1) ?? first;
  return `${path}L${at(end.x, end.y)}`;
}

/** Colours of a picture that stands alone: those of VS Code's light and dark themes, by the reader's preference. */
const STANDALONE_STYLE = `
text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #3b3b3b; }
.title { font-weight: 600; }
.line { fill: #6b6b6b; }
.box { fill: #ffffff; stroke: #c8c8c8; }
.wire { fill: none; stroke: #8c8c8c; stroke-width: 1.2; }
.arrow { fill: #8c8c8c; }
.paper { fill: #f8f8f8; }
.placeholder .mark { fill: #8c8c8c; } .convolution .mark { fill: #1a85ff; } .dense .mark { fill: #388a34; }
.pool .mark { fill: #d18616; } .activation .mark { fill: #e51400; } .arithmetic .mark { fill: #652d90; }
.shape .mark { fill: #a0a0a0; }
@media (prefers-color-scheme: dark) {
text { fill: #cccccc; } .line { fill: #9d9d9d; } .box { fill: #252526; stroke: #4a4a4a; }
.wire { stroke: #7f7f7f; } .arrow { fill: #7f7f7f; } .paper { fill: #1e1e1e; }
.convolution .mark { fill: #3794ff; } .dense .mark { fill: #89d185; } .activation .mark { fill: #f14c4c; }
.arithmetic .mark { fill: #b180d7; }
}
`;

/** The graph as a self-contained SVG file; one sentence in a small picture when it is too large to be drawn. */
export function graphSvg(drawing: GraphDrawing): string {
  const placed = placeGraph(drawing);
  if (!('tooLarge' in placed)) return placedGraphSvg(placed);
  return standalone(drawing.name, 560, 60, svg('text', { x: 16, y: 35, 'font-size': 13 }, [placed.tooLarge]));
}

/** The same for a graph that has its places already. */
export function placedGraphSvg(graph: PlacedGraph): string {
  return standalone(graph.name, graph.width, graph.height, graphPicture(graph));
}

function standalone(name: string, width: number, height: number, content: SvgElement): string {
  return svgText(
    svg('svg', { viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`, width, height, role: 'img' }, [
      svg('title', {}, [`Network ${name}`]),
      svg('style', {}, [STANDALONE_STYLE]),
      svg('rect', { class: 'paper', width, height }),
      content,
    ]),
  );
}
