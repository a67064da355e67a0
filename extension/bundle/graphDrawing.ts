import { largest } from '../common/lists.ts';
import { Graph, layout } from '@dagrejs/dagre';
import {
  BOLD,
  BOX_PADDING,
  LINE_HEIGHT,
  LINE_SIZE,
  TITLE_SIZE,
  type DrawnNode,
  type GraphDrawing,
  type PlacedGraph,
} from '../../webview/shared/pictures/graph.ts';
import { textWidth } from '../../webview/shared/pictures/svg.ts';

const BOX_MIN_WIDTH = 120;
const BOX_MAX_WIDTH = 260;
const MARGIN = 12;

/**
 * Layered layout takes about a second at these bounds and grows faster than linearly beyond (dagre also recurses
 * once a node, and overflows the stack at about 1,000). Long edges cost one dummy node a rank they pass; many between the same ranks
 * cost the square of their number, for their crossings are counted.
 */
export const MAX_DRAWN_NODES = 400;
const MAX_DRAWN_EDGES = 2 * MAX_DRAWN_NODES;
const MAX_EDGE_SPAN = 4000;

/**
 * Places nodes and routes edges, top to bottom. Gives one sentence instead when the graph is too large to draw
 * in reasonable time; nothing is allocated for it then.
 */
export function placeGraph(drawing: GraphDrawing): PlacedGraph | { readonly tooLarge: string } {
  if (drawing.nodes.length > MAX_DRAWN_NODES) {
    return {
      tooLarge: `The graph has ${drawing.nodes.length.toLocaleString('en-US')} nodes; graphs of up to ${MAX_DRAWN_NODES} are drawn.`,
    };
  }
  if (drawing.edges.length > MAX_DRAWN_EDGES || edgeSpan(drawing) > MAX_EDGE_SPAN) {
    return { tooLarge: 'The graph has too many connections, or too long ones, to be drawn readably.' };
  }
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 30, edgesep: 16, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of drawing.nodes) graph.setNode(node.id, boxSize(node));
  drawing.edges.forEach((edge, i) => graph.setEdge(edge.from, edge.to, {}, String(i)));
  layout(graph);
  const size = graph.graph() as { width?: number; height?: number };
  return {
    name: drawing.name,
    width: Math.max(size.width ?? 0, 2 * MARGIN),
    height: Math.max(size.height ?? 0, 2 * MARGIN),
    nodes: drawing.nodes.map((node) => {
      const { x, y, width, height } = graph.node(node.id) as {
        x: number;
        y: number;
        width: number;
        height: number;
      };
      return { ...node, x: x - width / 2, y: y - height / 2, width, height };
    }),
    edges: drawing.edges.map((edge, i) => {
      const placed = graph.edge({ v: edge.from, w: edge.to, name: String(i) }) as {
        points?: { x: number; y: number }[];
      };
      return { ...edge, points: (placed.points ?? []).map(({ x, y }) => ({ x, y })) };
    }),
  };
}

function boxSize(node: DrawnNode): { width: number; height: number } {
  const widest = largest(
    node.lines.map((l) => textWidth(l, LINE_SIZE)),
    textWidth(node.title, TITLE_SIZE) * BOLD,
  );
  const width = Math.min(BOX_MAX_WIDTH, Math.max(BOX_MIN_WIDTH, Math.ceil(widest) + 2 * BOX_PADDING + 6));
  return { width, height: (node.lines.length + 1) * LINE_HEIGHT + 14 };
}

/** How many ranks all edges pass together when every node stands as high as its inputs allow. */
function edgeSpan(drawing: GraphDrawing): number {
  const into = new Map<string, string[]>();
  for (const node of drawing.nodes) into.set(node.id, []);
  for (const edge of drawing.edges) into.get(edge.to)?.push(edge.from);
  const rank = new Map<string, number>();
  // nodes stand in topological order, placeholders of outputs last
  for (const node of drawing.nodes) {
    const before = (into.get(node.id) ?? []).map((from) => rank.get(from) ?? 0);
    rank.set(node.id, 1 + largest(before, -1));
  }
  return drawing.edges.reduce((n, e) => n + (rank.get(e.to) ?? 0) - (rank.get(e.from) ?? 0), 0);
}
