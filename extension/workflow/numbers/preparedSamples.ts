import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import { type DataOptions, dataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import {
  type NumberedSample,
  preparedSample,
  type PreparedSample,
  type ValidatedNetwork,
} from './validatedNetwork.ts';

export interface SamplesToPrepare extends DataOptions {
  readonly network: ValidatedNetwork;
  readonly samples: readonly NumberedSample[];
}

/**
 * Samples as they go to a board, with what the PC computes of each.
 * @throws UserError as `SampleReader.read` does, `cancelled`
 */
export async function preparedSamples(
  { network, samples, ...options }: SamplesToPrepare,
  { signal, progress }: WorkContext = {},
): Promise<PreparedSample[]> {
  const reader = new SampleReader(modelInputs(network), dataOptions(options));
  const breathe = breather(signal);
  const prepared: PreparedSample[] = [];
  for (const one of samples) {
    prepared.push(preparedSample(network, one, await reader.read(one.sample)));
    progress?.(`${prepared.length} of ${samples.length} samples`, prepared.length / samples.length);
    await breathe();
  }
  return prepared;
}

/** What samples are read as. */
export function modelInputs({ placeholders }: Pick<ValidatedNetwork, 'placeholders'>) {
  return placeholders.filter((p) => p.direction === 'input');
}
