import './scoreView.css';
import { h } from '../dom.ts';
import { term } from '../hint.ts';
import { t } from '../l10n.ts';
import { percentOf } from '../format.ts';
import { choices, Select } from '../select.ts';
import type { SampleInput } from '../shared/sampleInput.ts';
import type { Confusion, Score } from '../shared/validation.ts';
import type { Sort } from '../sorting.ts';
import { classTable } from './classTable.ts';
import { ConfusionView } from './confusionView.ts';
import type { Cell } from './matrix.ts';
import { rocView } from './rocView.ts';
import type { SamplesContext } from './samplesView.ts';
import { ratesOf, type Split, splitsOf } from './splits.ts';

/** What is chosen in it. */
export interface ScoreState {
  readonly sort?: Sort;
  readonly split?: Split['id'];
  readonly cell?: Cell | undefined;
  /** Number of the sample that is shown of the cell. */
  readonly ofCell?: number | undefined;
}

/** Where answers are right and wrong: the matrix, class by class; of an anomaly detector under the thresholds that there are, with the ROC curve. */
export class ScoreView {
  readonly elements: readonly HTMLElement[];
  readonly #context: SamplesContext;
  readonly #remember: (change: ScoreState) => void;
  readonly #matrixPlace = h('div');
  readonly #classesPlace = h('div');
  #state: ScoreState;
  #matrix: ConfusionView | undefined;

  constructor(
    score: Score,
    context: SamplesContext,
    state: ScoreState,
    onChange: (change: ScoreState) => void,
  ) {
    this.#context = context;
    this.#state = state;
    this.#remember = (change) => {
      this.#state = { ...this.#state, ...change };
      onChange(change);
    };
    this.elements = this.#sections(score);
  }

  showInputs(number: number, found: readonly SampleInput[] | string): void {
    this.#matrix?.showInputs(number, found);
  }

  #sections(score: Score): HTMLElement[] {
    const classes = h('section', { id: 'classes' }, h('h2', {}, t('Class by class')), this.#classesPlace);
    if (score.task === 'classify' && score.confusion) {
      this.#show(score.confusion, false);
      return [
        h('section', { id: 'confusion' }, h('h2', {}, term('confusionMatrix')), this.#matrixPlace),
        classes,
      ];
    }
    const splits = score.task === 'anomaly' ? splitsOf(score) : [];
    const chosen = splits.find((s) => s.id === this.#state.split) ?? splits[0];
    if (score.task !== 'anomaly' || !chosen) return [];
    const facts = h('p', { class: 'quiet' });
    const apply = (split: Split): void => {
      facts.textContent = splitText(split);
      this.#show(split.confusion, true);
    };
    const select = new Select('threshold', t('Threshold'), (id) => {
      this.#remember({ split: id as Split['id'], cell: undefined, ofCell: undefined });
      apply(splits.find((s) => s.id === id)!);
    });
    select.update(choices(splits.map((s) => [s.id, s.title] as const)), chosen.id);
    apply(chosen);
    const { roc } = score;
    return [
      h(
        'section',
        { id: 'anomalies' },
        h('h2', {}, term(roc ? 'roc' : 'confusionMatrix')),
        h(
          'div',
          { class: roc ? 'roc-view' : '' },
          roc && rocView(roc, splits),
          h(
            'div',
            { class: 'split' },
            h('label', { class: 'split-choice' }, h('span', {}, t('Threshold')), select.element),
            facts,
            this.#matrixPlace,
          ),
        ),
      ),
      classes,
    ];
  }

  /** @param isNarrow there is no room for samples beside the matrix */
  #show(confusion: Confusion, isNarrow: boolean): void {
    this.#matrix = new ConfusionView(confusion, this.#context, isNarrow, {
      onCell: (cell) => this.#remember({ cell, ofCell: undefined }),
      onSample: (ofCell) => this.#remember({ ofCell }),
    });
    this.#matrixPlace.replaceChildren(this.#matrix.element);
    this.#classesPlace.replaceChildren(
      classTable(confusion, this.#state.sort, (sort) => this.#remember({ sort })),
    );
    const { cell, ofCell } = this.#state;
    if (cell) this.#matrix.select(cell, ofCell);
  }
}

function splitText({ confusion, why }: Split): string {
  const { falsePositives, truePositives } = ratesOf(confusion);
  const found = truePositives === undefined ? undefined : percentOf(truePositives, 1);
  const taken = falsePositives === undefined ? undefined : percentOf(falsePositives, 1);
  const what =
    found !== undefined && taken !== undefined
      ? t('Finds {0} of the anomalies, and takes {1} of what is normal for one.', found, taken)
      : found !== undefined
        ? t('Finds {0} of the anomalies.', found)
        : t('Takes {0} of what is normal for an anomaly.', taken ?? '');
  return `${what} ${why}`;
}
