import { breather } from '../../common/breather.ts';
import { type ErrorData, errorData, UserError } from '../../common/error.ts';
import type { WorkContext } from '../../common/work.ts';
import type { ModelInput } from '../../data/fit.ts';
import { type DataOptions, dataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';

/** Samples, and what a model takes. */
export interface SamplesToLookAt extends DataOptions {
  readonly inputs: readonly ModelInput[];
  readonly samples: readonly Sample[];
}

/** What was found of samples before anything is computed with them. */
export interface LookedAtSamples {
  /** How many the model cannot take. */
  readonly refused: number;
  /** Why it does not take the first of them. */
  readonly why: ErrorData | undefined;
}

/**
 * Whether a model takes samples: whether their kind and size are those of its inputs, of all as far as headers tell, and of the first
 * one that it takes all of it.
 * @throws UserError `usage` for normalization that does not fit, `cancelled`
 */
export async function lookedAtSamples(
  { inputs, samples, ...options }: SamplesToLookAt,
  { signal, progress }: WorkContext = {},
): Promise<LookedAtSamples> {
  const reader = new SampleReader(inputs, dataOptions(options));
  const breathe = breather(signal);
  let refused = 0;
  let why: ErrorData | undefined;
  let isOneRead = false;
  for (const [i, sample] of samples.entries()) {
    try {
      await reader.look(sample);
      if (!isOneRead) await reader.read(sample);
      isOneRead = true;
    } catch (e) {
      if (!(e instanceof UserError) || e.code === 'cancelled') throw e;
      refused++;
      why ??= errorData(e);
    }
    progress?.(`${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
    await breathe();
  }
  return { refused, why };
}
