import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { withSteps } from './progress.ts';
import { choicesFor } from './stepChoices.ts';

const SCHEME = 'glowport-comparison';
/** Documents by path; VS Code asks for their text when it shows them. */
const DOCUMENTS = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Lets VS Code show comparisons as read-only documents. */
export function registerComparisons(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => DOCUMENTS.get(uri.path) ?? '',
    }),
  );
}

/**
 * "Compare Built-in Compiler and Glow": runs both compilers' firmware on the simulated board, shows both side by side.
 * @param options from another extension or a keyboard shortcut: `samples`, how many images, instead of the setting
 * @returns the comparison as Markdown; undefined when the user left
 */
export async function compareWithGlow(
  services: Services,
  given: unknown,
  options?: unknown,
): Promise<string | undefined> {
  const title = vscode.l10n.t('Compare Compilers');
  const choices = await choicesFor(services, given, title, ['model', 'samples', 'board']);
  if (!choices) return undefined;
  const markdown = await withSteps(title, services, async (context) => {
    const { compareCompilers } = await import('../workflow/compare/compareCompilers.ts');
    const { comparisonMarkdown } = await import('../workflow/compare/comparisonTable.ts');
    const tools = toolPaths(services);
    const limit = samplesOf(options) ?? services.settings.compareSamples(vscode.Uri.file(choices.model));
    const request = { choices, test: [], limit, tools };
    return comparisonMarkdown(await compareCompilers(request, context));
  });
  const name = `${path.parse(choices.model).name} – ${choices.board}.md`;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
  DOCUMENTS.set(uri.path, markdown);
  changed.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
  return markdown;
}

/** How many images the caller of the command wants. */
function samplesOf(options: unknown): number | undefined {
  const { samples } = (options ?? {}) as { samples?: unknown };
  return typeof samples === 'number' && Number.isInteger(samples) && samples >= 1 ? samples : undefined;
}
