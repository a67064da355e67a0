import './boards.css';
import { useControls } from '../controls.ts';
import type { ValueControl } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { glossaryLink, term } from '../hint.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import { groupByFamily } from '../shared/boardFamilies.ts';
import type { BoardRow, BoardsState, BoardsToHost, BoardsToPage } from '../shared/messages/boards.ts';
import { filterBoards } from './filter.ts';
import { modelHead } from './modelHead.ts';
import { boardOption, optionId } from './row.ts';

/** Survives hiding the view. */
interface PageState {
  readonly filter: string;
  readonly scroll: number;
}

useControls('button', 'link', 'progress-ring', 'text-field');

let state: BoardsState | undefined;
/** The option the keyboard is on. */
let active: string | undefined;
let visible: readonly BoardRow[] = [];
/** Keys typed to jump to a board, forgotten after a second. */
let typed = '';
let typedAt = 0;

const page = connect<BoardsToPage, BoardsToHost, PageState>({
  state: (message) => {
    const first = state === undefined;
    state = message;
    active ??= message.selected;
    byId('model').replaceChildren(...modelHead(message.model, message.trusted, (m) => page.post(m)));
    renderList();
    if (first && page.state) byId('list').scrollTop = page.state.scroll;
  },
});

const filter = h('vscode-text-field' as 'input', {
  id: 'filter',
  placeholder: t('Filter boards'),
  'aria-label': t('Filter boards'),
  onInput: () => {
    save();
    renderList();
  },
  onKeydown: (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      byId('list').focus();
    } else if (event.key === 'Escape' && filter.value !== '') {
      filter.value = '';
      save();
      renderList();
    }
  },
}) as HTMLElement as ValueControl;

byId('app').append(
  h('section', { id: 'model', 'aria-label': t('Model') }),
  h('div', { class: 'toolbar' }, filter),
  h('div', {
    id: 'list',
    role: 'listbox',
    tabindex: '0',
    'aria-label': t('Boards'),
    onKeydown: onListKey,
    onClick: (event: MouseEvent) => {
      const option = (event.target as Element).closest<HTMLElement>('[data-board]');
      if (option) select(option.dataset['board']!);
    },
    onScroll: save,
    onFocus: () => {
      if (!visible.some((b) => b.id === active)) active = state?.selected ?? visible[0]?.id;
      if (!visible.some((b) => b.id === active)) active = visible[0]?.id;
      markActive();
    },
  }),
  // the keyboard is on a whole board in the list, and comes to its words here
  h('div', { class: 'words quiet' }, term('int8Only'), term('simulated'), glossaryLink()),
  h('div', { id: 'status', class: 'visually-hidden', role: 'status' }),
);
filter.value = page.state?.filter ?? '';
page.post({ type: 'ready' });

function save(): void {
  page.saveState({ filter: filter.value, scroll: byId('list').scrollTop });
}

function select(id: string): void {
  active = id;
  page.post({ type: 'select', id });
  markActive();
}

function renderList(): void {
  if (!state) return;
  const list = byId('list');
  const scroll = list.scrollTop;
  visible = filterBoards(state.boards, filter.value);
  if (active && !visible.some((b) => b.id === active)) active = undefined;
  list.replaceChildren(
    ...[...groupByFamily(visible)].map(([family, boards], i) =>
      h(
        'div',
        { class: 'family', role: 'group', 'aria-labelledby': `family-${i}` },
        h('div', { id: `family-${i}`, class: 'family-name', role: 'presentation' }, family),
        ...boards.map((board) => boardOption(board, board.id === state?.selected)),
      ),
    ),
  );
  const nothing = visible.length === 0;
  list.classList.toggle('empty', nothing);
  if (nothing) {
    list.append(h('p', { class: 'quiet', role: 'presentation' }, t('No board matches “{0}”.', filter.value)));
  }
  list.scrollTop = scroll;
  markActive();
  if (filter.value) byId('status').textContent = t('{0} of {1} boards', visible.length, state.boards.length);
}

/** Shows where the keyboard is, and brings it into view. */
function markActive(): void {
  const list = byId('list');
  for (const option of list.querySelectorAll('.active')) option.classList.remove('active');
  const option = active ? document.getElementById(optionId(active)) : null;
  option?.classList.add('active');
  if (option) list.setAttribute('aria-activedescendant', option.id);
  else list.removeAttribute('aria-activedescendant');
  if (option && document.activeElement === list) option.scrollIntoView({ block: 'nearest' });
}

function onListKey(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const at = visible.findIndex((b) => b.id === active);
  const last = visible.length - 1;
  const to: Record<string, number> = {
    ArrowDown: Math.min(last, at + 1),
    ArrowUp: Math.max(0, at - 1),
    PageDown: Math.min(last, at + 4),
    PageUp: Math.max(0, at - 4),
    Home: 0,
    End: last,
  };
  if (event.key in to) {
    event.preventDefault();
    active = visible[to[event.key]!]?.id;
    markActive();
  } else if (event.key === 'Enter' || (event.key === ' ' && typed === '')) {
    event.preventDefault();
    if (active) select(active);
  } else if (event.key.length === 1) {
    typed = (event.timeStamp - typedAt < 1000 ? typed : '') + event.key.toLowerCase();
    typedAt = event.timeStamp;
    active = visible.find((b) => b.name.toLowerCase().includes(typed))?.id ?? active;
    markActive();
  }
}
