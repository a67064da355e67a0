import type { ModelInput } from '../../data/fit.ts';
import { DEFAULT_NORMALIZE_OPTIONS } from '../../data/normalize/options.ts';
import { normalizersOf } from '../../data/normalize/normalizer.ts';
import { dataOptions, type DataOptions } from '../../data/options.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { requireSamples, samplesOf } from './samples.ts';

/**
 * Choices with the numbers that inputs are normalized with: those that shall come from the samples are measured, once, and stand in
 * the result as if somebody had given them. All are held to the model's inputs.
 * @throws UserError `usage` for numbers that do not fit, and where there are no samples to measure; as `samplesOf` does
 */
export async function settledNormalization<C extends DataOptions & { readonly samples: readonly string[] }>(
  choices: C,
  inputs: readonly ModelInput[],
  context: StepContext,
): Promise<C> {
  normalizersOf(inputs, choices);
  if (choices.normalize.from === undefined) return choices;
  const { signal } = context;
  const options = { ...dataOptions(choices), normalize: DEFAULT_NORMALIZE_OPTIONS };
  const samples = await samplesOf(choices.samples, inputs, options, context);
  requireSamples(samples, choices.samples);
  const normalize = await runnerOf(context)('measureMoments', { inputs, samples, ...options }, { signal });
  return { ...choices, normalize };
}
