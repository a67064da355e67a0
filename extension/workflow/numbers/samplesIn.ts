import { breather } from '../../common/breather.ts';
import { pushAll } from '../../common/lists.ts';
import type { WorkContext } from '../../common/work.ts';
import type { ModelInput } from '../../data/fit.ts';
import { MAX_SAMPLES, tooMany } from '../../data/limits.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';

export interface SampleFiles extends DataOptions {
  readonly files: readonly Sample[];
  readonly inputs: readonly ModelInput[];
}

/**
 * The samples in files: a picture is one, a file of numbers one for each of its rows.
 * @throws UserError `input` when a file of numbers cannot be read or has another shape, `usage` for too many samples, `cancelled`
 */
export async function samplesIn(
  { files, inputs, ...options }: SampleFiles,
  { signal }: WorkContext = {},
): Promise<readonly Sample[]> {
  const reader = new SampleReader(inputs, options);
  const breathe = breather(signal);
  const samples: Sample[] = [];
  for (const file of files) {
    pushAll(samples, await reader.samplesIn(file));
    if (samples.length > MAX_SAMPLES) throw tooMany(MAX_SAMPLES);
    await breathe();
  }
  return samples;
}
