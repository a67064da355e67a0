type Child = Node | string | undefined | false;

/**
 * Makes an element. Strings become text nodes, never markup; `on…` properties are listeners, `class` and `aria-*` and
 * the like attributes. An attribute that is undefined or false is left out, true is written as an empty attribute.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Readonly<Record<string, unknown>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function h(
  tag: string,
  props?: Readonly<Record<string, unknown>>,
  ...children: readonly Child[]
): HTMLElement;
export function h(
  tag: string,
  props: Readonly<Record<string, unknown>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2).toLowerCase(), value as EventListener);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((c): c is Node | string => c !== undefined && c !== false));
  return element;
}

/** Makes an SVG element with attributes; `style` is not among them (the content security policy forbids it). */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** The element with this id; a page without it is a bug. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}
