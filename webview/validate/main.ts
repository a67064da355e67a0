import './validate.css';
import { useControls } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { glossaryLink } from '../hint.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import { integer, timeText } from '../format.ts';
import { tiles } from '../report/tiles.ts';
import type { SampleInput } from '../shared/sampleInput.ts';
import { type Validation, VALIDATION_FORMATS } from '../shared/validation.ts';
import type { ValidateToHost, ValidateToPage } from '../shared/messages/validate.ts';
import { headlineTiles } from './headline.ts';
import { requirementList } from './requirements.ts';
import { type SamplesContext, SamplesView } from './samplesView.ts';
import { type ScoreState, ScoreView } from './scoreView.ts';

/** Survives hiding the view and reloading the window. */
interface PageState extends ScoreState {
  /** What the host finds the result by. */
  readonly key?: string;
  /** Number of the sample that is shown of those that differ. */
  readonly differing?: number;
}

/** What shows samples. */
interface ShowsSamples {
  showInputs(number: number, found: readonly SampleInput[] | string): void;
}

useControls('button');

const app = byId('app');
let views: readonly ShowsSamples[] = [];
const page = connect<ValidateToPage, ValidateToHost, PageState>({
  state: ({ key, validation }) => show(key, validation),
  sample: ({ number, inputs }) => views.forEach((view) => view.showInputs(number, inputs)),
  noSample: ({ number, why }) => views.forEach((view) => view.showInputs(number, why)),
});
let remembered: PageState = page.state ?? {};
page.post({ type: 'ready' });

function remember(change: Partial<PageState>): void {
  remembered = { ...remembered, ...change };
  page.saveState(remembered);
}

/** From what matters most down: figures and requirements, what differs, where the answers are wrong. */
function show(key: string, validation: Validation): void {
  remember({ key });
  const { score } = validation;
  const context: SamplesContext = {
    mismatches: new Map(validation.mismatches.listed.map((m) => [m.number, m])),
    classes: score.task === 'classify' ? (score.confusion?.classes ?? []) : [],
    ask: (number) => page.post({ type: 'sample', number }),
  };
  const differing = differingView(validation, context);
  const scores = new ScoreView(score, context, remembered, remember);
  views = differing ? [differing, scores] : [scores];
  const requirements = requirementList(validation.requirements);
  const notes = [lineText(validation), unlabelledText(validation)].filter((text) => text !== undefined);
  app.replaceChildren(
    header(validation),
    tiles(headlineTiles(validation)),
    ...(requirements ? [requirements] : []),
    ...notes.map((text) => h('p', { class: 'quiet note' }, text)),
    ...(differing ? [differingSection(validation, differing)] : []),
    ...scores.elements,
  );
  if (remembered.differing !== undefined) differing?.select(remembered.differing);
}

function differingView({ mismatches }: Validation, context: SamplesContext): SamplesView | undefined {
  if (mismatches.listed.length === 0) return undefined;
  return new SamplesView(
    t('Samples where board and this computer differ'),
    mismatches.listed,
    context,
    (differing) => remember({ differing }),
  );
}

function differingSection({ mismatches: { count, listed } }: Validation, view: SamplesView): HTMLElement {
  const many =
    listed.length < count ? t('first {0} of {1}', integer(listed.length), integer(count)) : integer(count);
  return h(
    'section',
    { id: 'differing' },
    h('h2', {}, t('Board and this computer differ'), ' ', h('span', { class: 'quiet' }, many)),
    view.element,
  );
}

function header({ model, board, on, samples, seconds }: Validation): HTMLElement {
  const time = timeText(seconds * 1e6);
  const words =
    on === 'sim'
      ? t('{0} samples on the simulated board, in {1}.', integer(samples), time)
      : t('{0} samples over {1}, in {2}.', integer(samples), on, time);
  const labels = { json: t('Export JSON'), csv: t('Export CSV') };
  return h(
    'header',
    {},
    h(
      'div',
      { class: 'heading' },
      h('h1', {}, t('{0} on {1}', model, board.name)),
      h('p', { class: 'quiet' }, words, ' ', glossaryLink()),
    ),
    h(
      'div',
      { class: 'actions' },
      ...VALIDATION_FORMATS.map((format) =>
        button(`export-${format}`, labels[format], { type: 'export', format }),
      ),
      button('again', t('Validate Again'), { type: 'again' }),
    ),
  );
}

function button(id: string, text: string, message: ValidateToHost): HTMLElement {
  return h('vscode-button', { id, appearance: 'secondary', onclick: () => page.post(message) }, text);
}

/** What went wrong on the way to the board and back; undefined where nothing did. */
function lineText({ line: { retransmissions, resets } }: Validation): string | undefined {
  if (retransmissions === 0 && resets === 0) return undefined;
  return t(
    'Blocks sent again on the line: {0}. Resets of the board: {1}. Nothing of it is counted twice.',
    integer(retransmissions),
    integer(resets),
  );
}

/** Why there are no figures of what the answers are worth; undefined where there are. */
function unlabelledText({ score }: Validation): string | undefined {
  const isLabelled =
    score.task === 'raw' ||
    (score.task === 'anomaly' ? score.normal + score.anomalies > 0 : score.labelled > 0);
  return isLabelled
    ? undefined
    : t('The test set has no labels for these answers, so nothing tells which of them are right.');
}
