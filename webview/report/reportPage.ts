import './reportPage.css';
import type { ModelReport } from '../shared/report.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { icon } from '../icons.ts';
import type { Sort } from '../sorting.ts';
import type { ReportContext } from '../shared/messages/report.ts';
import { accuracyView } from './accuracyView.ts';
import { boardsView } from './boardsView.ts';
import { layerDetails } from './details.ts';
import { bytes, shape } from '../format.ts';
import { glossaryLink } from '../hint.ts';
import { GraphView } from './graphView.ts';
import { LayerTable } from './layerTable.ts';
import { memoryView } from './memoryView.ts';
import { summaryTiles } from './summary.ts';
import { tabBar, type Tab } from './tabBar.ts';
import { tiles } from './tiles.ts';

/** What the page remembers while it is hidden and after the window was reloaded. */
export interface ReportState {
  readonly tab?: string;
  readonly sort?: Sort;
  /** Name of the selected layer: indices change with the model. */
  readonly layer?: string;
}

export interface ReportActions {
  readonly state: ReportState;
  readonly saveState: (state: ReportState) => void;
  readonly port: () => void;
  readonly validate: () => void;
  readonly exportReport: () => void;
}

/**
 * The whole report. Wide: the graph stands in a column of its own beside the tabs; narrow: it is a tab. One selected layer,
 * the same in graph and table.
 */
export function reportPage(report: ModelReport, context: ReportContext, actions: ReportActions): HTMLElement {
  let state = actions.state;
  const remember = (change: Partial<ReportState>): void => {
    state = { ...state, ...change };
    actions.saveState(state);
  };

  const detailsPlace = h('div', { class: 'details-place', 'aria-live': 'polite', tabindex: 0 });
  const select = (layer: number | undefined, from?: 'table' | 'graph' | 'accuracy'): void => {
    if (from !== 'table') table.select(layer, from === 'accuracy');
    if (from !== 'graph') graph?.select(layer);
    detailsPlace.replaceChildren(layerDetails(report, layer));
    if (from) remember({ layer: layer === undefined ? undefined : report.layers[layer]?.name });
  };
  const table = new LayerTable(report, {
    sort: state.sort,
    onSelect: (layer) => select(layer, 'table'),
    onSort: (sort) => remember({ sort }),
  });
  const graph =
    'tooLarge' in report.graph
      ? undefined
      : new GraphView(
          report.graph,
          report.layers.some((layer) => layer.quantization) ? t('Quantized graph') : t('Graph'),
          (layer) => select(layer, 'graph'),
        );
  const graphPlace = h(
    'div',
    { class: 'graph-place' },
    graph?.element ??
      h(
        'p',
        { class: 'center quiet' },
        'tooLarge' in report.graph ? `${report.graph.tooLarge} ${t('The layer table is complete.')}` : '',
      ),
  );

  const tabs: Tab[] = [
    {
      id: 'layers',
      title: t('Layers'),
      panel: h('div', { class: 'panel layers-panel' }, table.element, detailsPlace),
    },
    { id: 'graph', title: t('Graph'), panel: h('div', { class: 'panel graph-panel' }) },
  ];
  const add = (id: string, title: string, content: HTMLElement): void => {
    tabs.push({ id, title, panel: h('div', { class: 'panel page-panel', tabindex: 0 }, content) });
  };
  if (report.memory.length > 0) add('memory', t('Memory'), memoryView(report));
  if (report.accuracy) {
    add(
      'accuracy',
      t('Accuracy'),
      accuracyView(report, (layer) => {
        bar.open('layers');
        select(layer, 'accuracy');
      }),
    );
  }
  if (report.boards.length > 0) add('boards', t('Boards'), boardsView(report));

  const side = h('div', { class: 'graph-column', role: 'region', 'aria-label': t('Graph') });
  const bar = tabBar(tabs, (id) => remember({ tab: id }));
  const body = h(
    'div',
    { class: 'report-body' },
    side,
    h(
      'div',
      { class: 'tabs-column' },
      h('div', { class: 'tab-line' }, bar.element, glossaryLink()),
      ...tabs.map((tab) => tab.panel),
    ),
  );
  const page = h(
    'div',
    { class: 'report' },
    header(report, context, actions),
    tiles(summaryTiles(report)),
    ...report.notes.map((note) => h('p', { class: 'note' }, icon('info'), note)),
    body,
  );

  const wide = window.matchMedia('(min-width: 1100px)');
  const arrange = (): void => {
    const beside = wide.matches && graph !== undefined;
    body.classList.toggle('wide', beside);
    (beside ? side : tabs.find((tab) => tab.id === 'graph')!.panel).append(graphPlace);
    side.hidden = !beside;
    bar.hide('graph', beside);
  };
  arrange();
  wide.addEventListener('change', arrange);
  bar.open(state.tab ?? 'layers');
  const remembered = report.layers.findIndex((layer) => layer.name === state.layer);
  select(remembered < 0 ? undefined : remembered);
  return page;
}

function header(report: ModelReport, context: ReportContext, actions: ReportActions): HTMLElement {
  const { model, board } = report;
  const facts = [
    model.file,
    model.fileBytes === undefined ? undefined : bytes(model.fileBytes),
    model.precision,
    board?.name,
    ...model.inputs.slice(0, 2).map((input) => t('input {0} {1}', input.name, shape(input.shape))),
  ].filter((fact) => fact !== undefined);
  return h(
    'header',
    {},
    h(
      'div',
      { class: 'heading' },
      h('h1', { title: model.name }, model.name),
      h('p', { class: 'quiet', title: facts.join(' \u00b7 ') }, facts.join(' \u00b7 ')),
    ),
    h(
      'div',
      { class: 'actions' },
      context.hasFile &&
        h(
          'vscode-button',
          {
            appearance: 'primary',
            id: 'port',
            disabled: !context.canPort,
            title: context.canPort ? undefined : t('Trust this workspace to port models.'),
            onclick: actions.port,
          },
          t('Port Model to Board'),
        ),
      context.hasFile &&
        context.canPort &&
        h(
          'vscode-button',
          {
            appearance: 'secondary',
            id: 'validate',
            title: t('Runs a whole test set on the board, and compares every answer with this computer'),
            onclick: actions.validate,
          },
          t('Validate on Board'),
        ),
      h(
        'vscode-button',
        { appearance: 'secondary', id: 'export', onclick: actions.exportReport },
        t('Export\u2026'),
      ),
    ),
  );
}
