import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { exportFormats, exportReport, type ReportFormat } from '../../workflow/report/export.ts';
import { pickOne, showInformation } from '../messages.ts';

/** Writes where the user said; what is not on a disk of this computer has no other way than VS Code's. */
async function save(target: vscode.Uri, text: string, model: vscode.Uri): Promise<void> {
  if (target.scheme !== 'file') return vscode.workspace.fs.writeFile(target, Buffer.from(text));
  const { writeChosen } = await import('../../common/output/writeOutputs.ts');
  await writeChosen(target.fsPath, text, [model.fsPath]);
}

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
  const choice = await pickOne(
    exportFormats(report).map((format) => {
      const [label, detail] = labels[format];
      return { label, detail, format };
    }),
    { title: vscode.l10n.t('Export Model Report'), placeHolder: vscode.l10n.t('Choose a format') },
  );
  if (!choice) return;
  const [label, , ending] = labels[choice.format];
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(model, '..', `${report.model.name}-${ending}`),
    filters: { [label]: [path.extname(ending).slice(1)] },
    title: vscode.l10n.t('Export Model Report'),
  });
  if (!target) return;
  await save(target, exportReport(report, choice.format), model);
  const open = vscode.l10n.t('Open');
  const name = path.posix.basename(target.path);
  const answer = await showInformation(vscode.l10n.t('Saved {0}.', name), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
