import './tensorView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { choices, Select } from '../select.ts';
import type { TensorMessage } from '../shared/messages/network.ts';
import { NumbersView } from './numbersView.ts';
import { MOST_TILES, planeTiles } from './planeTiles.ts';
import { tensorSummary } from './texts.ts';

export type TensorForm = 'picture' | 'numbers';

/** A layer's tensor: as pictures, the board's beside the PC's where they differ, or as numbers. */
export class TensorView {
  readonly element: HTMLElement;
  readonly #heading = h('h2', {});
  readonly #summary = h('div', { class: 'tensor-summary' });
  readonly #body = h('div', { class: 'tensor-body' });
  readonly #forms: Select;
  readonly #numbers = new NumbersView();
  #form: TensorForm;
  #shown: TensorMessage | undefined;

  constructor(form: TensorForm, onForm: (form: TensorForm) => void) {
    this.#form = form;
    this.#forms = new Select('tensor-form', t('Show as'), (value) => {
      this.#form = value === 'numbers' ? 'numbers' : 'picture';
      onForm(this.#form);
      this.#draw();
    });
    this.element = h(
      'section',
      { class: 'tensor-view', 'aria-label': t('Tensor') },
      h('div', { class: 'tensor-head' }, this.#heading, this.#forms.element),
      this.#summary,
      this.#body,
    );
  }

  show(heading: string, tensor: TensorMessage): void {
    this.#heading.textContent = heading;
    this.#shown = tensor;
    const [first, ...more] = tensorSummary(tensor);
    this.#summary.replaceChildren(
      h('p', { class: tensor.difference ? 'bad' : tensor.verdict === 'equal' && 'good' }, first),
      ...more.map((line) => h('p', { class: 'quiet' }, line)),
    );
    this.#draw();
  }

  /** A sentence in place of a tensor. */
  showWords(heading: string, words: string): void {
    this.#heading.textContent = heading;
    this.#shown = undefined;
    this.#summary.replaceChildren(h('p', {}, words));
    this.#draw();
  }

  #draw(): void {
    const tensor = this.#shown;
    this.#forms.element.hidden = !tensor;
    this.#forms.update(
      choices([
        ['picture', t('Pictures')],
        ['numbers', t('Numbers')],
      ]),
      this.#form,
    );
    if (!tensor) this.#body.replaceChildren();
    else if (this.#form === 'numbers') {
      this.#numbers.show(tensor);
      this.#body.replaceChildren(this.#numbers.element);
    } else {
      const { planes, shownPlanes } = tensor;
      const tiles = Math.min(shownPlanes, MOST_TILES);
      this.#body.replaceChildren(
        ...planeTiles(tensor, this.element),
        ...(tiles < planes.count
          ? [h('p', { class: 'quiet' }, t('The first {0} of {1} channels.', tiles, planes.count))]
          : []),
      );
    }
  }
}
