import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { sampleAt } from '../../data/given.ts';
import { type Sample, type SampleData, sampleFiles } from '../../data/sample.ts';

/** What a firmware's test data are: a sample, or numbers that are made up. */
export type TestInput = SampleData | 'madeUp';

/**
 * What a firmware holds as test data: the sample given, else the first of the samples; numbers are made up where there is none,
 * as of a network that needs no samples. A recording has to have the sample rate of the samples.
 * @param samples those that the network was measured with; undefined where nobody knows it, so that nothing is made up
 * @throws UserError `usage` when there is nothing
 */
export async function testInput(
  given: string | undefined,
  samples: readonly Sample[] | undefined,
): Promise<TestInput> {
  if (given !== undefined) {
    const sampleRate = samples?.find((s) => s.sampleRate !== undefined)?.sampleRate;
    const sample = await sampleAt(given);
    return sampleRate === undefined ? sample : { ...sample, sampleRate };
  }
  if (samples) return samples[0] ?? 'madeUp';
  throw new UserError('usage', say`No test data were given.`, { do: 'giveTestData' });
}

/** The files that test data come from: one, one for each input, or none. */
export function filesOf(input: TestInput): readonly string[] {
  return input === 'madeUp' ? [] : sampleFiles(input);
}
