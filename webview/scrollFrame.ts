import './scrollFrame.css';
import { h } from './dom.ts';

/**
 * A place that scrolls sideways when its content is wider, and shades the edges behind which more of it lies. It takes the keyboard then,
 * unless something in it does.
 * @param label what it holds, for screen readers
 */
export function scrollFrame(label: string, ...content: readonly (Node | false)[]): HTMLElement {
  const scroller = h('div', { class: 'scroll-content' }, ...content);
  const frame = h('div', { class: 'scroll-frame' }, scroller);
  const update = (): void => {
    const { scrollLeft, scrollWidth, clientWidth, clientHeight, offsetWidth, offsetHeight } = scroller;
    const hidden = scrollWidth - clientWidth;
    frame.classList.toggle('more-left', scrollLeft > 1);
    frame.classList.toggle('more-right', hidden - scrollLeft > 1);
    frame.style.setProperty('--scrollbar-width', `${offsetWidth - clientWidth}px`);
    frame.style.setProperty('--scrollbar-height', `${offsetHeight - clientHeight}px`);
    const takesKeyboard = hidden > 1 && !scroller.querySelector('button, a, [tabindex="0"]');
    scroller.toggleAttribute('tabindex', takesKeyboard);
    if (takesKeyboard) {
      scroller.tabIndex = 0;
      scroller.setAttribute('role', 'region');
      scroller.setAttribute('aria-label', label);
    }
  };
  scroller.addEventListener('scroll', update, { passive: true });
  const observer = new ResizeObserver(update);
  observer.observe(scroller);
  for (const child of scroller.children) observer.observe(child);
  return frame;
}
