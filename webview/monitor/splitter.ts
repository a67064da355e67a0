import './splitter.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';

const MINIMUM = 0.2;
const MAXIMUM = 0.8;

/** A sash between log and result: dragged, or moved with the arrow keys; double click puts it back. */
export function splitter(share: number, onMove: (share: number) => void): HTMLElement {
  let now = share;
  const sash = h('div', {
    class: 'sash',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'vertical',
    'aria-label': t('Width of the log'),
    'aria-valuemin': MINIMUM * 100,
    'aria-valuemax': MAXIMUM * 100,
    'aria-valuenow': Math.round(share * 100),
    onPointerdown: (e: PointerEvent) => {
      sash.setPointerCapture(e.pointerId);
      sash.classList.add('active');
      e.preventDefault();
    },
    onPointermove: (e: PointerEvent) => {
      if (!sash.hasPointerCapture(e.pointerId)) return;
      const box = sash.parentElement!.getBoundingClientRect();
      set((e.clientX - box.left) / box.width);
    },
    onPointerup: () => sash.classList.remove('active'),
    onPointercancel: () => sash.classList.remove('active'),
    onDblclick: () => set(0.5),
    onKeydown: (e: KeyboardEvent) => {
      const step = { ArrowLeft: -0.05, ArrowRight: 0.05 }[e.key];
      if (step === undefined) return;
      e.preventDefault();
      set(now + step);
    },
  });
  const set = (wanted: number) => {
    now = Math.min(MAXIMUM, Math.max(MINIMUM, wanted));
    sash.setAttribute('aria-valuenow', String(Math.round(now * 100)));
    onMove(now);
  };
  return sash;
}
