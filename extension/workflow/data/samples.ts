import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { WorkContext } from '../../common/work.ts';
import { findSamples } from '../../data/findSamples.ts';
import type { ModelInput } from '../../data/fit.ts';
import type { Leavings, LeftOut } from '../../data/leftOut.ts';
import { dataOptions, type DataOptions } from '../../data/options.ts';
import type { Inputs } from '../../data/reader.ts';
import { type Sample, type SampleData, sampleName } from '../../data/sample.ts';
import { runnerOf, type TaskRunner } from '../tasks/tasks.ts';

/**
 * Finds the samples in files and folders, one for each row of a file of numbers.
 * @param leavings is told what of the folders is no sample
 * @throws UserError `input` when a path does not exist, or a file of numbers cannot be read or has another shape, `usage` for numbers to
 *   normalize with that do not fit
 */
export async function samplesOf(
  paths: readonly string[],
  inputs: readonly ModelInput[],
  options: DataOptions,
  context: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
  leavings?: Leavings,
): Promise<readonly Sample[]> {
  const names = inputs.map((i) => i.name);
  const { signal } = context;
  const files = await findSamples(paths, { inputs: names, signal, ...(leavings ? { leavings } : {}) });
  const order = { files, inputs, ...dataOptions(options) };
  return runnerOf(context)('samplesIn', order, context);
}

/**
 * Says that there are samples.
 * @param paths where they were looked for @param leftOut what was found there instead
 * @throws UserError `usage` when there is none
 */
export function requireSamples(
  samples: readonly Sample[],
  paths: readonly string[],
  leftOut: readonly LeftOut[] = [],
): readonly Sample[] {
  if (samples.length > 0) return samples;
  throw new UserError('usage', noSamples(paths, leftOut), { do: 'giveSamples' });
}

function noSamples(paths: readonly string[], leftOut: readonly LeftOut[]): Sentence {
  if (paths.length === 0) {
    return say`No samples were given, so the ranges of the activations cannot be measured.`;
  }
  const unknown = leftOut.find(({ why }) => why === 'unknown');
  return unknown
    ? say`There are no samples in ${paths}, only files of other kinds (${unknown.names}).`
    : say`There are no samples in ${paths}, so the ranges of the activations cannot be measured.`;
}

/**
 * Says that recordings have the sample rate of those that the network is measured with, where nobody said which one is wanted.
 * @throws UserError `input`
 */
export function requireSameRate(test: readonly Sample[], samples: readonly Sample[]): void {
  const measured = samples.find((s) => s.sampleRate !== undefined);
  const other = test.find((s) => s.sampleRate !== undefined && s.sampleRate !== measured?.sampleRate);
  if (!measured || !other) return;
  throw new UserError(
    'input',
    say`${sampleName(other)} has ${other.sampleRate!} samples a second, and ${sampleName(measured)} ${measured.sampleRate!}.`,
    { do: 'resampleSound' },
  );
}

/** Reads a sample as a model's inputs. @throws UserError as `SampleReader.read` does */
export async function loadSample(
  inputs: readonly ModelInput[],
  sample: SampleData,
  options: DataOptions,
  context: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<Inputs> {
  return runnerOf(context)('loadSample', { inputs, sample, ...dataOptions(options) }, context);
}
