import { coordinate, type SvgElement } from '../../webview/shared/pictures/svg.ts';

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
