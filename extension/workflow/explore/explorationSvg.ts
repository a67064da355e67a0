import { svgText } from '../../bundle/svgText.ts';
import {
  areCounted,
  COSTS,
  type MeasuredVariant,
  QUALITIES,
  type Quality,
  qualitiesOf,
} from '../../../webview/shared/exploration.ts';
import { explorationPlot, type PlotTexts } from '../../../webview/shared/pictures/explorationPlot.ts';
import { coordinate, svg, type SvgElement } from '../../../webview/shared/pictures/svg.ts';
import { type Exploration, frontOf, measured } from './explored.ts';

const STANDALONE_STYLE = `
text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #3b3b3b; }
.heading, .number { font-weight: 600; } .tick, .axisTitle { fill: #6b6b6b; } .paper { fill: #ffffff; } .target { fill: none; }
.grid { fill: none; stroke: #ececec; } .axis { fill: none; stroke: #8c8c8c; } .front { fill: none; stroke: #1a85ff; stroke-width: 1.5; }
.dot { fill: #ffffff; stroke: #6b6b6b; stroke-width: 1.5; } .onFront .dot { fill: #1a85ff; stroke: #1a85ff; }
.tooLarge .dot { stroke: #e51400; } .chosen { fill: none; stroke: #388a34; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
text { fill: #cccccc; } .tick, .axisTitle { fill: #9d9d9d; } .paper { fill: #1e1e1e; } .grid { stroke: #2d2d2d; } .axis { stroke: #7f7f7f; }
.front { stroke: #3794ff; } .dot { fill: #1e1e1e; stroke: #9d9d9d; } .onFront .dot { fill: #3794ff; stroke: #3794ff; }
.tooLarge .dot { stroke: #f14c4c; } .chosen { stroke: #89d185; }
}
`;

/** @param isCounted cycles were counted on the simulated board */
function texts(isCounted: boolean): PlotTexts {
  return {
    costs: {
      cycles: isCounted ? 'Cycles, counted' : 'Cycles, predicted',
      flash: 'Flash of the model in bytes',
      ram: 'RAM of the model in bytes',
    },
    qualities: { accuracy: 'Accuracy', sameTop1: 'Same Top1 as float', sqnr: 'SQNR' },
    exact: 'exact',
    number: (value) => value.toLocaleString('en-US'),
    share: (value) => `${Number((value * 100).toFixed(2))} %`,
  };
}

const PLOT = { width: 400, height: 280 };
const MARGIN = 16;

/** What an exploration found as a self-contained SVG file: each quality against each cost, with the front of the two. */
export function explorationSvg({ model, board, variants }: Exploration): string {
  const plotted = measured(variants);
  const qualities = plottedQualities(plotted);
  const told = texts(areCounted(plotted));
  const title = `Variants of ${model} for ${board.name}`;
  const plots = qualities.flatMap((quality, row) =>
    COSTS.map((cost, column): SvgElement => {
      const front = frontOf(variants, quality, [cost]);
      const { content } = explorationPlot(plotted, front, { cost, quality }, told, PLOT);
      const x = MARGIN + column * (PLOT.width + MARGIN);
      const y = 44 + row * (PLOT.height + MARGIN);
      return svg('g', { transform: `translate(${coordinate(x)} ${coordinate(y)})` }, [content]);
    }),
  );
  const width = 2 * MARGIN + COSTS.length * (PLOT.width + MARGIN) - MARGIN;
  const height = 44 + Math.max(1, qualities.length) * (PLOT.height + MARGIN) + 24;
  const note =
    'Filled: on the front, with its number. Green ring: chosen now. Cross: does not fit the board.';
  return svgText(
    svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' }, [
      svg('title', {}, [title]),
      svg('style', {}, [STANDALONE_STYLE]),
      svg('rect', { class: 'paper', width, height }),
      svg('text', { class: 'heading', x: MARGIN, y: 28, 'font-size': 14 }, [title]),
      ...plots,
      svg('text', { class: 'tick', x: MARGIN, y: height - 14, 'font-size': 11 }, [note]),
    ]),
  );
}

/** Labels or classes, where the samples have them, and the noise. */
function plottedQualities(plotted: readonly MeasuredVariant[]): Quality[] {
  const all = qualitiesOf(plotted.map((p) => p.figures));
  return QUALITIES.filter((q) => all.includes(q) && (q !== 'sameTop1' || !all.includes('accuracy')));
}
