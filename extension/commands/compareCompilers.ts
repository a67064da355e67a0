import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { withSteps } from './progress.ts';
import { showMarkdown } from './shownMarkdown.ts';
import { choicesFor } from './stepChoices.ts';

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
  await showMarkdown(`${path.parse(choices.model).name} – ${choices.board}`, markdown);
  return markdown;
}

/** How many images the caller of the command wants. */
function samplesOf(options: unknown): number | undefined {
  const { samples } = (options ?? {}) as { samples?: unknown };
  return typeof samples === 'number' && Number.isInteger(samples) && samples >= 1 ? samples : undefined;
}
