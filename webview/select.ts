import './select.css';
import { h } from './dom.ts';

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly title?: string | undefined;
}

/** Choices under a heading of their own; without one they stand directly in the list. */
export interface ChoiceGroup {
  readonly label: string | undefined;
  readonly choices: readonly Choice[];
}

/**
 * A drop-down in VS Code's colours. The browser's own list is used because it may reach beyond a panel that is only a
 * few lines high, which a list inside the page cannot.
 */
export class Select {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  #shown = '';

  constructor(id: string, label: string, onChange: (value: string) => void) {
    this.#select = h('select', {
      id,
      'aria-label': label,
      title: label,
      onChange: () => onChange(this.#select.value),
    });
    this.element = h('span', { class: 'select' }, this.#select);
  }

  setDisabled(disabled: boolean): void {
    this.#select.disabled = disabled;
  }

  /** Shows these choices; leaves the list alone when nothing changed, as it may be open. */
  update(groups: readonly ChoiceGroup[], value: string): void {
    const key = JSON.stringify(groups);
    if (key !== this.#shown) {
      this.#shown = key;
      this.#select.replaceChildren(
        ...groups
          .filter((g) => g.choices.length > 0)
          .flatMap((g) => {
            const options = g.choices.map((c) => h('option', { value: c.value, title: c.title }, c.text));
            return g.label === undefined ? options : [h('optgroup', { label: g.label }, ...options)];
          }),
      );
    }
    if (this.#select.value !== value) this.#select.value = value;
  }
}

/** One list without headings. */
export function choices(values: readonly (readonly [value: string, text: string])[]): ChoiceGroup[] {
  return [{ label: undefined, choices: values.map(([value, text]) => ({ value, text })) }];
}
