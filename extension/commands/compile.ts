import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { confirmOverwrite, resultFolder } from './choices.ts';
import { withSteps } from './progress.ts';
import { choicesFor, compileFor } from './stepChoices.ts';

/** "Compile Bundle": quantizes and compiles the model, writes the bundle and opens its header. */
export async function compileModel(services: Services, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Compile Bundle');
  const choices = await choicesFor(services, given, title, ['model', 'samples', 'board']);
  if (!choices) return;
  const header = await withSteps(title, services, async (context) => {
    const { saveCompiled } = await import('../workflow/steps/compileChosen.ts');
    const compiled = await compileFor(choices, services, context);
    // not a project's bundle/, which holds what belongs to the project's firmware
    const folder = `${resultFolder(choices, services)}-bundle`;
    const rules = { inputs: [choices.model], confirmOverwrite, signal: context.signal };
    await saveCompiled(folder, compiled, compiled.graph, rules);
    return path.join(folder, `${compiled.bundle.name}.h`);
  });
  await vscode.window.showTextDocument(vscode.Uri.file(header));
}
