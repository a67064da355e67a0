import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { WorkContext } from '../../common/work.ts';
import { findSamples } from '../../data/findSamples.ts';
import type { ModelInput } from '../../data/fit.ts';
import type { DataOptions } from '../../data/options.ts';
import type { Inputs } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';
import { runnerOf, type TaskRunner } from '../tasks/tasks.ts';

/**
 * Finds the samples in files and folders, one for each row of a file of numbers.
 * @throws UserError `input` when a path does not exist, or a file of numbers cannot be read or has another shape
 */
export async function samplesOf(
  paths: readonly string[],
  inputs: readonly ModelInput[],
  { image, sound }: DataOptions,
  context: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<readonly Sample[]> {
  const files = await findSamples(paths, { signal: context.signal });
  return runnerOf(context)('samplesIn', { files, inputs, image, sound }, context);
}

/** Says that there are samples. @param paths where they were looked for @throws UserError `usage` when there is none */
export function requireSamples(samples: readonly Sample[], paths: readonly string[]): readonly Sample[] {
  if (samples.length > 0) return samples;
  throw new UserError(
    'usage',
    paths.length > 0
      ? say`There are no samples in ${paths}, so the ranges of the activations cannot be measured.`
      : say`No samples were given, so the ranges of the activations cannot be measured.`,
    { do: 'giveSamples' },
  );
}

/** Reads a sample as a model's inputs. @throws UserError as `SampleReader.read` does */
export async function loadSample(
  inputs: readonly ModelInput[],
  sample: Pick<Sample, 'path' | 'row'>,
  { image, sound }: DataOptions,
  context: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<Inputs> {
  return runnerOf(context)('loadSample', { inputs, sample, image, sound }, context);
}
