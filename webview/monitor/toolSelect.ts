import './toolSelect.css';
import { h } from '../dom.ts';
import { icon, type IconName } from '../icons.ts';
import { choices, Select } from '../select.ts';

/** A choice of a toolbar that takes no more room than a button: its icon, over which the browser's own list opens. */
export class ToolSelect {
  readonly element: HTMLElement;
  readonly #select: Select;
  readonly #values: readonly (readonly [value: string, text: string])[];

  /** @param values the first is what counts as off */
  constructor(
    id: string,
    name: IconName,
    label: string,
    values: readonly (readonly [value: string, text: string])[],
    onChange: (value: string) => void,
  ) {
    this.#values = values;
    this.#select = new Select(id, label, onChange);
    this.element = h('span', { class: 'tool tool-select' }, icon(name), this.#select.element);
  }

  update(value: string): void {
    this.#select.update(choices(this.#values), value);
    this.element.classList.toggle('on', value !== this.#values[0]?.[0]);
  }
}
