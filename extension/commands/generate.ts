import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../board/catalogue.ts';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { confirmOverwrite } from './choices.ts';
import { withSteps } from './progress.ts';
import { choicesFor, compileFor } from './stepChoices.ts';

/** "Generate Project": everything up to the sources on disk, and opens main.c. */
export async function generateProject(services: Services, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Generate Project');
  const choices = await choicesFor(services, given, title, ['model', 'samples', 'board', 'testInput']);
  if (!choices) return;
  const { input, out, weights } = choices;
  const tools = toolPaths(services);
  const main = await withSteps(title, services, async (context) => {
    const { convertInput } = await import('../workflow/steps/convertInput.ts');
    const { filesOf, testInput } = await import('../workflow/data/testInput.ts');
    const { dataOptions } = await import('../data/options.ts');
    const { answerOf } = await import('../workflow/data/task.ts');
    const { withThreshold } = await import('../workflow/steps/withThreshold.ts');
    const { generate } = await import('../workflow/steps/generate.ts');
    const { drawingOf } = await import('../workflow/steps/compileChosen.ts');
    const { chosenSdk } = await import('../workflow/sdk.ts');
    const board = findBoard(choices.board);
    const sdk = await chosenSdk(choices.sdk, board, { set: tools.sdk, signal: context.signal });
    const compiled = await compileFor(choices, services, context);
    const { bundle, graph, quantized, samples } = compiled;
    const data = { ...choices, normalize: compiled.normalize };
    const drawing = drawingOf(compiled, graph);
    const sample = await testInput(input, []);
    const testData = await convertInput(sample, bundle, data, context);
    const chosen = answerOf(graph, bundle.placeholders, choices);
    const given = graph && { graph, quantized, samples, ...dataOptions(data) };
    const answer = given ? await withThreshold(chosen, given, context) : chosen;
    const modelName = path.basename(choices.model);
    const project = await generate(
      {
        ...{ board, bundle, answer, drawing, testData, weights, sdk, console: choices.console },
        ...{ out, modelName, confirmOverwrite, inputs: [choices.model, ...filesOf(sample)] },
      },
      context,
    );
    return path.join(out, project.files.find((f) => path.posix.basename(f) === 'main.c') ?? 'CMakeLists.txt');
  });
  await vscode.window.showTextDocument(vscode.Uri.file(main));
}
