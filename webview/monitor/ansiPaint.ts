import { RGB, type Colour, type Style } from '../shared/textStyle.ts';
import { cssColour, mix, paletteColour, readable } from './colour.ts';
import type { Rgb } from './colour.ts';
import { ground, themeColour } from './themeColours.ts';

const NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];

interface Theme {
  readonly palette: readonly Rgb[];
  readonly text: Rgb;
  readonly background: Rgb;
}

type Css = Partial<
  Record<'color' | 'backgroundColor' | 'fontWeight' | 'fontStyle' | 'textDecoration', string>
>;
/** Boards use a handful of styles; hostile input may use any number. */
const CACHED_STYLES = 1000;

let theme: Theme | undefined;
const cache = new Map<string, Css>();
new MutationObserver(() => {
  theme = undefined;
  cache.clear();
}).observe(document.documentElement, {
  attributes: true,
  attributeFilter: ['style', 'class'],
});

/** Gives an element the colours and weight of a run of terminal text, in the theme's own terminal colours. */
export function paint(element: HTMLElement, style: Style): void {
  const key = JSON.stringify(style);
  let css = cache.get(key);
  if (!css) {
    if (cache.size >= CACHED_STYLES) cache.clear();
    cache.set(key, (css = cssOf(style, (theme ??= readTheme()))));
  }
  Object.assign(element.style, css);
}

function cssOf(style: Style, { palette, text, background }: Theme): Css {
  const colour = (c: Colour): Rgb => {
    if (c >= RGB) return { r: (c >> 16) & 255, g: (c >> 8) & 255, b: c & 255 };
    return c < 16 ? palette[c]! : paletteColour(c);
  };
  // bold text in one of the first eight colours is bright, as in VS Code's terminal
  const fg = style.fg !== undefined && style.bold && style.fg < 8 ? style.fg + 8 : style.fg;
  let front = fg === undefined ? text : colour(fg);
  let back = style.bg === undefined ? background : colour(style.bg);
  if (style.inverse) [front, back] = [back, front];
  if (style.dim) front = mix(front, back, 0.4);
  const css: Css = {};
  if (style.fg !== undefined || style.bg !== undefined || style.inverse || style.dim) {
    css.color = cssColour(readable(front, back));
  }
  if (style.bg !== undefined || style.inverse) css.backgroundColor = cssColour(back);
  if (style.bold) css.fontWeight = 'bold';
  if (style.italic) css.fontStyle = 'italic';
  const lines = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean);
  if (lines.length > 0) css.textDecoration = lines.join(' ');
  return css;
}

function readTheme(): Theme {
  return {
    palette: ['', 'Bright'].flatMap((bright, row) =>
      NAMES.map((name, i) => themeColour(`terminal-ansi${bright}${name}`) ?? paletteFallback(i + 8 * row)),
    ),
    ...ground(),
  };
}

/** xterm's own first sixteen, for a theme that defines none. */
function paletteFallback(index: number): Rgb {
  const on = index >= 8 ? 255 : 205;
  const off = index === 8 ? 127 : 0;
  return { r: index & 1 ? on : off, g: index & 2 ? on : off, b: index & 4 ? on : off };
}
