import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { sampleAt } from '../../data/given.ts';
import type { Sample } from '../../data/sample.ts';

/** What a firmware's test data are: a sample, or numbers that are made up. */
export type TestInput = Pick<Sample, 'path' | 'row'> | 'madeUp';

/**
 * What a firmware holds as test data: the sample given, else the first one; for a network that needs no samples, numbers that are made up.
 * @throws UserError `usage` when there is nothing and nothing may be made up
 */
export async function testInput(
  given: string | undefined,
  samples: readonly Sample[] = [],
  mayBeMadeUp = false,
): Promise<TestInput> {
  if (given !== undefined) return sampleAt(given);
  const [first] = samples;
  if (first) return first;
  if (mayBeMadeUp) return 'madeUp';
  throw new UserError('usage', say`No test data were given.`, { do: 'giveTestImage' });
}

/** The file that test data come from. */
export function fileOf(input: TestInput): string | undefined {
  return input === 'madeUp' ? undefined : input.path;
}
