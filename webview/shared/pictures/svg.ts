/**
 * A picture as plain data: built once by a pure function, then either written as SVG text (files, export) or turned
 * into DOM nodes by a webview. Nothing here is ever parsed, so text from a model cannot become markup.
 */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgElement | string)[];
}

/** A picture and the size it takes; drawn for one width, so that text keeps its size in every column. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly content: SvgElement;
}

/** One element; children that are `undefined` are left out, so that optional parts can be written in place. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  children: readonly (SvgElement | string | undefined)[] = [],
): SvgElement {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) kept[name] = value;
  return { tag, attributes: kept, children: children.filter((c) => c !== undefined) };
}

/** A number as SVG wants it: at most two decimals, never an exponent, never NaN. */
export function coordinate(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/**
 * Width of text in pixels, estimated for a proportional sans serif font from three widths of character. It only
 * decides where to cut text and how wide a box is; renderers use their own font.
 */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const c of text) {
    if ("iljtfrI.,:;|!'`()[]/ ".includes(c)) em += 0.36;
    else if ('mwMW@%'.includes(c) || c > '\u2e80') em += 0.97;
    else if (c >= 'A' && c <= 'Z') em += 0.7;
    else em += 0.61;
  }
  return em * fontSize;
}

/** The longest beginning of the text that fits, with an ellipsis when something was cut. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  let used = textWidth('\u2026', fontSize);
  let kept = '';
  for (const c of characters) {
    used += textWidth(c, fontSize);
    if (used > width) break;
    kept += c;
  }
  return kept === '' ? '' : `${kept.trimEnd()}\u2026`;
}
