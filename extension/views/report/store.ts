import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { ModelReport } from '../../../webview/shared/report.ts';
import type { Services } from '../services.ts';
import { told } from '../words.ts';

/** What tells that a model file is still the one that was ported. */
interface Stamp {
  readonly size: number;
  readonly mtime: number;
}

interface Stored {
  readonly stamp: Stamp;
  readonly report: ModelReport;
}

/** Largest report kept over a reload of the window, in characters of JSON. */
const MAX_STORED = 16 * 1024 * 1024;

/** The report of each model's last port, kept in the workspace's storage until the model file changes. */
export class ReportStore implements vscode.Disposable {
  readonly #folder: vscode.Uri | undefined;
  readonly #log: Services['log'];
  readonly #reports = new Map<string, Stored>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires with the model's address when it has a new report. */
  readonly onChange = this.#changed.event;

  constructor({ context, log }: Services) {
    this.#folder = context.storageUri && vscode.Uri.joinPath(context.storageUri, 'reports');
    this.#log = log;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The report of the last port of this model; undefined when there was none, or the file has changed since. */
  async get(model: vscode.Uri): Promise<ModelReport | undefined> {
    const stored = this.#reports.get(model.toString()) ?? (await this.#read(model));
    if (!stored) return undefined;
    const now = await stampOf(model);
    return now && now.size === stored.stamp.size && now.mtime === stored.stamp.mtime
      ? stored.report
      : undefined;
  }

  async set(model: vscode.Uri, report: ModelReport): Promise<void> {
    const stamp = await stampOf(model);
    if (!stamp) return;
    const stored: Stored = { stamp, report };
    this.#reports.set(model.toString(), stored);
    this.#changed.fire(model);
    const text = JSON.stringify(stored);
    if (!this.#folder || text.length > MAX_STORED) return;
    try {
      await vscode.workspace.fs.createDirectory(this.#folder);
      await vscode.workspace.fs.writeFile(this.#fileOf(this.#folder, model), Buffer.from(text));
    } catch (e) {
      this.#log(`The report was not kept: ${told(e, vscode.l10n.t).message}`);
    }
  }

  async #read(model: vscode.Uri): Promise<Stored | undefined> {
    if (!this.#folder) return undefined;
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#fileOf(this.#folder, model));
      const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored;
      if (stored.report.format !== 'glowport-report' || stored.report.version !== 1) return undefined;
      this.#reports.set(model.toString(), stored);
      return stored;
    } catch {
      return undefined; // none was kept
    }
  }

  #fileOf(folder: vscode.Uri, model: vscode.Uri): vscode.Uri {
    const name = createHash('sha256').update(model.toString()).digest('hex').slice(0, 32);
    return vscode.Uri.joinPath(folder, `${name}.json`);
  }
}

async function stampOf(file: vscode.Uri): Promise<Stamp | undefined> {
  try {
    const { size, mtime } = await vscode.workspace.fs.stat(file);
    return { size, mtime };
  } catch {
    return undefined;
  }
}
