import { RGB, type Colour, type Style } from '../../webview/shared/textStyle.ts';

/**
 * SGR ("Select Graphic Rendition", ECMA-48 8.3.117) as text attributes. Only colour and weight survive: concealed
 * text is shown, blinking is not.
 */

/** No attribute at all; styles compare by identity with this one. */
export const PLAIN: Style = Object.freeze({});

const MAX_PARAMETERS = 32;

type Writable = { -readonly [K in keyof Style]: Style[K] };

/**
 * The style after `ESC [ parameters m`.
 * @param parameters the text between `[` and `m`, such as `1;31`; colons separate sub-parameters (`38:2::255:0:0`)
 */
export function applySgr(style: Style, parameters: string): Style {
  const groups = parameters.split(';', MAX_PARAMETERS).map((g) => g.split(':', 8));
  let next: Writable = { ...style };
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    const code = number(group[0]);
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4 || code === 21) {
      if (group[1] === '0') delete next.underline;
      else next.underline = true;
    } else if (code === 7) next.inverse = true;
    else if (code === 9) next.strike = true;
    else if (code === 22) {
      delete next.bold;
      delete next.dim;
    } else if (code === 23) delete next.italic;
    else if (code === 24) delete next.underline;
    else if (code === 27) delete next.inverse;
    else if (code === 29) delete next.strike;
    else if (code >= 30 && code <= 37) next.fg = code - 30;
    else if (code >= 90 && code <= 97) next.fg = code - 90 + 8;
    else if (code >= 40 && code <= 47) next.bg = code - 40;
    else if (code >= 100 && code <= 107) next.bg = code - 100 + 8;
    else if (code === 39) delete next.fg;
    else if (code === 49) delete next.bg;
    else if (code === 38 || code === 48) {
      const { colour, used } = extended(groups, i);
      i += used;
      if (colour !== undefined) next[code === 38 ? 'fg' : 'bg'] = colour;
    }
  }
  return Object.keys(next).length === 0 ? PLAIN : Object.freeze(next);
}

/** 38/48: `5;n` or `2;r;g;b` as further parameters, or the same as sub-parameters of this one. */
function extended(groups: string[][], at: number): { colour: Colour | undefined; used: number } {
  const own = groups[at]!;
  if (own.length > 1) {
    const values = own.slice(1).map(number);
    if (values[0] === 5) return { colour: palette(values[1]), used: 0 };
    // 38:2:colourspace:r:g:b, or without the colour space as many programs write it
    if (values[0] === 2) return { colour: rgb(values.slice(values.length > 4 ? 2 : 1)), used: 0 };
    return { colour: undefined, used: 0 };
  }
  const rest = groups.slice(at + 1, at + 5).map((g) => number(g[0]));
  if (rest[0] === 5) return { colour: palette(rest[1]), used: 2 };
  if (rest[0] === 2) return { colour: rgb(rest.slice(1)), used: 4 };
  return { colour: undefined, used: rest.length > 0 ? 1 : 0 };
}

/** An empty parameter is 0 (ECMA-48 5.4.2). */
function number(text: string | undefined): number {
  return text === undefined || text === '' ? 0 : Math.min(Number(text), 0xffff);
}

function palette(n: number | undefined): Colour | undefined {
  return n !== undefined && n <= 255 ? n : undefined;
}

function rgb([r, g, b]: number[]): Colour | undefined {
  if (r === undefined || g === undefined || b === undefined || Math.max(r, g, b) > 255) return undefined;
  return RGB + (r << 16) + (g << 8) + b;
}
