import './logView.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { HexRow, LogUpdate, TextRow, Timestamps, WindowRequest } from '../shared/messages/monitor.ts';
import { hexElement, textElement } from './logRow.ts';

/** Rows asked for above and below what is visible, so that scrolling a little shows no gap. */
const MARGIN = 20;

export interface LogViewOptions {
  readonly onWindow: (window: Omit<WindowRequest, 'type'>) => void;
  readonly onDrawn: () => void;
  readonly onCopyAll: () => void;
  /** Pausing began or ended, also by going to the end. */
  readonly onPause: (paused: boolean) => void;
}

/**
 * The log: a list of which only the visible rows exist. The host holds the lines and sends the rows of the window this
 * view asks for; it follows the newest row until the user scrolls up or pauses.
 */
export class LogView {
  readonly element: HTMLElement;
  readonly #options: LogViewOptions;
  readonly #scroller: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #jump: HTMLButtonElement;
  readonly #shown = new Map<number, { readonly element: HTMLElement; readonly key: string }>();
  #last: LogUpdate | undefined;
  #follow = true;
  #paused = false;
  /** Rows there were when following ended, to say how many are new. */
  #seen = 0;
  #hex = false;
  #timestamps: Timestamps = 'off';
  #rowHeight = 18;
  /** Where we scrolled to ourselves: that scroll event is not the user's. */
  #ownTop = -1;
  #current: number | undefined;
  #requested = '';
  /** After Ctrl+A: all lines are meant, also those that do not exist as elements. */
  #allSelected = false;

  constructor(options: LogViewOptions) {
    this.#options = options;
    this.#rows = h('div', { class: 'log-rows' });
    this.#spacer = h('div', { class: 'log-spacer' }, this.#rows);
    this.#scroller = h(
      'div',
      {
        class: 'log-scroller',
        id: 'log',
        role: 'log',
        'aria-live': 'off',
        'aria-label': t('Serial log'),
        tabindex: '0',
        onScroll: () => this.#onScroll(),
        onKeydown: (e: KeyboardEvent) => this.#onKey(e),
        onPointerdown: () => this.#selectAll(false),
        onCopy: (e: ClipboardEvent) => {
          if (!this.#allSelected) return;
          e.preventDefault();
          options.onCopyAll();
        },
        onWheel: (e: WheelEvent) => {
          if (e.deltaY < 0) this.#stopFollowing();
        },
      },
      this.#spacer,
    );
    this.#empty = h('div', { class: 'log-empty quiet' });
    this.#jump = h(
      'button',
      { class: 'jump', type: 'button', hidden: true, onClick: () => this.followNewest() },
      icon('down'),
      h('span', { class: 'jump-text' }),
    );
    this.element = h('div', { class: 'log' }, this.#scroller, this.#empty, this.#jump);
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
    document.addEventListener('selectionchange', () => this.#onSelection());
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Number of the first row on screen; searching starts there. */
  get topRow(): number {
    return (this.#last?.first ?? 0) + Math.floor(this.#scroller.scrollTop / this.#rowHeight);
  }

  setOptions(options: { hex: boolean; timestamps: Timestamps }): void {
    if (options.hex === this.#hex && options.timestamps === this.#timestamps) return;
    const mode = options.hex !== this.#hex;
    this.#hex = options.hex;
    this.#timestamps = options.timestamps;
    this.#forget();
    if (mode) this.followNewest();
    else this.#ask(true);
  }

  setEmptyText(text: string): void {
    this.#empty.textContent = text;
  }

  /** Pausing freezes what is on screen; the host goes on recording. */
  setPaused(paused: boolean): void {
    if (!paused) return this.followNewest();
    this.#paused = true;
    this.#options.onPause(true);
    this.#stopFollowing();
    this.#showJump();
  }

  followNewest(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#options.onPause(false);
    }
    this.#follow = true;
    this.#showJump();
    this.#ask(true);
  }

  /** Another text is searched for: no line is the current match. */
  forgetMatch(): void {
    this.#current = undefined;
    this.#forget();
    this.#ask(true);
  }

  /** Brings a line to the middle and marks it as the current match. */
  reveal(line: number): void {
    this.#stopFollowing();
    this.#current = line;
    this.#forget();
    const visible = Math.floor(this.#scroller.clientHeight / this.#rowHeight);
    const top = Math.max(0, line - (this.#last?.first ?? 0) - Math.floor(visible / 2)) * this.#rowHeight;
    this.#scroller.scrollTop = top;
    this.#ask(true);
  }

  /** The selected text of the log; undefined when none is. */
  selectedText(): string | undefined {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !this.#scroller.contains(selection.anchorNode))
      return undefined;
    return selection.toString();
  }

  update(update: LogUpdate): void {
    const before = this.#last;
    if (before && (before.generation !== update.generation || before.hex !== update.hex)) {
      this.#forget();
      this.#current = undefined;
      this.#seen = 0;
      if (!this.#paused) this.#follow = true;
    }
    this.#last = update;
    this.#empty.hidden = update.count > 0;
    const total = update.count - update.first;
    this.#spacer.style.height = `${total * this.#rowHeight}px`;
    if (!this.#follow && before && before.generation === update.generation) {
      // what was dropped above moves everything up: stay with the text the user reads
      const dropped = update.first - before.first;
      if (dropped > 0) this.#scrollTo(Math.max(0, this.#scroller.scrollTop - dropped * this.#rowHeight));
    }
    if (update.rows) this.#draw(update, update.rows);
    else for (const [n, row] of this.#shown) this.#place(row.element, n, update.first);
    if (this.#follow) {
      this.#seen = update.count;
      this.#scrollTo(Math.max(0, this.#scroller.scrollHeight - this.#scroller.clientHeight));
    }
    this.#showJump();
    requestAnimationFrame(() => this.#options.onDrawn());
  }

  #draw(update: LogUpdate, rows: readonly (TextRow | HexRow)[]): void {
    const wanted = new Set<number>();
    for (const row of rows) {
      wanted.add(row.n);
      // a closed line never changes: only the newest one may have grown
      const key = 'text' in row ? keyOf(row) : row.hex;
      const shown = this.#shown.get(row.n);
      if (shown?.key === key) {
        this.#place(shown.element, row.n, update.first);
        continue;
      }
      const element = 'text' in row ? this.#textElement(row) : hexElement(row);
      this.#place(element, row.n, update.first);
      if (shown) shown.element.replaceWith(element);
      else this.#insert(element, row.n);
      this.#shown.set(row.n, { element, key });
    }
    for (const [n, row] of this.#shown) {
      if (wanted.has(n)) continue;
      row.element.remove();
      this.#shown.delete(n);
    }
  }

  #textElement(row: TextRow): HTMLElement {
    return textElement(row, {
      timestamps: this.#timestamps,
      isCurrent: row.n === this.#current,
    });
  }

  /** Rows stay in reading order, for the selection and for screen readers. */
  #insert(element: HTMLElement, n: number): void {
    let before = this.#rows.lastElementChild;
    while (before && Number((before as HTMLElement).dataset['n']) > n) before = before.previousElementSibling;
    if (before) before.after(element);
    else this.#rows.prepend(element);
  }

  #place(element: HTMLElement, n: number, first: number): void {
    element.style.transform = `translateY(${(n - first) * this.#rowHeight}px)`;
    element.dataset['n'] = String(n);
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (Math.abs(scrollTop - this.#ownTop) < 2) return;
    this.#ownTop = -1;
    const atEnd = scrollTop + clientHeight >= scrollHeight - this.#rowHeight / 2;
    if (atEnd && !this.#paused) {
      if (!this.#follow) this.followNewest();
      return;
    }
    this.#stopFollowing();
    this.#ask(false);
  }

  #onSelection(): void {
    if (this.#follow && this.selectedText() !== undefined) {
      this.#stopFollowing();
      this.#ask(true);
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) && ['PageUp', 'ArrowUp', 'Home'].includes(event.key)) {
      this.#stopFollowing();
    }
    if (event.key === 'End' && (event.ctrlKey || event.metaKey || !event.shiftKey)) {
      event.preventDefault();
      this.followNewest();
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      this.#selectAll(true);
    } else if (event.key === 'Escape') this.#selectAll(false);
  }

  #selectAll(all: boolean): void {
    if (all) document.getSelection()?.selectAllChildren(this.#rows); // so that the browser offers to copy
    this.#allSelected = all;
    this.#scroller.classList.toggle('all-selected', all);
  }

  #stopFollowing(): void {
    if (!this.#follow) return;
    this.#follow = false;
    this.#seen = this.#last?.count ?? 0;
    this.#showJump();
    this.#ask(true);
  }

  #scrollTo(top: number): void {
    this.#ownTop = top;
    this.#scroller.scrollTop = top;
  }

  #showJump(): void {
    const news = (this.#last?.count ?? 0) - this.#seen;
    this.#jump.hidden = this.#follow;
    const unit = this.#hex ? t('{0} new rows', news) : t('{0} new lines', news);
    const text = this.#jump.querySelector('.jump-text')!;
    text.textContent = this.#paused
      ? news > 0
        ? t('Paused, {0}', unit)
        : t('Paused')
      : news > 0
        ? unit
        : t('Go to end');
  }

  #measure(): void {
    const probe = h('div', { class: 'row probe' }, 'X');
    this.#rows.append(probe);
    const height = Math.round(probe.getBoundingClientRect().height);
    probe.remove();
    if (height > 0 && height !== this.#rowHeight) {
      this.#rowHeight = height;
      this.#forget();
    }
    this.#ask(true);
    if (this.#follow) this.#scrollTo(Math.max(0, this.#scroller.scrollHeight - this.#scroller.clientHeight));
  }

  #forget(): void {
    this.#rows.replaceChildren();
    this.#shown.clear();
  }

  /** Tells the host which rows are wanted; `always` also when they are the same. */
  #ask(always: boolean): void {
    const visible = Math.ceil(this.#scroller.clientHeight / this.#rowHeight) + 1;
    const top = Math.floor(this.#scroller.scrollTop / this.#rowHeight) + (this.#last?.first ?? 0);
    const request = {
      hex: this.#hex,
      follow: this.#follow,
      from: Math.max(0, top - MARGIN),
      size: visible + 2 * MARGIN,
    };
    const key = JSON.stringify(request);
    if (!always && key === this.#requested) return;
    this.#requested = key;
    this.#options.onWindow(request);
  }
}

/** Tells a line from what it was before: it has grown, or other marks. */
function keyOf({ text, continues, since, marks }: TextRow): string {
  return `${text.length} ${continues ?? ''} ${since ?? ''} ${marks?.join() ?? ''}`;
}
