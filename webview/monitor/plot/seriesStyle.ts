import { cssColour, readable, type Rgb } from '../colour.ts';
import { ground, themeColour } from '../themeColours.ts';

const MARKERS = ['circle', 'square', 'triangle', 'diamond'] as const;

/** How a series is drawn: told apart by its dashes and markers, too. */
export interface SeriesStyle {
  readonly colour: string;
  /** Lengths of dashes and gaps, in pixels. */
  readonly dash: readonly number[];
  readonly marker: (typeof MARKERS)[number];
}

/** Colours of the theme's charts, and what stands for them where a theme has none. */
const COLOURS: readonly (readonly [name: string, fallback: Rgb])[] = [
  ['charts-blue', { r: 55, g: 148, b: 255 }],
  ['charts-orange', { r: 209, g: 134, b: 22 }],
  ['charts-green', { r: 137, g: 209, b: 133 }],
  ['charts-purple', { r: 177, g: 128, b: 215 }],
  ['charts-red', { r: 241, g: 76, b: 76 }],
  ['charts-yellow', { r: 204, g: 167, b: 0 }],
];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;
/** Contrast of drawings that WCAG 2.1 asks for (1.4.11). */
const MINIMUM_CONTRAST = 3;

/** The styles of so many series, in the theme of now; no two of sixteen are alike. */
export function seriesStyles(count: number): SeriesStyle[] {
  const { background } = ground();
  const colours = COLOURS.map(([name, fallback]) =>
    cssColour(readable(themeColour(name) ?? fallback, background, MINIMUM_CONTRAST)),
  );
  return Array.from({ length: count }, (_, i) => {
    // twelve pairs come of six colours and four dashes in step; then they are out of step by one
    const shape = (i + Math.floor(i / 12)) % DASHES.length;
    return { colour: colours[i % colours.length]!, dash: DASHES[shape]!, marker: MARKERS[shape]! };
  });
}

/** A marker as a path around the origin. */
export function markerPath(marker: SeriesStyle['marker'], size: number): string {
  const s = size;
  switch (marker) {
    case 'circle':
      return `M${-s} 0a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0`;
    case 'square':
      return `M${-s} ${-s}h${2 * s}v${2 * s}h${-2 * s}z`;
    case 'triangle':
      return `M0 ${-s * 1.2}L${s * 1.2} ${s}H${-s * 1.2}z`;
    case 'diamond':
      return `M0 ${-s * 1.4}L${s * 1.4} 0L0 ${s * 1.4}L${-s * 1.4} 0z`;
  }
}
