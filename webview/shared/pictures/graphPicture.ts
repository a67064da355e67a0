import {
  BOX_PADDING,
  LINE_HEIGHT,
  LINE_SIZE,
  TITLE_SIZE,
  boxText,
  type PlacedEdge,
  type PlacedGraph,
  type PlacedNode,
} from './graph.ts';
import { coordinate, svg, type SvgElement } from './svg.ts';

/**
 * The placed graph as a picture: one <g class="node KIND"> a node with `data-layer` where it has a row in the layer
 * table, and `refused` with a sign where it has a problem. Colours come from classes only, so that a webview can theme them.
 */
export function graphPicture(graph: PlacedGraph): SvgElement {
  return svg('g', { class: 'graph' }, [...graph.edges.map(edgePicture), ...graph.nodes.map(nodePicture)]);
}

function nodePicture(node: PlacedNode): SvgElement {
  const text = boxText(node);
  const left = node.x + BOX_PADDING + 4;
  const { problem } = node;
  const kind = problem === undefined ? node.kind : `${node.kind} refused`;
  return svg('g', { class: `node ${kind}`, 'data-id': node.id, 'data-layer': node.layer }, [
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
    problem === undefined ? undefined : sign(node.x + node.width - 3, node.y + 3),
    svg('title', {}, [
      [node.title, ...node.lines].join(', ') + (problem === undefined ? '' : `: ${problem}`),
    ]),
  ]);
}

const SIGN_RADIUS = 8;

/** An exclamation mark on a disc, over a corner of a box: not colour alone tells what is wrong. */
function sign(x: number, y: number): SvgElement {
  return svg('g', { class: 'sign' }, [
    svg('circle', { class: 'disc', cx: x, cy: y, r: SIGN_RADIUS }),
    svg('path', { class: 'stroke', d: `M${coordinate(x)} ${coordinate(y - 4.5)}v5m0 2.4v1.6` }),
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
