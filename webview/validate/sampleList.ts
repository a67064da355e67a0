import './sampleList.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { ValidatedSample } from '../shared/validation.ts';

/** A list of samples of which one is shown: one entry takes part in the order of the tab key, arrow keys go from one to the next and show it. */
export class SampleList {
  readonly element: HTMLElement;
  readonly #items: readonly HTMLElement[];
  readonly #samples: readonly ValidatedSample[];
  readonly #onSelect: (sample: ValidatedSample) => void;

  /** @param label what they are, for screen readers */
  constructor(
    label: string,
    samples: readonly ValidatedSample[],
    onSelect: (sample: ValidatedSample) => void,
  ) {
    this.#samples = samples;
    this.#onSelect = onSelect;
    this.#items = samples.map(({ name, label: shows }, i) =>
      h(
        'div',
        {
          role: 'option',
          'aria-selected': 'false',
          tabindex: i === 0 ? 0 : -1,
          'data-place': i,
          title: name,
        },
        h('span', { class: 'sample-name' }, name),
        shows !== undefined && h('span', { class: 'sample-label' }, t('label {0}', shows)),
      ),
    );
    const list = h('div', { class: 'sample-list', role: 'listbox', 'aria-label': label });
    for (const item of this.#items) list.append(item);
    list.addEventListener('click', (event) => this.#choose(placeOf(event.target)));
    list.addEventListener('keydown', (event) => this.#onKey(event));
    this.element = list;
  }

  /** Marks a sample; does not tell `onSelect`. @returns it; undefined when it is not among these */
  select(number: number): ValidatedSample | undefined {
    const place = this.#samples.findIndex((s) => s.number === number);
    if (place < 0) return undefined;
    this.#items.forEach((item, i) => {
      item.setAttribute('aria-selected', String(i === place));
      item.setAttribute('tabindex', i === place ? '0' : '-1');
    });
    return this.#samples[place];
  }

  #choose(place: number | undefined): void {
    const sample = place === undefined ? undefined : this.#samples[place];
    if (!sample) return;
    this.select(sample.number);
    const item = this.#items[place!]!;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: 'nearest' });
    this.#onSelect(sample);
  }

  #onKey(event: KeyboardEvent): void {
    const at = placeOf(event.target);
    if (at === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.#items.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: last,
      Enter: at,
      ' ': at,
    };
    if (!Object.hasOwn(to, event.key)) return;
    event.preventDefault();
    this.#choose(to[event.key]);
  }
}

function placeOf(target: EventTarget | null): number | undefined {
  const place = (target as Element | null)?.closest<HTMLElement>('[data-place]')?.dataset['place'];
  return place === undefined ? undefined : Number(place);
}
