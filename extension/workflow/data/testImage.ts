import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Sample } from '../../image/samples.ts';

/**
 * The image that a firmware holds: the one given, else the first sample.
 * @returns an absolute path
 * @throws UserError `usage` when there is neither
 */
export function testImage(given: string | undefined, samples: readonly Sample[] = []): string {
  const image = given ?? samples[0]?.path;
  if (image !== undefined) return path.resolve(image);
  throw new UserError('usage', say`No test image was given.`, { do: 'giveTestImage' });
}
