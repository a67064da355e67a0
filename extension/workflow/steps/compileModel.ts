import type { Sample } from '../../data/sample.ts';
import type { BuiltinModel } from './compile.ts';
import { type CompileChoices, compileChosen } from './compileChosen.ts';
import type { GlowModel } from './glow/compileByGlow.ts';
import { compileUnread } from './glow/compileUnread.ts';
import type { LoadedModel } from './inspect.ts';
import { profile } from './profile.ts';
import { isUnread, type UnreadModel } from './readModel.ts';
import type { StepContext } from './step.ts';

/**
 * Measures and compiles a model, as the compiler that was chosen does it; one that GlowPort does not read with Glow.
 * @returns what it made, and the samples it was measured with
 * @throws UserError as `profile`, `compileChosen` and `compileUnread` do
 */
export async function compileModel(
  model: LoadedModel | UnreadModel,
  choices: CompileChoices & { readonly samples: readonly string[] },
  context: StepContext = {},
): Promise<{ readonly compiled: BuiltinModel | GlowModel; readonly samples: readonly Sample[] }> {
  if (isUnread(model)) return compileUnread(model, choices, context);
  const { graph, file } = model;
  const { ranges, samples } = await profile(graph, choices.samples, choices, context);
  return { compiled: await compileChosen({ file, graph, ranges, samples }, choices, context), samples };
}
