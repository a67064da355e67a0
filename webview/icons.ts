import { svg } from './dom.ts';

/** The few icons pages need, drawn in the stroke style of VS Code's own on a 16 x 16 grid. */
const PATHS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  warning: 'M8 2 14.5 13.5H1.5L8 2Zm0 4v4m0 1.6v.6',
  plug: 'M5.5 2v3m5-3v3M4 5h8v3a4 4 0 0 1-8 0V5Zm4 7v3',
  chip: 'M4.5 4.5h7v7h-7zM6.5 2v2.5m3-2.5v2.5m-3 7V14m3-2.5V14M2 6.5h2.5M2 9.5h2.5m7-3H14m-2.5 3H14',
  simulated: 'M2 3h12v8H2zm4 11h4M8 11v3m-1.5-8.5 3 1.5-3 1.5z',
  shield: 'M8 1.8 13 3.5v4c0 3.3-2.2 5.6-5 6.7-2.8-1.1-5-3.4-5-6.7v-4L8 1.8Zm0 3.7v3m0 1.8v.6',
  add: 'M8 3v10M3 8h10',
  remove: 'M3 8h10',
  fit: 'M6 2.5H2.5V6m7.5-3.5h3.5V6M2.5 10v3.5H6m7.5-3.5v3.5H10',
  ascending: 'M4.5 9.5 8 6l3.5 3.5',
  descending: 'M4.5 6.5 8 10l3.5-3.5',
  close: 'M4 4l8 8m0-8-8 8',
  error: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Zm0 3v4m0 1.9v.6',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Zm0 5.4v4m0-6.5v.6',
  play: 'M4.5 2.8v10.4L13 8 4.5 2.8Z',
  stop: 'M4 4h8v8H4z',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  refresh: 'M13 7A5 5 0 0 0 4 4.9L3 6m0-3v3h3M3 9a5 5 0 0 0 9 2.1l1-1.1m0 3v-3h-3',
  pause: 'M5.5 3v10m5-10v10',
  clear: 'M2 4h9M2 8h6m-6 4h5m4-3 3.5 3.5m0-3.5L11 12.5',
  copy: 'M5.5 5.5h7.5v8.5H5.5zM10.5 5.5V2H3v8.5h2.5',
  save: 'M2.5 2.5h9l2 2v9h-11zM5 2.5V6h5.5V2.5M5 13.5v-4h6v4',
  clock: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM8 4.5V8l2.5 1.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.2 7.7 3.8 3.8',
  more: 'M3.5 8h.01M8 8h.01m4.49 0h.01',
  pencil: 'M3 13l.7-3L11 2.7 13.3 5 6 12.3 3 13Zm6.7-9L12 6.3',
  picture: 'M2 3h12v10H2zm0 7.5 3.5-3.5L9 10.5l2-2 3 3M10.8 5.8h.01',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  invert: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 0v12m0-9 4.5 0M8 8h6m-6 3h4.5',
  hex: 'M4.8 4.5c1.4 0 2.2 1.4 2.2 3.5s-.8 3.5-2.2 3.5S2.6 10.1 2.6 8s.8-3.5 2.2-3.5Zm4.5 2.7 4 4.3m0-4.3-4 4.3',
  regex: 'M2.8 12.5h.01M10 3v7M6.9 4.8l6.2 3.5m0-3.5L6.9 8.3',
  wholeWord:
    'M2 12v1.5h12V12M6.5 6v4.5m0-2.2a2 2.2 0 1 1-4 0 2 2.2 0 0 1 4 0Zm3-5.3v7.5m0-2.2a2 2.2 0 1 0 4 0 2 2.2 0 0 0-4 0Z',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3L2 3Z',
  plot: 'M2.5 2.5v11h11M4.5 10.5 7.5 6l2.5 3 3.5-5',
  bookmark: 'M4 2.5h8v11l-4-3-4 3z',
  record: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Zm0 3.7a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9M7 7v4m2-4v4',
  matchCase: 'M2 11.5 4.8 4.5l2.8 7M3 9.2h3.6m6.9-2.2v4.5m0-2.3a2 2.2 0 1 1-4 0 2 2.2 0 0 1 4 0Z',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text around it; decoration for screen readers, so say the same in words. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, class: `icon icon-${name}`, 'aria-hidden': 'true' },
    svg('path', {
      d: PATHS[name],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
}
