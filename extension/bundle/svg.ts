/**
 * A picture as plain data: built once by a pure function, then either written as SVG text (files, export) or turned
 * into DOM nodes by a webview. Nothing here is ever parsed, so text from a model cannot become markup.
 */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgElement | string)[];
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

/**
 * SVG text of a picture, complete with XML namespace. Coordinates are rounded to 1/100, so that two runs and two
 * machines write the same bytes.
 */
export function svgText(root: SvgElement): string {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', ...root.attributes };
  return `${elementText({ ...root, attributes }, '')}\n`;
}

function elementText(element: SvgElement, indent: string): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(typeof value === 'number' ? coordinate(value) : value)}"`)
    .join('');
  const open = `${indent}<${element.tag}${attributes}`;
  if (element.children.length === 0) return `${open}/>`;
  if (element.children.every((c) => typeof c === 'string')) {
    return `${open}>${element.children.map((c) => escapeXml(c)).join('')}</${element.tag}>`;
  }
  const inner = element.children.map((c) =>
    typeof c === 'string' ? `${indent}  ${escapeXml(c)}` : elementText(c, `${indent}  `),
  );
  return `${open}>\n${inner.join('\n')}\n${indent}</${element.tag}>`;
}

/** A number as SVG wants it: at most two decimals, never an exponent, never NaN. */
export function coordinate(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/** Text safe inside XML elements and double-quoted attributes; characters XML 1.0 cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      // halves of surrogate pairs, which UTF-8 has no bytes for
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // eslint-disable-next-line no-control-regex -- control characters are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/[\t\n\r]/g, ' ')
  );
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
