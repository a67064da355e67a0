import path from 'node:path';
import * as vscode from 'vscode';
import { identifier } from '../project/names.ts';
import type { TestInput } from '../workflow/data/testInput.ts';
import type { Services } from '../views/services.ts';
import { confirmOverwrite } from './choices.ts';
import { withSteps } from './progress.ts';
import { choicesFor, compileFor } from './stepChoices.ts';

/** "Convert Test Data": writes a sample as the C initialiser lists of the network's inputs, and opens the first. */
export async function convertTestImage(services: Services, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Convert Test Data');
  const data = given instanceof vscode.Uri ? given.fsPath : undefined;
  const needed = ['model', 'samples', 'board'] as const;
  const choices = await choicesFor(services, undefined, title, data ? needed : [...needed, 'testInput']);
  if (!choices) return;
  const file = await withSteps(title, services, async (context) => {
    const { convertInput } = await import('../workflow/steps/convertInput.ts');
    const { filesOf, testInput } = await import('../workflow/data/testInput.ts');
    const { writeOutputs } = await import('../common/output/writeOutputs.ts');
    const { bundle, normalize } = await compileFor(choices, services, context);
    const input = await testInput(data ?? choices.input, []);
    const converted = await convertInput(input, bundle, { ...choices, normalize }, context);
    const files = new Map(
      converted.map(({ placeholder: { cName }, inc }) => {
        const which = converted.length === 1 ? '' : `_${identifier(cName)}`;
        return [`${nameOf(input)}${which}.inc`, inc];
      }),
    );
    const folder = path.dirname(choices.out);
    await writeOutputs(folder, files, {
      inputs: [choices.model, ...filesOf(input)],
      confirmOverwrite,
      signal: context.signal,
    });
    return path.join(folder, [...files.keys()][0]!);
  });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

/** What the files are called, without their ending: after the data, and their row. */
function nameOf(input: TestInput): string {
  if (input === 'madeUp') return 'made_up';
  const { name } = path.parse(input.path);
  return input.row === undefined ? name : `${name}_${input.row}`;
}
