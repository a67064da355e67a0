import './filterBar.css';
import type { ValueControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { LineFilter } from '../shared/linePattern.ts';
import type { FilterState } from '../shared/messages/monitor.ts';
import { problemText } from './patternText.ts';
import { PatternToggles } from './patternToggles.ts';
import { toggle, type Toggle } from './toggle.ts';
import { tool } from './tool.ts';

export interface FilterBarOptions {
  /** Undefined: all lines are shown. */
  readonly onFilter: (filter: LineFilter | undefined) => void;
  /** It was opened or closed. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** Which lines the log shows: those with a text or an expression, or those without. The host keeps it; the log itself loses nothing. */
export class FilterBar {
  readonly element: HTMLElement;
  readonly #options: FilterBarOptions;
  readonly #field: ValueControl;
  readonly #how: PatternToggles;
  readonly #invert: Toggle;
  readonly #count: HTMLElement;
  #isKnown = false;

  constructor(options: FilterBarOptions) {
    this.#options = options;
    this.#field = h('vscode-text-field' as 'input', {
      id: 'filter-text',
      placeholder: t('Show lines with…'),
      'aria-label': t('Filter of lines'),
      onInput: () => this.#changed(),
      onKeydown: (e: KeyboardEvent) => {
        this.#how.onKey(e);
        if (e.key === 'Escape') this.close();
      },
    }) as HTMLElement as ValueControl;
    this.#how = new PatternToggles('filter', () => this.#changed());
    this.#invert = toggle('filter-invert', 'invert', t('Show lines without it'), () => this.#changed());
    this.#count = h('span', { class: 'filter-count', role: 'status' });
    this.element = h(
      'div',
      { class: 'filter', role: 'group', 'aria-label': t('Filter'), hidden: true },
      this.#field,
      ...this.#how.elements,
      this.#invert.element,
      this.#count,
      tool('filter-close', 'close', t('Show all lines (Escape)'), () => this.close()),
    );
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** What the host filters by: a page that was made anew learns it so. */
  setFilter(filter: LineFilter | undefined): void {
    if (this.#isKnown) return;
    this.#isKnown = true;
    if (!filter) return;
    this.#field.value = filter.text;
    this.#how.value = filter;
    this.#invert.isOn = filter.invert;
    this.#show(true);
  }

  open(): void {
    this.#show(true);
    this.#field.focus();
    this.#changed();
  }

  close(): void {
    this.#show(false);
    this.#options.onFilter(undefined);
  }

  /** How many lines are shown now. */
  update(state: FilterState | undefined): void {
    const problem = state?.problem && problemText(state.problem);
    const [shown, all] = [state?.shown ?? 0, state?.all ?? 0].map((n) => n.toLocaleString());
    const text = !state ? '' : problem ? problem.short : t('{0} of {1} lines', shown!, all!);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.title = problem ? problem.long : text;
    this.#count.classList.toggle('bad', problem !== undefined);
  }

  #show(isOpen: boolean): void {
    if (isOpen === this.isOpen) return;
    this.element.hidden = !isOpen;
    this.#options.onOpen(isOpen);
  }

  #changed(): void {
    const { value: text } = this.#field;
    const filter = { text, ...this.#how.value, invert: this.#invert.isOn };
    this.#options.onFilter(text === '' ? undefined : filter);
  }
}
