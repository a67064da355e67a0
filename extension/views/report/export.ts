import * as vscode from 'vscode';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { exportFormats, exportReport, type ReportFormat } from '../../workflow/report/export.ts';
import { pickOne } from '../messages.ts';
import { saveExport } from '../saveExport.ts';

/** Asks for the format and the place, and writes the export there. */
export async function exportWithDialogs(report: ModelReport, model: vscode.Uri): Promise<void> {
  const labels: Readonly<Record<ReportFormat, readonly [label: string, detail: string, ending: string]>> = {
    json: [vscode.l10n.t('JSON'), vscode.l10n.t('Everything in the report'), 'report.json'],
    csv: [vscode.l10n.t('CSV'), vscode.l10n.t('The layer table, for a spreadsheet'), 'layers.csv'],
    'graph-svg': [vscode.l10n.t('SVG of the Graph'), vscode.l10n.t('The drawn network'), 'graph.svg'],
    'memory-svg': [
      vscode.l10n.t('SVG of the Memory'),
      vscode.l10n.t('Flash, RAM and activations'),
      'memory.svg',
    ],
  };
  const title = vscode.l10n.t('Export Model Report');
  const choice = await pickOne(
    exportFormats(report).map((format) => {
      const [label, detail] = labels[format];
      return { label, detail, format };
    }),
    { title, placeHolder: vscode.l10n.t('Choose a format') },
  );
  if (!choice) return;
  const [label, , ending] = labels[choice.format];
  const text = exportReport(report, choice.format);
  await saveExport({ title, label, name: `${report.model.name}-${ending}`, text }, model);
}
