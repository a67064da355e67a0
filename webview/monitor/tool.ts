import './tool.css';
import { h } from '../dom.ts';
import { icon, type IconName } from '../icons.ts';

/** An icon button of a toolbar. */
export function tool(id: string, name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  return h(
    'button',
    { id, class: 'tool', type: 'button', 'aria-label': label, title: label, onClick },
    icon(name),
  );
}
