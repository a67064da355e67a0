import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import type { ModelInput } from '../../data/fit.ts';
import { MomentMeter } from '../../data/normalize/moments.ts';
import type { NormalizeOptions } from '../../data/normalize/options.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';

export interface SamplesToMeasure extends DataOptions {
  readonly inputs: readonly ModelInput[];
  readonly samples: readonly Sample[];
}

/**
 * Measures what a model's inputs are normalized with: mean and standard deviation over all samples.
 * @throws UserError as `SampleReader.read` does, `cancelled`
 */
export async function measureMoments(
  { inputs, samples, ...options }: SamplesToMeasure,
  { signal, progress }: WorkContext = {},
): Promise<NormalizeOptions> {
  const reader = new SampleReader(inputs, options);
  const meter = new MomentMeter(inputs, options);
  const breathe = breather(signal);
  for (const [i, sample] of samples.entries()) {
    meter.add(await reader.read(sample));
    progress?.(`${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
    await breathe();
  }
  return meter.result();
}
