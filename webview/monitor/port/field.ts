import { h } from '../../dom.ts';

/** Controls of a bar with a word in front, which their own labels say to screen readers. */
export function field(label: string, ...controls: HTMLElement[]): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('span', { class: 'field-label', 'aria-hidden': 'true' }, label),
    ...controls,
  );
}
