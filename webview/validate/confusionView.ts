import './confusionView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { integer } from '../report/format.ts';
import type { SampleInput } from '../shared/sampleInput.ts';
import type { Confusion } from '../shared/validation.ts';
import { type Cell, ConfusionMatrix } from './matrix.ts';
import { type SamplesContext, SamplesView } from './samplesView.ts';

/** More classes need the whole width for their matrix. */
const MOST_BESIDE = 20;

interface ConfusionActions {
  readonly onCell: (cell: Cell) => void;
  readonly onSample: (number: number) => void;
}

/** The matrix, and the samples of the cell that is chosen in it. */
export class ConfusionView {
  readonly element: HTMLElement;
  readonly #confusion: Confusion;
  readonly #context: SamplesContext;
  readonly #actions: ConfusionActions;
  readonly #matrix: ConfusionMatrix;
  readonly #place = h('div', { class: 'cell-samples' });
  #samples: SamplesView | undefined;

  /** @param isNarrow there is no room for the samples beside the matrix */
  constructor(confusion: Confusion, context: SamplesContext, isNarrow: boolean, actions: ConfusionActions) {
    this.#confusion = confusion;
    this.#context = context;
    this.#actions = actions;
    this.#matrix = new ConfusionMatrix(confusion, (cell) => {
      this.#list(cell);
      actions.onCell(cell);
    });
    const isStacked = isNarrow || confusion.classes.length > MOST_BESIDE;
    this.element = h(
      'div',
      { class: `confusion-view${isStacked ? ' stacked' : ''}` },
      this.#matrix.element,
      this.#place,
    );
    this.#place.append(h('p', { class: 'quiet' }, t('Choose a cell: its samples are listed here.')));
  }

  /** Chooses a cell, and of its samples one. */
  select(cell: Cell, sample: number | undefined): void {
    if (!this.#matrix.select(cell)) return;
    this.#list(cell);
    if (sample !== undefined) this.#samples?.select(sample);
  }

  showInputs(number: number, found: readonly SampleInput[] | string): void {
    this.#samples?.showInputs(number, found);
  }

  #list({ actual, predicted }: Cell): void {
    const { classes, matrix, wrong } = this.#confusion;
    const count = matrix[actual]![predicted]!;
    const [is, taken] = [classes[actual]!, classes[predicted]!];
    const isRight = actual === predicted;
    const title = isRight ? t('{0}, rightly answered', is) : t('{0} taken for {1}', is, taken);
    const heading = h('h3', {}, title, ' ', h('span', { class: 'quiet' }, integer(count)));
    const samples = wrong.filter((s) => s.actual === actual && s.predicted === predicted);
    this.#samples = undefined;
    if (samples.length === 0) {
      const why = count === 0 ? t('No sample.') : t('Samples that are right are not listed.');
      this.#place.replaceChildren(heading, h('p', { class: 'quiet' }, why));
      return;
    }
    this.#samples = new SamplesView(title, samples, this.#context, this.#actions.onSample);
    this.#place.replaceChildren(
      heading,
      ...(samples.length < count
        ? [h('p', { class: 'quiet first-of' }, t('The first {0} of {1}:', samples.length, integer(count)))]
        : []),
      this.#samples.element,
    );
  }
}
