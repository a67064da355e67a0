import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { withSteps } from './progress.ts';
import { choicesFor } from './stepChoices.ts';

const SCHEME = 'glowport-comparison';
/** Documents by path; VS Code asks for their text when it shows them. */
const documents = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Lets VS Code show comparisons as read-only documents. */
export function registerComparisons(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => documents.get(uri.path) ?? '',
    }),
  );
}

/** "Compare Compilers": runs the built-in compiler's and Glow's firmware on the simulated board, shows both side by side. */
export async function compareWithGlow(services: Services, given: unknown): Promise<string | undefined> {
  const title = vscode.l10n.t('Compare Compilers');
  const choices = await choicesFor(services, given, title, ['model', 'samples', 'board']);
  if (!choices) return undefined;
  const markdown = await withSteps(title, services, async (context) => {
    const { compareCompilers, DEFAULT_COMPARED } = await import('../workflow/compareCompilers.ts');
    const { comparisonMarkdown } = await import('../workflow/comparisonTable.ts');
    const tools = toolPaths(services);
    const request = { choices, test: [], limit: DEFAULT_COMPARED, tools };
    return comparisonMarkdown(await compareCompilers(request, context));
  });
  const name = `${path.parse(choices.model).name} – ${choices.board}.md`;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
  documents.set(uri.path, markdown);
  changed.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
  return markdown;
}
