import path from 'node:path';
import * as vscode from 'vscode';
import { errorOf, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import type { Services } from '../services.ts';
import type { ModelReport, RefusedReport, ReportFailure } from '../../../webview/shared/report.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import type { FromReportPage, ToReportPage } from '../../../webview/shared/messages/report.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { told } from '../words.ts';
import { remembered } from '../remembered.ts';
import type { ReportStore } from './store.ts';

/** One open report of a model file: the float network at once, more as soon as it is known. */
export class ReportEditor implements vscode.Disposable {
  readonly model: vscode.Uri;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: Services;
  readonly #store: ReportStore;
  readonly #disposables: vscode.Disposable[];
  /** What the page shows, or will as soon as it is ready. */
  #shown: ToReportPage;
  #report: ModelReport | undefined;
  #ported = false;
  #ready = false;
  /** Ends the reading that goes on. */
  #reading: AbortController | undefined;
  /** Number of the latest load: an older one that ends later is dropped. */
  #load = 0;

  constructor(model: vscode.Uri, panel: vscode.WebviewPanel, services: Services, store: ReportStore) {
    this.model = model;
    this.#panel = panel;
    this.#services = services;
    this.#store = store;
    this.#shown = { type: 'busy', text: vscode.l10n.t('Reading {0}…', path.basename(model.path)) };
    const folder = vscode.Uri.joinPath(model, '..');
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, path.posix.basename(model.path)),
    );
    const reload = (): void => void this.#reload();
    this.#disposables = [
      watcher,
      watcher.onDidChange(reload),
      watcher.onDidCreate(reload),
      store.onChange((changed) => {
        if (changed.toString() === model.toString()) reload();
      }),
      services.boardFits.onChange(() => this.#showBoards()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#showReport()),
      panel.webview.onDidReceiveMessage((message) => this.#receive(message)),
    ];
    panel.webview.options = webviewOptions(services.context.extensionUri);
    panel.webview.html = webviewHtml(panel.webview, services.context.extensionUri, {
      view: 'report',
      title: vscode.l10n.t('Model report of {0}', path.basename(model.path)),
    });
    reload();
  }

  get report(): ModelReport | undefined {
    return this.#report;
  }

  dispose(): void {
    this.#load++;
    this.#reading?.abort();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async export(): Promise<void> {
    if (!this.#report) return;
    const { exportWithDialogs } = await import('./export.ts');
    await exportWithDialogs(this.#report, this.model);
  }

  #receive(message: unknown): void {
    const services = this.#services;
    dispatch<FromReportPage>(
      {
        ready: () => {
          this.#ready = true;
          this.#post(this.#shown);
        },
        port: () => void vscode.commands.executeCommand('glowport.port', this.model),
        validate: () => void vscode.commands.executeCommand('glowport.validate', this.model),
        export: () => void vscode.commands.executeCommand('glowport.report.export'),
        retry: () => void this.#reload(),
        showLog: () => services.output.show(),
      },
      message,
    );
  }

  async #reload(): Promise<void> {
    const load = ++this.#load;
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    try {
      const ported = await this.#store.get(this.model);
      const report = ported ?? (await this.#inspect(reading.signal));
      if (load !== this.#load) return;
      this.#ported = ported !== undefined;
      if ('problems' in report) {
        this.#report = undefined;
        this.#show({ type: 'refused', refused: report });
      } else {
        this.#report = ported ?? this.#withBoards(report);
        this.#showReport();
      }
    } catch (error) {
      if (load !== this.#load) return;
      this.#report = undefined;
      this.#show({ type: 'failure', failure: this.#failureOf(error) });
    }
    this.#panel.title = path.basename(this.model.path);
  }

  /** Reads the model file as it is now; what is known of the float network, or why there is none. */
  async #inspect(signal: AbortSignal): Promise<ModelReport | RefusedReport> {
    const file = path.posix.basename(this.model.path);
    const [{ tasksInThread }, { modelReport }, { networkName }] = await Promise.all([
      import('../../workflow/tasks/thread.ts'),
      import('../../workflow/report/data.ts'),
      import('../../workflow/modelFile.ts'),
    ]);
    const bytes = await modelBytes(this.model);
    const options = { name: networkName(file), defines: await this.#defines() };
    const looked = await tasksInThread()('lookAtModel', { file, bytes, options }, { signal });
    const described = { name: file, bytes: bytes.length };
    if ('graph' in looked) return modelReport({ graph: looked.graph, file: described });
    const { refusedReport } = await import('./refused.ts');
    this.#logError(errorOf(looked.refusal));
    return refusedReport(looked, described);
  }

  /** Sizes of symbolic dimensions, as a port of this model remembers them. */
  async #defines(): Promise<Readonly<Record<string, number>>> {
    if (this.model.scheme !== 'file') return {};
    try {
      return (await remembered(this.model.fsPath))?.choices.defines ?? {};
    } catch {
      return {}; // a broken glowport.json is reported where it is used
    }
  }

  #failureOf(error: unknown): ReportFailure {
    const { output } = this.#services;
    const file = path.posix.basename(this.model.path);
    if (error instanceof UserError) {
      this.#logError(error);
      return { file, ...told(error, vscode.l10n.t) };
    }
    output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const message = error instanceof vscode.FileSystemError ? error.message : String(error);
    return {
      file,
      message: vscode.l10n.t('The file could not be read: {0}', message),
      hint: vscode.l10n.t('The log says more.'),
    };
  }

  #logError(error: UserError): void {
    const { output } = this.#services;
    const { message, hint } = told(error, vscode.l10n.t);
    output.error(`${path.posix.basename(this.model.path)}: ${message} ${hint}`);
    if (error.detail) output.info(error.detail);
  }

  /** What this model takes of every board, once it has been measured. */
  #withBoards(report: ModelReport): ModelReport {
    const fits = this.#services.boardFits.value;
    if (fits.kind === 'none' || fits.file !== this.model.fsPath) return report;
    if (fits.kind === 'ready') return { ...report, boards: [...fits.fits.values()], notes: [] };
    return fits.kind === 'failed' ? { ...report, boards: [], notes: [fits.message] } : report;
  }

  #showBoards(): void {
    if (!this.#report || this.#ported) return;
    const report = this.#withBoards(this.#report);
    if (report === this.#report) return;
    this.#report = report;
    this.#showReport();
  }

  #showReport(): void {
    if (!this.#report) return;
    this.#show({
      type: 'report',
      report: this.#report,
      context: { canPort: vscode.workspace.isTrusted, hasFile: this.model.scheme === 'file' },
    });
  }

  #show(message: ToReportPage): void {
    this.#shown = message;
    if (this.#ready) this.#post(message);
  }

  #post(message: ToReportPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

/** Bytes of a model, of a file of this computer or of another place that VS Code reads. @throws UserError `input` */
async function modelBytes(model: vscode.Uri): Promise<Uint8Array> {
  const { LIMITS } = await import('../../model/import/limits.ts');
  if (model.scheme === 'file') return readBounded(model.fsPath, LIMITS.fileBytes, say`model file`);
  const { size } = await vscode.workspace.fs.stat(model);
  if (size <= LIMITS.fileBytes) return vscode.workspace.fs.readFile(model);
  throw new UserError(
    'input',
    say`${path.posix.basename(model.path)} is too large for a microcontroller (${size} bytes).`,
    say`Models of up to ${LIMITS.fileBytes} bytes are read.`,
  );
}
