import type { LeftOut } from '../../data/leftOut.ts';
import type { NormalizeOptions } from '../../data/normalize/options.ts';
import type { Sample } from '../../data/sample.ts';
import { settledNormalization } from '../data/normalization.ts';
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
 * @returns what it made, and what it was measured with
 * @throws UserError as `profile`, `compileChosen` and `compileUnread` do
 */
export async function compileModel(
  model: LoadedModel | UnreadModel,
  choices: CompileChoices & { readonly samples: readonly string[] },
  context: StepContext = {},
): Promise<{
  readonly compiled: BuiltinModel | GlowModel;
  readonly samples: readonly Sample[];
  readonly leftOut: readonly LeftOut[];
  /** As its inputs were normalized. */
  readonly normalize: NormalizeOptions;
}> {
  const { normalize } = choices;
  if (isUnread(model)) return { ...(await compileUnread(model, choices, context)), leftOut: [], normalize };
  const { graph, file } = model;
  const settled = await settledNormalization(choices, graph.inputs, context);
  const { ranges, samples, leftOut } = await profile(graph, settled.samples, settled, context);
  const compiled = await compileChosen({ file, graph, ranges, samples }, settled, context);
  return { compiled, samples, leftOut, normalize: settled.normalize };
}
