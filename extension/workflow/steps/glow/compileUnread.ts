import { findSamples } from '../../../data/findSamples.ts';
import type { Sample } from '../../../data/sample.ts';
import { requireSamples } from '../../data/samples.ts';
import { compileByGlow, type GlowModel } from './compileByGlow.ts';
import type { CompileChoices } from '../compileChosen.ts';
import { offerToGlow } from './offerToGlow.ts';
import type { UnreadModel } from '../readModel.ts';
import type { StepContext } from '../step.ts';

/**
 * Compiles a model that GlowPort does not read with Glow, which is given the file as it is. One that is quantized already needs
 * no sample images.
 * @throws UserError as `requireSamples` and `compileByGlow` do; where Glow takes GlowPort's place, as `offerToGlow` does
 */
export async function compileUnread(
  { file, network, refusal }: UnreadModel,
  choices: CompileChoices & { readonly samples: readonly string[] },
  context: StepContext = {},
): Promise<{ readonly compiled: GlowModel; readonly samples: readonly Sample[] }> {
  const { samples: paths, glowArguments: extraArguments, glowCache: cacheFolder, tools } = choices;
  const isNeeded = paths.length > 0 || !network.isQuantized;
  const { signal } = context;
  const samples = isNeeded ? requireSamples(await findSamples(paths, { signal }), paths) : [];
  const insteadBecause = refusal?.message;
  const request = { ...choices, model: file, network, samples, extraArguments, cacheFolder, insteadBecause };
  const byGlow = (): Promise<GlowModel> => compileByGlow(request, context);
  return { compiled: await (refusal ? offerToGlow(refusal, tools, byGlow) : byGlow()), samples };
}
