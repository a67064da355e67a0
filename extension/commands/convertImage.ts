import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { confirmOverwrite } from './choices.ts';
import { withSteps } from './progress.ts';
import { choicesFor, compileFor } from './stepChoices.ts';

/** "Convert Image": writes an image as the C initialiser list of the network's input and opens it. */
export async function convertTestImage(services: Services, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Convert Image');
  const image = given instanceof vscode.Uri ? given.fsPath : undefined;
  const needed = ['model', 'samples', 'board'] as const;
  const choices = await choicesFor(services, undefined, title, image ? needed : [...needed, 'testInput']);
  const input = image ?? choices?.input;
  if (!choices || input === undefined) return;
  const file = await withSteps(title, services, async (context) => {
    const { convertInput } = await import('../workflow/steps/convertInput.ts');
    const { inputPlaceholder } = await import('../workflow/data/givenInput.ts');
    const { writeOutput } = await import('../common/output/writeOutputs.ts');
    const { bundle } = await compileFor(choices, services, context);
    const [converted] = await convertInput(
      { path: input },
      { placeholders: [inputPlaceholder(bundle)] },
      choices.image,
      context,
    );
    const inc = path.join(path.dirname(choices.out), `${path.parse(input).name}.inc`);
    await writeOutput(inc, converted!.inc, { inputs: [input], confirmOverwrite, signal: context.signal });
    return inc;
  });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}
