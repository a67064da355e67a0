import './refusedPage.css';
import type { RefusedReport } from '../shared/report.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { icon } from '../icons.ts';
import { bytes } from '../format.ts';
import { GraphView } from './graphView.ts';
import { ProblemList } from './problemList.ts';

/**
 * A model that cannot be ported, to be looked at: its network with the nodes marked because of which it cannot, and a list of them.
 * Wide: beside each other; narrow: the list above. One selected node, the same in both.
 */
export function refusedPage(refused: RefusedReport, actions: HTMLElement): HTMLElement {
  const { model, message, hint, problems } = refused;
  const list = new ProblemList(refused, (row) => graph?.select(row));
  const graph =
    'tooLarge' in refused.graph
      ? undefined
      : new GraphView(refused.graph, t('Graph of the file'), (row) => list.select(row));
  return h(
    'div',
    { class: 'report refused-report' },
    h(
      'header',
      {},
      h(
        'div',
        { class: 'heading' },
        h('h1', {}, t('{0} cannot be ported', model.file ?? model.name)),
        h('p', { class: 'quiet' }, model.fileBytes === undefined ? '' : bytes(model.fileBytes)),
      ),
      actions,
    ),
    // with a list, it has said the same
    problems.length === 0 &&
      h(
        'div',
        { class: 'refusal', role: 'alert' },
        h('span', { class: 'bad' }, icon('error')),
        h('div', {}, h('p', {}, message), hint === '' ? false : h('p', { class: 'quiet' }, hint)),
      ),
    h(
      'div',
      { class: 'refused-body' },
      problems.length > 0 && list.element,
      h(
        'div',
        { class: 'graph-place', role: 'region', 'aria-label': t('Graph') },
        graph?.element ??
          h('p', { class: 'center quiet' }, 'tooLarge' in refused.graph ? refused.graph.tooLarge : ''),
      ),
    ),
  );
}
