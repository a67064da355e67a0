import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../views/services.ts';
import { toolPaths } from '../views/settings/toolPaths.ts';
import { confirmOverwrite } from './choices.ts';
import { withSteps } from './progress.ts';
import { choicesFor } from './stepChoices.ts';

/**
 * "Profile Model": runs the float model over the samples and opens the ranges as YAML, in Glow's format. Where Glow is
 * the compiler, its own profile is written beside it.
 */
export async function profileModel(services: Services, given: unknown): Promise<void> {
  const title = vscode.l10n.t('Profile Model');
  const known = await choicesFor(services, given, title, ['model', 'samples']);
  if (!known) return;
  const file = await withSteps(title, services, async (context) => {
    const { inspect } = await import('../workflow/steps/inspect.ts');
    const { networkOf } = await import('../workflow/steps/glow/network.ts');
    const { profile } = await import('../workflow/steps/profile.ts');
    const { writeProfile } = await import('../quantize/profileYaml.ts');
    const { saveProfile } = await import('../workflow/steps/saveProfile.ts');
    const { settledNormalization } = await import('../workflow/data/normalization.ts');
    const { graph, file: model } = await inspect(known, context);
    const choices = await settledNormalization(known, graph.inputs, context);
    const { ranges, samples } = await profile(graph, choices.samples, choices, context);
    const glow =
      known.compiler === 'glow' ? await import('../workflow/steps/glow/profileByGlow.ts') : undefined;
    const byGlow = await glow?.profileByGlow(
      {
        model,
        network: networkOf(graph),
        samples,
        image: choices.image,
        normalize: choices.normalize,
        tools: toolPaths(services),
      },
      context,
    );
    const yaml = path.join(path.dirname(known.out), `${graph.name}.profile.yml`);
    const inputs = [model, ...samples.map((s) => s.path)];
    const rules = { inputs, confirmOverwrite, signal: context.signal };
    await saveProfile(yaml, writeProfile(graph, ranges), byGlow?.text, rules);
    return yaml;
  });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}
