import * as vscode from 'vscode';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { KeptJson } from '../keptJson.ts';
import type { Services } from '../services.ts';

/** What tells that a model file is still the one that was ported. */
interface Stamp {
  readonly size: number;
  readonly mtime: number;
}

interface Stored {
  readonly stamp: Stamp;
  readonly report: ModelReport;
}

/** The report of each model's last port, kept in the workspace's storage until the model file changes. */
export class ReportStore implements vscode.Disposable {
  readonly #reports: KeptJson<Stored>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires with the model's address when it has a new report. */
  readonly onChange = this.#changed.event;

  constructor(services: Services) {
    this.#reports = new KeptJson(
      services,
      'reports',
      ({ report }) => report.format === 'glowport-report' && report.version === 1,
    );
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The report of the last port of this model; undefined when there was none, or the file has changed since. */
  async get(model: vscode.Uri): Promise<ModelReport | undefined> {
    const stored = await this.#reports.get(model.toString());
    if (!stored) return undefined;
    const now = await stampOf(model);
    return now && now.size === stored.stamp.size && now.mtime === stored.stamp.mtime
      ? stored.report
      : undefined;
  }

  async set(model: vscode.Uri, report: ModelReport): Promise<void> {
    const stamp = await stampOf(model);
    if (!stamp) return;
    const kept = this.#reports.set(model.toString(), { stamp, report });
    this.#changed.fire(model);
    await kept;
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
