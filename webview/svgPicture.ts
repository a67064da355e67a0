import type { SvgElement } from './shared/pictures/svg.ts';
import { svg } from './dom.ts';

/** Turns a picture made as plain data into DOM nodes; strings become text nodes. */
export function pictureElement(picture: SvgElement): SVGElement {
  return svg(
    picture.tag as keyof SVGElementTagNameMap,
    picture.attributes,
    ...picture.children.map((child) => (typeof child === 'string' ? child : pictureElement(child))),
  );
}

/** Calls `draw` with the element's width in whole pixels, now and whenever it changes; empty while it is hidden. */
export function drawAtWidth(element: HTMLElement, draw: (width: number) => Node | undefined): void {
  let drawn = -1;
  new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width === drawn || width === 0) return;
    drawn = width;
    const content = draw(width);
    element.replaceChildren(...(content ? [content] : []));
  }).observe(element);
}
