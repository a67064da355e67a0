import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { hasReadEnding, hasSharedEnding } from '../../model/formats/table.ts';
import type { PortResult } from '../../workflow/port/port.ts';
import { pickOne, showError } from '../messages.ts';
import { dialogEndings } from '../modelFiles.ts';
import { findModels } from '../workspaceModel.ts';
import { told } from '../words.ts';
import { ReportEditor } from './editor.ts';
import { ReportStore } from './store.ts';

const VIEW_TYPE = 'glowport.report';

/** The same of files that may be something else: VS Code has one priority for all files of a type. */
const OFFERED_VIEW_TYPE = 'glowport.report.offered';

/**
 * Registers the model report: the read-only editor of model files, `glowport.inspect`, `glowport.report.export`, and the
 * report that follows each port.
 */
export function registerReport(context: vscode.ExtensionContext, services: Services): void {
  const store = new ReportStore(services);
  const editors = new Map<vscode.WebviewPanel, ReportEditor>();
  const active = (): ReportEditor | undefined =>
    [...editors].find(([panel]) => panel.active)?.[1] ?? [...editors].find(([panel]) => panel.visible)?.[1];

  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      const editor = new ReportEditor(uri, panel, services, store);
      editors.set(panel, editor);
      updateHasReport(editors.size);
      if (panel.active) becomeCurrent(uri, services);
      panel.onDidChangeViewState(() => {
        if (panel.active) becomeCurrent(uri, services);
      });
      panel.onDidDispose(() => {
        editor.dispose();
        editors.delete(panel);
        updateHasReport(editors.size);
      });
    },
  };

  const failed = (error: unknown): void => {
    services.output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { message } = told(error, vscode.l10n.t);
    void showError(vscode.l10n.t('GlowPort met an error of its own: {0}', message));
  };
  context.subscriptions.push(
    store,
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, provider),
    vscode.window.registerCustomEditorProvider(OFFERED_VIEW_TYPE, provider),
    vscode.commands.registerCommand('glowport.inspect', (uri: unknown) =>
      inspectModel(uri, services).catch(failed),
    ),
    vscode.commands.registerCommand('glowport.report.export', () => active()?.export().catch(failed)),
    services.lastResult.onChange((result) => {
      // of a network that GlowPort does not read there is nothing to report but what the monitor shows
      if (result?.kind === 'model') void afterPort(result, store).catch(failed);
    }),
  );
}

function viewTypeOf(model: vscode.Uri): string {
  return hasSharedEnding(model.path) ? OFFERED_VIEW_TYPE : VIEW_TYPE;
}

/** The model whose report is in front is what the rest of GlowPort is about. */
function becomeCurrent(uri: vscode.Uri, services: Services): void {
  if (uri.scheme !== 'file') return;
  if (services.currentModel.value?.file !== uri.fsPath) services.currentModel.set({ file: uri.fsPath });
  services.measureBoardFits();
}

function updateHasReport(count: number): void {
  void vscode.commands.executeCommand('setContext', 'glowport.hasReport', count > 0);
}

/** Opens the report of a model: the given one, else the current one, else one of the workspace's. */
async function inspectModel(given: unknown, services: Services): Promise<void> {
  const current = services.currentModel.value;
  const uri =
    given instanceof vscode.Uri ? given : current ? vscode.Uri.file(current.file) : await askForModel();
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri));
}

async function askForModel(): Promise<vscode.Uri | undefined> {
  const models = await findModels();
  if (models.length === 1) return models[0];
  if (models.length === 0) {
    const [file] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Choose the Model to Inspect'),
        openLabel: vscode.l10n.t('Inspect Model'),
        filters: { [vscode.l10n.t('Neural networks')]: dialogEndings.read },
      })) ?? [];
    return file;
  }
  const choice = await pickOne(
    models.map((uri) => ({
      label: path.basename(uri.fsPath),
      description: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)),
      uri,
    })),
    { title: vscode.l10n.t('Inspect Model'), placeHolder: vscode.l10n.t('Choose the model') },
  );
  return choice?.uri;
}

/** Assembles the report of a finished port and shows it, without taking the keyboard from where it is. */
async function afterPort(result: PortResult, store: ReportStore): Promise<void> {
  const { reportOfPort } = await import('../../workflow/port/reportOfPort.ts');
  const report = await reportOfPort(result);
  const model = vscode.Uri.file(result.choices.model);
  await store.set(model, report);
  if (!hasReadEnding(model.path)) return;
  await vscode.commands.executeCommand('vscode.openWith', model, viewTypeOf(model), {
    preserveFocus: true,
    preview: false,
  });
}
