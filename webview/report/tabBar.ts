import './tabBar.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';

/** A part of the page that is shown alone, under its title. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
}

/** A tab list as the ARIA authoring practices describe it: arrow keys move, only the open tab is in the tab order. */
export function tabBar(
  tabs: readonly Tab[],
  onOpen: (id: string) => void,
): { element: HTMLElement; open: (id: string) => void; hide: (id: string, hidden: boolean) => void } {
  const buttons = new Map<string, HTMLButtonElement>();
  let current = '';
  const show = (id: string): void => {
    const target = tabs.some((tab) => tab.id === id) && !buttons.get(id)?.hidden ? id : tabs[0]!.id;
    current = target;
    for (const tab of tabs) {
      const open = tab.id === target;
      const button = buttons.get(tab.id)!;
      button.setAttribute('aria-selected', String(open));
      button.tabIndex = open ? 0 : -1;
      tab.panel.hidden = !open;
    }
  };
  const open = (id: string): void => {
    show(id);
    onOpen(current);
  };
  const onKey = (event: KeyboardEvent): void => {
    const shown = tabs.filter((tab) => !buttons.get(tab.id)?.hidden);
    const at = shown.findIndex((tab) => tab.id === current);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const tab = shown[(next + shown.length) % shown.length]!;
    open(tab.id);
    buttons.get(tab.id)?.focus();
  };
  const element = h('div', {
    class: 'tab-bar',
    role: 'tablist',
    'aria-label': t('Report'),
    onkeydown: onKey,
  });
  for (const tab of tabs) {
    const button = h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab.id}`,
        'aria-controls': `panel-${tab.id}`,
        onclick: () => open(tab.id),
      },
      tab.title,
    );
    buttons.set(tab.id, button);
    element.append(button);
    tab.panel.id = `panel-${tab.id}`;
    tab.panel.setAttribute('role', 'tabpanel');
    tab.panel.setAttribute('aria-labelledby', `tab-${tab.id}`);
  }
  return {
    element,
    open: show,
    hide: (id, hidden) => {
      buttons.get(id)!.hidden = hidden;
      if (hidden && current === id) show(tabs[0]!.id);
    },
  };
}
