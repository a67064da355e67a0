import { svgText } from '../../bundle/svgText.ts';
import { bytesText } from '../../../webview/shared/format.ts';
import { arenaPicture } from '../../../webview/shared/pictures/arenaPicture.ts';
import { memoryPicture } from '../../../webview/shared/pictures/memoryPicture.ts';
import { coordinate, svg, type Picture, type SvgElement } from '../../../webview/shared/pictures/svg.ts';
import type { Arena, MemoryBar } from '../../../webview/shared/report.ts';

const STANDALONE_STYLE = `
text { font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #3b3b3b; }
.heading { font-weight: 600; } .outside { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; } .address, .bytes { fill: #6b6b6b; } .paper { fill: #ffffff; }
.segment { --c: #1a85ff; } .modelCode { --c: #388a34; } .constants { --c: #652d90; } .placeholders { --c: #0e7490; }
.testImage { --c: #bc05bc; } .arena { --c: #bf8803; } .data { --c: #6b6b6b; } .heap, .gap { --c: #a0a0a0; } .stack { --c: #e51400; }
.area { fill: var(--c); fill-opacity: 0.22; } .edge, .solid { fill: var(--c); }
.free .area, rect.free { fill: #f3f3f3; stroke: #c8c8c8; fill-opacity: 1; }
.magnify { fill: #8c8c8c; fill-opacity: 0.12; } .leader, .rule { fill: none; stroke: #a8a8a8; }
@media (prefers-color-scheme: dark) {
text { fill: #cccccc; } .address, .bytes { fill: #9d9d9d; } .paper { fill: #1e1e1e; } .outside { stroke: #1e1e1e; }
.segment { --c: #3794ff; } .modelCode { --c: #89d185; } .constants { --c: #b180d7; } .placeholders { --c: #4fb6d0; }
.testImage { --c: #d670d6; } .arena { --c: #cca700; } .data { --c: #9d9d9d; } .heap, .gap { --c: #6b6b6b; } .stack { --c: #f14c4c; }
.free .area, rect.free { fill: #252526; stroke: #4a4a4a; } .leader, .rule { stroke: #6b6b6b; }
}
`;

/** All memories of a report, and the activation memory, below each other as a self-contained SVG file. */
export function memorySvg(name: string, bars: readonly MemoryBar[], arena: Arena | undefined): string {
  const width = 900;
  const margin = 16;
  const sections: SvgElement[] = [];
  let y = margin;
  const add = (heading: string, picture: Picture): void => {
    sections.push(
      svg('text', { class: 'heading', x: margin, y: y + 13, 'font-size': 13 }, [heading]),
      svg('g', { transform: `translate(${margin} ${y + 26})` }, [picture.content]),
    );
    y += 26 + picture.height + 20;
  };
  for (const bar of bars) {
    add(
      `${bar.name}: ${bytesText(bar.used)} of ${bytesText(bar.size)} used`,
      memoryPicture(bar, width - 2 * margin),
    );
  }
  const activations = arena && arenaPicture(arena, width - 2 * margin);
  if (activations) add('Activation memory, layer by layer', activations);
  return svgText(
    svg('svg', { viewBox: `0 0 ${width} ${coordinate(y)}`, width, height: y, role: 'img' }, [
      svg('title', {}, [`Memory of ${name}`]),
      svg('style', {}, [STANDALONE_STYLE]),
      svg('rect', { class: 'paper', width, height: y }),
      ...sections,
    ]),
  );
}
