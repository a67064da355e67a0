import type { GraphDrawing, PlacedGraph } from '../../webview/shared/pictures/graph.ts';
import { graphPicture } from '../../webview/shared/pictures/graphPicture.ts';
import { coordinate, svg, type SvgElement } from '../../webview/shared/pictures/svg.ts';
import { placeGraph } from './graphDrawing.ts';
import { svgText } from './svgText.ts';

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
