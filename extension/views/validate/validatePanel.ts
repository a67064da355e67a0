import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { ValidateToHost, ValidateToPage } from '../../../webview/shared/messages/validate.ts';
import { dispatch } from '../../../webview/shared/messages/protocol.ts';
import {
  type Confusion,
  type ValidatedSample,
  type Validation,
  VALIDATION_FORMATS,
} from '../../../webview/shared/validation.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { showError } from '../messages.ts';
import { KeptJson } from '../keptJson.ts';
import { saveExport } from '../saveExport.ts';
import type { Services } from '../services.ts';
import { webviewHtml, webviewOptions } from '../webviewHtml.ts';
import { told } from '../words.ts';
import type { TestSamples } from './testSamples.ts';

const VIEW_TYPE = 'glowport.validation';

/** What was validated, and what was found. Plain data. */
export interface ShownValidation {
  readonly version: 1;
  readonly validation: Validation;
  /** A row a sample, as CSV. */
  readonly table: string;
  readonly choices: PortChoices;
  /** Files and folders of the test set. */
  readonly test: readonly string[];
}

/** Open panels, one for a model on a board. */
const PANELS = new Map<string, ValidatePanel>();

/** Shows what validating a model found, in the panel that the model and the board have already, or in a new one, and keeps it. */
export async function showValidation(shown: ShownValidation, services: Services): Promise<void> {
  const key = keyOf(shown);
  const known = PANELS.get(key);
  if (known) known.show(shown);
  else {
    const title = titleOf(shown);
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, title, vscode.ViewColumn.Active);
    open(key, panel, shown, services);
  }
  await keptIn(services).set(key, shown);
}

/** Shows results again after the window was reloaded. */
export function registerValidationView(context: vscode.ExtensionContext, services: Services): void {
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state) => {
        const key = (state as { key?: unknown } | undefined)?.key;
        const kept = typeof key === 'string' ? await keptIn(services).get(key) : undefined;
        // a page is not trusted: what is kept says itself where it belongs
        if (kept && keyOf(kept) === key && !PANELS.has(key)) open(key, panel, kept, services);
        else panel.dispose();
      },
    }),
  );
}

function open(key: string, panel: vscode.WebviewPanel, shown: ShownValidation, services: Services): void {
  PANELS.set(key, new ValidatePanel(key, panel, shown, services));
  panel.onDidDispose(() => PANELS.delete(key));
}

function keptIn(services: Services): KeptJson<ShownValidation> {
  return new KeptJson(services, 'validations', ({ version }) => version === 1);
}

function keyOf({ choices: { model }, validation: { board } }: ShownValidation): string {
  return createHash('sha256')
    .update(JSON.stringify([model, board.id]))
    .digest('hex')
    .slice(0, 32);
}

function titleOf({ validation: { model, board } }: ShownValidation): string {
  return vscode.l10n.t('{0} validated on {1}', model, board.name);
}

class ValidatePanel {
  readonly #key: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: Services;
  #shown: ShownValidation;
  #samples: TestSamples | undefined;

  constructor(key: string, panel: vscode.WebviewPanel, shown: ShownValidation, services: Services) {
    this.#key = key;
    this.#panel = panel;
    this.#shown = shown;
    this.#services = services;
    const { extensionUri } = services.context;
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(extensionUri, 'webview', 'media', `validate-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = webviewOptions(extensionUri);
    panel.webview.onDidReceiveMessage((message) => this.#receive(message));
    panel.webview.html = webviewHtml(panel.webview, extensionUri, {
      view: 'validate',
      title: titleOf(shown),
    });
  }

  show(shown: ShownValidation): void {
    this.#shown = shown;
    this.#samples = undefined;
    this.#panel.reveal();
    this.#send();
  }

  #receive(message: unknown): void {
    dispatch<ValidateToHost>(
      {
        ready: () => this.#send(),
        sample: ({ number }) => void this.#sendSample(number),
        export: ({ format }) => void this.#export(format),
        again: () => this.#again(),
      },
      message,
    );
  }

  #send(): void {
    this.#post({ type: 'state', key: this.#key, validation: this.#shown.validation });
  }

  /** A page is not trusted: only a sample that is listed is read. */
  async #sendSample(number: unknown): Promise<void> {
    const sample = listed(this.#shown.validation).find((s) => s.number === number);
    if (!sample) return;
    const { choices, test } = this.#shown;
    try {
      const { TestSamples } = await import('./testSamples.ts');
      const samples = (this.#samples ??= new TestSamples(choices, test));
      const inputs = await samples.inputsOf(sample.number, sample.name);
      this.#post({ type: 'sample', number: sample.number, inputs });
    } catch (e) {
      const { message, hint } = told(e, vscode.l10n.t);
      this.#services.log(`${sample.name}: ${message} ${hint}`);
      this.#post({ type: 'noSample', number: sample.number, why: `${message} ${hint}`.trimEnd() });
    }
  }

  async #export(given: unknown): Promise<void> {
    const format = VALIDATION_FORMATS.find((f) => f === given);
    if (!format) return;
    const { validation, table, choices } = this.#shown;
    const kind = format === 'json' ? vscode.l10n.t('JSON') : vscode.l10n.t('CSV');
    const name = `${validation.network}-${validation.board.id}-validation.${format}`;
    const text = format === 'json' ? `${JSON.stringify(validation, undefined, 2)}\n` : table;
    try {
      const title = vscode.l10n.t('Export Validation');
      await saveExport({ title, label: kind, name, text }, vscode.Uri.file(choices.model));
    } catch (e) {
      const { message, hint } = told(e, vscode.l10n.t);
      this.#services.output.error(`${message} ${hint}`);
      void showError(message);
    }
  }

  #again(): void {
    const { choices, test, validation } = this.#shown;
    const { board, on } = validation;
    const options = { test, board: board.id, on };
    void vscode.commands.executeCommand('glowport.validate', vscode.Uri.file(choices.model), options);
  }

  #post(message: ValidateToPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

/** Samples that the page can show. */
function listed({ mismatches, score }: Validation): ValidatedSample[] {
  const wrong = (confusion: Confusion | undefined): readonly ValidatedSample[] => confusion?.wrong ?? [];
  const ofScore =
    score.task === 'classify'
      ? wrong(score.confusion)
      : score.task === 'anomaly'
        ? [...wrong(score.threshold?.confusion), ...wrong(score.roc?.best.confusion)]
        : [];
  return [...mismatches.listed, ...ofScore];
}
