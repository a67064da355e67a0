import './report.css';
import type { ModelReport, ReportFailure } from '../shared/report.ts';
import { useControls } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import { icon } from '../icons.ts';
import type { FromReportPage, ReportContext, ToReportPage } from '../shared/messages/report.ts';
import { refusedPage } from './refusedPage.ts';
import { reportPage, type ReportState } from './reportPage.ts';

useControls('button', 'progress-ring');

const app = byId('app');
const page = connect<ToReportPage, FromReportPage, ReportState>({
  report: ({ report, context }) => show(report, context),
  refused: ({ refused }) => app.replaceChildren(refusedPage(refused, actions())),
  failure: ({ failure }) => app.replaceChildren(failureCard(failure)),
  busy: ({ text }) =>
    app.replaceChildren(
      h('div', { class: 'center', role: 'status' }, h('vscode-progress-ring'), h('p', {}, text)),
    ),
});

function show(report: ModelReport, context: ReportContext): void {
  // a report that became fuller takes the place of the one being read: the keyboard stays in the table
  const inTable = app.querySelector('table[role=grid]')?.contains(document.activeElement) ?? false;
  app.replaceChildren(
    reportPage(report, context, {
      state: page.state ?? {},
      saveState: (state) => page.saveState(state),
      port: () => page.post({ type: 'port' }),
      validate: () => page.post({ type: 'validate' }),
      exportReport: () => page.post({ type: 'export' }),
    }),
  );
  if (inTable) app.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
}

/** Why there is no report: one sentence, what to do about it, and the log. */
function failureCard(failure: ReportFailure): HTMLElement {
  return h(
    'div',
    { class: 'center failure', role: 'alert' },
    h('span', { class: 'bad' }, icon('error')),
    h('h1', {}, failure.file === undefined ? t('No report') : t('{0} cannot be ported', failure.file)),
    h('p', { class: 'message' }, failure.message),
    failure.hint === '' ? false : h('p', { class: 'quiet' }, failure.hint),
    actions(),
  );
}

/** What can be done where there is no report. */
function actions(): HTMLElement {
  const button = (text: string, appearance: string, message: FromReportPage): HTMLElement =>
    h('vscode-button', { appearance, onclick: () => page.post(message) }, text);
  return h(
    'div',
    { class: 'actions' },
    button(t('Try Again'), 'primary', { type: 'retry' }),
    button(t('Show Log'), 'secondary', { type: 'showLog' }),
  );
}

page.post({ type: 'ready' });
