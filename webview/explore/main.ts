import './explore.css';
import { useControls } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { integer, steadyPercent } from '../format.ts';
import { glossaryLink } from '../hint.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import {
  areCounted,
  QUALITIES,
  type Quality,
  qualitiesOf,
  type VariantFigures,
} from '../shared/exploration.ts';
import type { ExploreState, ExploreToHost, ExploreToPage } from '../shared/messages/explore.ts';
import { type Axes, type Measured, PlotView } from './plotView.ts';
import { qualityText } from './texts.ts';
import { VariantTable } from './variantTable.ts';

/** Survives hiding the view; a window that is reloaded has no view of an exploration, which is kept and shown at once when it is asked for again. */
interface PageState {
  readonly axes?: Axes;
  readonly selected?: readonly number[];
}

useControls('button');

const app = byId('app');
const page = connect<ExploreToPage, ExploreToHost, PageState>({
  state: (state) => show(state),
});
let remembered: PageState = page.state ?? {};
page.post({ type: 'ready' });

function remember(change: Partial<PageState>): void {
  remembered = { ...remembered, ...change };
  page.saveState(remembered);
}

/** Plot above, table below; what is selected in one is so in the other. */
function show(state: ExploreState): void {
  const scroll = app.scrollTop;
  const rows = state.rows.filter((r): r is Measured => r.figures !== undefined);
  const figures = rows.map((r) => r.figures);
  const byUse = qualitiesOf(figures);
  const [first] = byUse;
  const qualities = QUALITIES.filter((q) => byUse.includes(q));
  const isCounted = areCounted(rows);
  const select = (numbers: readonly number[], isFromPlot: boolean): void => {
    plot?.select(numbers);
    table.select(numbers, isFromPlot);
    remember({ selected: numbers });
  };
  const table = new VariantTable(state.rows, qualities, isCounted, {
    onSelect: (number) => select([number], false),
    onTake: (number) => page.post({ type: 'take', number }),
  });
  const axes = first && axesFor(qualities, first);
  const plot: PlotView | undefined =
    axes &&
    new PlotView(rows, qualities, axes, isCounted, {
      onAxes: (changed) => {
        remember({ axes: changed });
        if (plot) table.showFront(plot.front());
      },
      onSelect: (numbers) => select(numbers, true),
    });
  app.replaceChildren(
    h(
      'header',
      {},
      h(
        'div',
        { class: 'heading' },
        h('h1', {}, t('{0} on {1}', state.model, state.board)),
        h('p', { class: 'quiet' }, ...summary(figures, state.rows.length)),
      ),
      state.canRun &&
        !isCounted &&
        figures.length > 0 &&
        h(
          'vscode-button',
          {
            id: 'run',
            appearance: 'secondary',
            title: t('Builds the firmware of each variant and runs it with one sample'),
            onclick: () => page.post({ type: 'run' }),
          },
          t('Count Cycles on the Simulated Board'),
        ),
    ),
    ...(plot ? [plot.element] : [h('p', {}, t('None of the variants can be made.'))]),
    table.element,
    h('p', { class: 'quiet note' }, noteText(isCounted), ' ', glossaryLink()),
  );
  if (plot) table.showFront(plot.front());
  if (remembered.selected) select(remembered.selected, false);
  app.scrollTop = scroll;
}

/** What was plotted last, where all variants still have it. */
function axesFor(qualities: readonly Quality[], first: Quality): Axes {
  const { axes } = remembered;
  return axes && qualities.includes(axes.quality) ? axes : { cost: 'cycles', quality: first };
}

function summary(figures: readonly VariantFigures[], variants: number): string[] {
  const [any] = figures;
  if (!any) return [t('{0} variants', variants)];
  const over = [t('{0} variants over {1} samples.', variants, integer(any.samples))];
  if (any.labelled) {
    const { samples, floatCorrect } = any.labelled;
    over.push(
      ' ',
      t('The float network has {0} of the labels right.', steadyPercent(floatCorrect / samples)),
    );
    const accuracies = new Set(figures.map((f) => qualityText(f, 'accuracy')));
    if (figures.length > 1 && accuracies.size === 1) {
      over.push(' ', t('All variants have {0}: the noise (SQNR) tells them apart.', [...accuracies][0]!));
    }
  }
  return over;
}

function noteText(isCounted: boolean): string {
  return isCounted
    ? t(
        'Cycles are counted on the simulated board with one sample. Flash and RAM are those of the model alone.',
      )
    : t('Cycles are about what the compiler predicts. Flash and RAM are those of the model alone.');
}
