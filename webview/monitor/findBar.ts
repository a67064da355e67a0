import './findBar.css';
import { useControls } from '../controls.ts';
import type { ValueControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { Found } from '../shared/messages/monitor.ts';
import { tool } from './tool.ts';

export interface FindBarOptions {
  readonly onQuery: (query: string, matchCase: boolean) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onClose: () => void;
}

/** Searching the log, as the editor's find widget looks and works: Enter, Shift+Enter, Escape. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #field: ValueControl;
  readonly #case: HTMLButtonElement;
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
    this.#case = tool('find-case', 'matchCase', t('Match case'), () => {
      this.#case.setAttribute('aria-pressed', String(!this.#matchCase));
      this.#changed();
    });
    this.#case.setAttribute('aria-pressed', 'false');
    this.#count = h('span', { class: 'find-count', role: 'status' });
    this.element = h(
      'div',
      { class: 'find', role: 'search', hidden: true },
      this.#field,
      this.#case,
      this.#count,
      tool('find-previous', 'ascending', t('Previous match (Shift+Enter)'), () => options.onStep(-1)),
      tool('find-next', 'descending', t('Next match (Enter)'), () => options.onStep(1)),
      tool('find-close', 'close', t('Close (Escape)'), () => this.close()),
    );
  }

  get #matchCase(): boolean {
    return this.#case.getAttribute('aria-pressed') === 'true';
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
    this.#options.onQuery('', false);
    this.#options.onClose();
  }

  found(found: Found): void {
    this.#position = found.position;
    this.setMatches(found.matches);
  }

  setMatches(matches: number): void {
    if (this.element.hidden || this.#field.value === '') return void (this.#count.textContent = '');
    const text =
      matches === 0
        ? t('No results')
        : this.#position > 0
          ? t('{0} of {1}', Math.min(this.#position, matches), matches)
          : t('{0} lines', matches);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#count.classList.toggle('bad', matches === 0);
  }

  #changed(): void {
    this.#position = 0;
    this.setMatches(0);
    this.#count.textContent = '';
    this.#options.onQuery(this.#field.value, this.#matchCase);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#options.onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
  }
}
