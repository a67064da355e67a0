import './findBar.css';
import { useControls } from '../controls.ts';
import type { ValueControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { LinePattern, PatternProblem } from '../shared/linePattern.ts';
import type { Found, SearchState } from '../shared/messages/monitor.ts';
import { problemText } from './patternText.ts';
import { PatternToggles } from './patternToggles.ts';
import { tool } from './tool.ts';

export interface FindBarOptions {
  /** Undefined: nothing is searched any more. */
  readonly onPattern: (pattern: LinePattern | undefined) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onClose: () => void;
}

/** Searching the log, as the editor's find widget looks and works: Enter, Shift+Enter, Escape. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #field: ValueControl;
  readonly #how: PatternToggles;
  readonly #count: HTMLElement;
  readonly #options: FindBarOptions;
  #position = 0;

  constructor(options: FindBarOptions) {
    useControls('text-field');
    this.#options = options;
    this.#field = h('vscode-text-field' as 'input', {
      id: 'find-text',
      placeholder: t('Find'),
      'aria-label': t('Find in the log'),
      onInput: () => this.#changed(),
      onKeydown: (e: KeyboardEvent) => this.#onKey(e),
    }) as HTMLElement as ValueControl;
    this.#how = new PatternToggles('find', () => this.#changed());
    this.#count = h('span', { class: 'find-count', role: 'status' });
    this.element = h(
      'div',
      { class: 'find', role: 'search', hidden: true },
      this.#field,
      ...this.#how.elements,
      this.#count,
      tool('find-previous', 'ascending', t('Previous match (Shift+Enter)'), () => options.onStep(-1)),
      tool('find-next', 'descending', t('Next match (Enter)'), () => options.onStep(1)),
      tool('find-close', 'close', t('Close (Escape)'), () => this.close()),
    );
  }

  open(): void {
    this.element.hidden = false;
    this.#field.focus();
    (this.#field as unknown as { select?: () => void }).select?.();
    this.#changed();
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#options.onPattern(undefined);
    this.#options.onClose();
  }

  found(found: Found): void {
    this.#position = found.position;
    this.#show(found.matches, undefined);
  }

  /** How many lines hold it now. */
  update(search: SearchState | undefined): void {
    this.#show(search?.matches ?? 0, search?.problem);
  }

  #show(matches: number, problem: PatternProblem | undefined): void {
    if (this.element.hidden || this.#field.value === '') return void (this.#count.textContent = '');
    const text = problem ? problemText(problem).short : this.#countText(matches);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.title = problem ? problemText(problem).long : '';
    this.#count.classList.toggle('bad', matches === 0 || problem !== undefined);
  }

  #countText(matches: number): string {
    if (matches === 0) return t('No results');
    return this.#position > 0
      ? t('{0} of {1}', Math.min(this.#position, matches), matches)
      : t('{0} lines', matches);
  }

  #changed(): void {
    this.#position = 0;
    this.#count.textContent = '';
    this.#options.onPattern({ text: this.#field.value, ...this.#how.value });
  }

  #onKey(event: KeyboardEvent): void {
    this.#how.onKey(event);
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#options.onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
  }
}
