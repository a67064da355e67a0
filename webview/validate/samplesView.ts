import './samplesView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { SampleInput } from '../shared/sampleInput.ts';
import type { Mismatch, ValidatedSample } from '../shared/validation.ts';
import { inputView } from './inputView.ts';
import { outputsTables } from './outputsTable.ts';
import { SampleList } from './sampleList.ts';

/** What the page asks its host for, and knows of samples. */
export interface SamplesContext {
  /** Where board and PC differ, by the sample's number. */
  readonly mismatches: ReadonlyMap<number, Mismatch>;
  /** Names of the classes; empty where there are none. */
  readonly classes: readonly string[];
  /** Asks for what a sample feeds the model with. */
  readonly ask: (number: number) => void;
}

/** A list of samples and beside, or below it the one that is chosen: what the model was fed with, and where board and PC differ. */
export class SamplesView {
  readonly element: HTMLElement;
  readonly #context: SamplesContext;
  readonly #list: SampleList;
  readonly #shown = h('div', { class: 'sample-shown', role: 'region', 'aria-live': 'polite', hidden: true });
  readonly #inputs = h('div');
  #number: number | undefined;

  constructor(
    label: string,
    samples: readonly ValidatedSample[],
    context: SamplesContext,
    onSelect: (number: number) => void,
  ) {
    this.#context = context;
    this.#list = new SampleList(label, samples, (sample) => {
      this.#show(sample);
      onSelect(sample.number);
    });
    this.#shown.setAttribute('aria-label', t('Sample'));
    this.element = h('div', { class: 'samples-view' }, this.#list.element, this.#shown);
  }

  /** Shows a sample, when it is among these. */
  select(number: number): void {
    const sample = this.#list.select(number);
    if (sample) this.#show(sample);
  }

  /** What the host found of a sample: its inputs, or why there are none. */
  showInputs(number: number, found: readonly SampleInput[] | string): void {
    if (number !== this.#number) return;
    this.#inputs.replaceChildren(
      ...(typeof found === 'string' ? [h('p', { class: 'bad' }, found)] : found.map(inputView)),
    );
  }

  #show(sample: ValidatedSample): void {
    if (sample.number === this.#number) return;
    this.#number = sample.number;
    const mismatch = this.#context.mismatches.get(sample.number);
    this.#shown.hidden = false;
    this.#inputs.replaceChildren(h('p', { class: 'quiet' }, t('Reading…')));
    this.#shown.replaceChildren(
      h('h3', {}, sample.name),
      h('p', { class: 'facts quiet' }, this.#facts(sample)),
      this.#inputs,
      ...(mismatch ? outputsTables(mismatch, this.#context.classes) : []),
    );
    this.#context.ask(sample.number);
  }

  #facts({ number, label }: ValidatedSample): string {
    const isEqual = !this.#context.mismatches.has(number);
    const place = label === undefined ? t('Sample {0}', number) : t('Sample {0}, label {1}', number, label);
    return isEqual ? place : t('{0}: board and this computer differ', place);
  }
}
