import { errorOf, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { WorkContext } from '../../common/work.ts';
import type { ModelInput } from '../../data/fit.ts';
import { dataOptions, type DataOptions } from '../../data/options.ts';
import { DEFAULT_NORMALIZE_OPTIONS } from '../../data/normalize/options.ts';
import type { Sample } from '../../data/sample.ts';
import { foundSamples } from '../steps/profile.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { requireSamples } from './samples.ts';

/**
 * Looks at samples before anything is computed with them.
 * @param paths files and folders
 * @returns all that were found, which the model takes, as far as kinds and sizes tell
 * @throws UserError `usage` where there are none, and as `SampleReader.read` does, with how many samples are so
 */
export async function lookAtSamples(
  paths: readonly string[],
  inputs: readonly ModelInput[],
  options: DataOptions,
  { signal, tasks, progress }: StepContext & Pick<WorkContext, 'progress'>,
): Promise<readonly [Sample, ...Sample[]]> {
  // what they are normalized with may still have to be measured, and says nothing of kinds and sizes
  const looked = { ...dataOptions(options), normalize: DEFAULT_NORMALIZE_OPTIONS };
  const { samples, leftOut } = await foundSamples(paths, { inputs }, looked, { signal, tasks });
  requireSamples(samples, paths, leftOut);
  const run = runnerOf({ tasks });
  const { refused, why } = await run('lookAtSamples', { inputs, samples, ...looked }, { signal, progress });
  if (!why) return samples as readonly [Sample, ...Sample[]];
  const { code, sentence, remedies, detail } = errorOf(why);
  if (samples.length === 1) throw errorOf(why);
  throw new UserError(
    code,
    say`Of ${samples.length} samples ${refused} cannot be used: ${sentence}`,
    remedies,
    detail,
  );
}
