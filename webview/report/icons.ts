import { svg } from '../dom.ts';

/** 16 by 16 pixel icons, drawn with the text's colour. */
const PATHS = {
  zoomIn: 'M7.5 2v5.5H2v1h5.5V14h1V8.5H14v-1H8.5V2z',
  zoomOut: 'M2 7.5h12v1H2z',
  fit: 'M2 2h4v1H3v3H2zm8 0h4v4h-1V3h-3zM2 10h1v3h3v1H2zm11 0h1v4h-4v-1h3z',
  up: 'M8 5l4.5 5h-9z',
  down: 'M8 11L3.5 6h9z',
  close: 'M8 7.3l4-4 .7.7-4 4 4 4-.7.7-4-4-4 4-.7-.7 4-4-4-4 .7-.7z',
  check: 'M6.3 12.3L2.4 8.4l.7-.7 3.2 3.2 6.6-6.6.7.7z',
  error:
    'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.4 4.5h1.2v4.6H7.4zm0 5.8h1.2v1.2H7.4z',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.4 7h1.2v4.6H7.4zm0-2.5h1.2v1.2H7.4z',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, size = 16): SVGSVGElement {
  return svg(
    'svg',
    { class: 'icon', width: size, height: size, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('path', { d: PATHS[name], fill: 'currentColor' }),
  );
}
